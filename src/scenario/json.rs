//! Scenarios and comparisons from and to JSON.

use super::comparison::{Comparison, MOST_SYSTEMS};
use super::draft::{Draft, Entry, Siblings};
use super::fields::field_at;
use super::node::{Node, echo_name};
use super::problem::{Problem, Problems};
use super::types::Scenario;

/// The objects inside a scenario.
const GROUPS: [&str; 4] = ["system", "workload", "workload.arrivals", "machine"];

impl Scenario {
    /// Reads a scenario, reporting everything wrong with it at once.
    ///
    /// # Errors
    ///
    /// Everything wrong with it, field by field.
    pub fn from_json(json: &str) -> Result<Self, Problems> {
        let mut draft = Draft {
            kind_names: vec!["system.kind".to_owned()],
            ..Draft::default()
        };
        draft.object("", String::new(), None, Node::parse(json)?);
        Ok(draft.finish()?.first())
    }

    /// The scenario as JSON with every field, which [`Scenario::from_json`] reads back; numbers of
    /// more than 15 digits may lose the last one.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data with string keys serialises")
    }
}

impl Comparison {
    /// Reads the members of a JSON object: a scenario's, with a list of `systems` for its `system`.
    pub(super) fn from_members(mut members: Vec<(String, Node)>) -> Result<Self, Problems> {
        let mut draft = Draft::default();
        let systems = members.iter().position(|(name, _)| name == "systems");
        let systems = systems.map(|index| members.remove(index).1);
        match systems {
            Some(Node::List(systems)) if (1..=MOST_SYSTEMS).contains(&systems.len()) => {
                for (index, system) in systems.into_iter().enumerate() {
                    let name = format!("systems[{index}]");
                    draft.kind_names.push(format!("{name}.kind"));
                    draft.object("system", name, Some(index), system);
                }
            }
            _ => draft.problems.add(|| {
                let message = format!("expected a list of 1 to {MOST_SYSTEMS} systems");
                Problem::new("systems", message)
            }),
        }
        if let Some(index) = members.iter().position(|(name, _)| name == "system") {
            members.remove(index);
            let message = "expected several systems in a list named systems";
            draft.problems.add(|| Problem::new("system", message));
        }
        draft.object("", String::new(), None, Node::Object(members));
        draft.finish()
    }
}

impl Draft {
    /// Takes in the object at `path` of a scenario, which messages call `shown`.
    fn object(&mut self, path: &'static str, shown: String, system: Option<usize>, node: Node) {
        let Node::Object(members) = node else {
            let message = format!("expected an object, found {}", node.echo());
            return self.problems.add(|| Problem::new(shown, message));
        };
        let mut seen: Vec<&str> = Vec::new();
        for (key, node) in members {
            let name = join(&shown, &echo_name(&key));
            let full = join(path, &key);
            // A name with a dot in it is not a path: nested fields stand in their objects.
            let plain = !key.contains('.');
            let field = field_at(&full).filter(|_| plain);
            let group = GROUPS.into_iter().find(|group| *group == full && plain);
            let version = (full == "version").then_some("version");
            if let Some(known) = field.map(|field| field.path).or(group).or(version) {
                if seen.contains(&known) {
                    self.problems.add(|| Problem::new(name, "given twice"));
                    continue;
                }
                seen.push(known);
            }
            if let Some(group) = group {
                let system = if group == "system" { Some(0) } else { system };
                self.object(group, name, system, node);
            } else if version.is_some() {
                if node != Node::Number(1.0) {
                    let message = format!("{} is not supported, expected 1", node.echo());
                    self.problems.add(|| Problem::new(name, message));
                }
            } else {
                self.entries.push(Entry {
                    name,
                    field,
                    system,
                    siblings: Siblings::Members(path),
                    node,
                });
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
