//! A comparison while it is read: values as their author named them, checked all together.

use super::comparison::{Comparison, MOST_SYSTEMS};
use super::field::Field;
use super::fields::{FIELDS, KIND};
use super::node::Node;
use super::problem::{Gathered, Problem, Problems};
use super::suggest::did_you_mean;
use super::types::{Executor, Scenario, System};

/// One value as its author named it.
pub(super) struct Entry {
    /// The name as messages repeat it.
    pub(super) name: String,
    /// The field it gives; `None` = there is no such field.
    pub(super) field: Option<&'static Field>,
    /// The system it belongs to; `None` = shared by all.
    pub(super) system: Option<usize>,
    /// The names that were possible in its place.
    pub(super) siblings: Siblings,
    pub(super) node: Node,
}

/// A set of names.
#[derive(Clone, Copy)]
pub(super) enum Siblings {
    /// The members of the JSON object at this path.
    Members(&'static str),
    /// The keys of a permalink.
    Keys,
    /// The keys of a permalink behind a prefix such as `b.`.
    SystemKeys,
}

/// Everything read so far.
#[derive(Default)]
pub(super) struct Draft {
    /// For each system, the name that its kind has in the text.
    pub(super) kind_names: Vec<String>,
    pub(super) entries: Vec<Entry>,
    pub(super) problems: Gathered,
}

impl Draft {
    /// Checks every value and puts the comparison together.
    pub(super) fn finish(mut self) -> Result<Comparison, Problems> {
        // Any system serves: each system's kind replaces it.
        let any = System::Executor(Executor::default());
        let mut scenario = Scenario::new(any.clone());
        self.write(None, &mut scenario);
        let mut systems = Vec::new();
        for index in 0..self.kind_names.len().min(MOST_SYSTEMS) {
            scenario.system = any.clone();
            self.write(Some(index), &mut scenario);
            systems.push(scenario.system.clone());
        }
        self.problems.or(Comparison {
            systems,
            workload: scenario.workload,
            machine: scenario.machine,
            fidelity: scenario.fidelity,
            seed: scenario.seed,
        })
    }

    /// Writes one system's values, or the shared ones, kinds first because fields depend on them.
    fn write(&mut self, system: Option<usize>, scenario: &mut Scenario) {
        let entries = || self.entries.iter().filter(|entry| entry.system == system);
        // The group whose kind is not known, so that its fields have no place.
        let mut lost = None;
        if let Some(index) = system
            && !entries().any(|entry| entry.is_kind())
        {
            lost = Some(KIND.group());
            let message = format!("missing, expected one of {}", KIND.allowed());
            self.problems
                .add(|| Problem::new(&self.kind_names[index], message));
        }
        for entry in entries().filter(|entry| entry.is_kind()) {
            if let Err(message) = entry.write(None, scenario) {
                self.problems.add(|| Problem::new(&entry.name, message));
                lost = entry.field.map(Field::group);
            }
        }
        for entry in entries().filter(|entry| !entry.is_kind()) {
            if entry.field.is_none() {
                let problem = || Problem::new(&entry.name, entry.unknown(lost, scenario));
                self.problems.add(problem);
            } else if let Err(message) = entry.write(lost, scenario) {
                self.problems.add(|| Problem::new(&entry.name, message));
            }
        }
    }
}

impl Entry {
    fn is_kind(&self) -> bool {
        self.field.is_some_and(Field::is_kind)
    }

    /// Writes a known field's value into `scenario`, or only checks it where its group is `lost`.
    fn write(&self, lost: Option<&str>, scenario: &mut Scenario) -> Result<(), String> {
        let Some(field) = self.field else {
            return Ok(());
        };
        let value = field.read(&self.node)?;
        if lost == Some(field.group()) {
            return Ok(());
        }
        field.write(scenario, value)
    }

    /// Says that there is no such field, and what there is.
    fn unknown(&self, lost: Option<&str>, scenario: &Scenario) -> String {
        let mut allowed: Vec<&str> = match self.siblings {
            Siblings::Members("") => vec!["version"],
            _ => Vec::new(),
        };
        for field in FIELDS {
            let name = match self.siblings {
                Siblings::Members(group) => field.member_of(group),
                Siblings::SystemKeys => (field.group() == KIND.group()).then_some(field.key),
                Siblings::Keys => Some(field.key),
            };
            if let Some(name) = name
                && (field.applies(scenario) || lost == Some(field.group()))
                && !allowed.contains(&name)
            {
                allowed.push(name);
            }
        }
        let written = self.name.rsplit('.').next().unwrap_or_default();
        let elsewhere = FIELDS.iter().find(|field| field.key == written);
        let hint = match (self.siblings, elsewhere) {
            (Siblings::Members(_), Some(field)) => format!(" (did you mean {}?)", field.path),
            (Siblings::SystemKeys, Some(_)) => {
                " (systems share it: leave out the prefix)".to_owned()
            }
            _ => did_you_mean(written, allowed.iter().copied()),
        };
        format!(
            "unknown field, expected one of {}{hint}",
            allowed.join(", ")
        )
    }
}
