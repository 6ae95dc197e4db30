//! Comparisons as readable query strings: only what differs from the defaults.
//!
//! The first system's keys are bare, further ones stand behind a prefix; the rest is shared:
//! `kind=gunicorn&workers=8&b.kind=event_loop&requests=500`.

use super::comparison::{Comparison, MOST_SYSTEMS};
use super::draft::{Draft, Entry, Siblings};
use super::field::Field;
use super::fields::{FIELDS, KIND, field};
use super::node::{Node, echo_name};
use super::percent;
use super::problem::{Problem, Problems};
use super::types::Scenario;

/// The longest query that is read, in bytes.
const LONGEST: usize = 8192;
/// What stands before the keys of each system.
const PREFIXES: [&str; MOST_SYSTEMS] = ["", "b.", "c.", "d."];
/// Keys that other sites add to links.
const FOREIGN: [&str; 4] = ["utm_", "fbclid", "gclid", "msclkid"];

impl Comparison {
    /// The comparison as a query without its `?`; one system gives exactly a scenario's query.
    pub fn to_query(&self) -> String {
        let mut query = String::new();
        for (scenario, prefix) in self.scenarios().zip(PREFIXES) {
            write(&mut query, prefix, &scenario, of_system);
        }
        if let Some(scenario) = self.scenarios().next() {
            write(&mut query, "", &scenario, |field| !of_system(field));
        }
        query
    }

    /// Reads a query, with or without its `?`; `None` where it says nothing about a scenario.
    ///
    /// # Errors
    ///
    /// Every key that is not understood and every value that is not allowed.
    pub fn from_query(query: &str) -> Result<Option<Self>, Problems> {
        if query.len() > LONGEST {
            let message = format!(
                "a link of {} bytes is too long, expected at most {LONGEST}",
                query.len()
            );
            return Err(Problem::new("", message).into());
        }
        let mut draft = Draft::default();
        let query = query.split('#').next().unwrap_or_default();
        let query = query.strip_prefix('?').unwrap_or(query);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !FOREIGN.iter().any(|foreign| key.starts_with(foreign)) {
                draft.pair(key, value);
            }
        }
        if draft.kind_names.is_empty() {
            return draft.problems.or(None);
        }
        draft.finish().map(Some)
    }
}

impl Scenario {
    /// The scenario as a query without its `?`.
    pub fn to_query(&self) -> String {
        Comparison::from(self.clone()).to_query()
    }
}

impl Draft {
    fn pair(&mut self, key: &str, value: &str) {
        // Whatever it says, the link means a scenario, and its first system has a kind.
        self.name_kinds(0);
        let Some(key) = percent::decode(key) else {
            let problem = || Problem::new(echo_name(key), "not percent-encoded UTF-8");
            return self.problems.add(problem);
        };
        let name = echo_name(&key);
        let Some(text) = percent::decode(value) else {
            let value = Node::Text(value.to_owned()).echo();
            let message = format!("{value} is not percent-encoded UTF-8");
            return self.problems.add(|| Problem::new(name, message));
        };
        let prefix = PREFIXES.iter().skip(1).position(|p| key.starts_with(p));
        let index = prefix.map_or(0, |position| position + 1);
        let bare = key.get(PREFIXES[index].len()..).unwrap_or_default();
        let field = field(bare).filter(|field| index == 0 || of_system(field));
        if field.is_some() && self.entries.iter().any(|entry| entry.name == name) {
            return self.problems.add(|| Problem::new(name, "given twice"));
        }
        self.name_kinds(index);
        self.entries.push(Entry {
            name,
            field,
            system: (index > 0 || field.is_none_or(of_system)).then_some(index),
            siblings: if index > 0 {
                Siblings::SystemKeys
            } else {
                Siblings::Keys
            },
            node: field.map_or(Node::Null, |field| field.node(&text)),
        });
    }

    /// Makes room for the systems up to this one.
    fn name_kinds(&mut self, index: usize) {
        for prefix in &PREFIXES[self.kind_names.len().min(index + 1)..=index] {
            self.kind_names.push(format!("{prefix}{}", KIND.key));
        }
    }
}

fn of_system(field: &Field) -> bool {
    field.group() == KIND.group()
}

/// Appends the fields that `wanted` picks and that the reader cannot know.
fn write(query: &mut String, prefix: &str, scenario: &Scenario, wanted: fn(&Field) -> bool) {
    for field in FIELDS.iter().filter(|field| wanted(field)) {
        let Some(value) = field.get(scenario) else {
            continue;
        };
        if field.always_said || value != field.default {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(&format!("{prefix}{}={value}", field.key));
        }
    }
}
