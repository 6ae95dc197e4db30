//! What is wrong with a scenario, said so that its author can mend it.

use std::fmt;

/// Problems listed one by one; the rest are counted.
const LISTED: usize = 20;

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field's path, such as `workload.requests`; empty when the whole text is at fault.
    pub field: String,
    /// What is wrong and what is allowed, lower case, without a full stop.
    pub message: String,
}

/// Everything wrong with a scenario, reported together. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problem {
    /// A problem with the field at this path, `""` = with the whole text.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// Gathers problems without growing with hostile input.
#[derive(Default)]
pub(super) struct Gathered {
    listed: Vec<Problem>,
    unlisted: usize,
}

impl Gathered {
    /// Adds a problem; its message is only made when it will be listed.
    pub(super) fn add(&mut self, problem: impl FnOnce() -> Problem) {
        if self.listed.len() < LISTED {
            self.listed.push(problem());
        } else {
            self.unlisted += 1;
        }
    }

    /// `value`, unless something was wrong.
    pub(super) fn or<T>(mut self, value: T) -> Result<T, Problems> {
        if self.unlisted > 0 {
            let more = format!("and {} more problems", self.unlisted);
            self.listed.push(Problem::new("", more));
        }
        if self.listed.is_empty() {
            Ok(value)
        } else {
            Err(Problems(self.listed))
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.field, self.message)
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
