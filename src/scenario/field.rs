//! What one field of a scenario is: its names, what it allows, where it lives.

use super::decimal::{number, plain};
use super::fields::FIELDS;
use super::node::Node;
use super::problem::Problem;
use super::slot::{Slot, Value};
use super::suggest::did_you_mean;
use super::types::Scenario;

/// One field of a scenario, the row of the table in [`super::FIELDS`].
pub struct Field {
    /// Its place in a scenario's JSON, such as `workload.requests`.
    pub path: &'static str,
    /// Its name in a permalink and in a form, such as `requests`; unique among all fields.
    pub key: &'static str,
    /// Its name in words, such as "Workers".
    pub label: &'static str,
    /// The unit after its number, `""` = none.
    pub unit: &'static str,
    /// One sentence for the reader.
    pub help: &'static str,
    pub kind: Kind,
    pub default: Value,
    /// Whether it may be left unset.
    pub optional: bool,
    /// How a slider walks it; `None` where no slider serves.
    pub slider: Option<Slider>,
    /// The kinds of system or of arrivals that have it; empty = all of them.
    pub kinds: &'static [&'static str],
    /// Whether a permalink says it even where it is the default.
    pub(super) always_said: bool,
    pub(super) place: Place,
}

/// What values a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number, both ends allowed.
    Integer { min: u64, max: u64 },
    /// A finite number, both ends allowed.
    Number { min: f64, max: f64 },
    /// One of these values, each with its label in words.
    Choice(&'static [(&'static str, &'static str)]),
    /// True or false.
    Flag,
}

/// A slider's part of the allowed range, which it walks in equal steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    pub min: f64,
    pub max: f64,
    /// The smallest difference between two values.
    pub step: f64,
}

/// Where a field's value lives in a scenario; nowhere under a kind that lacks it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) read: fn(&Scenario) -> Option<&dyn Slot>,
    pub(super) write: fn(&mut Scenario) -> Option<&mut dyn Slot>,
}

impl Field {
    /// The field's value; `None` where the scenario's kinds do not have this field.
    pub fn get(&self, scenario: &Scenario) -> Option<Value> {
        (self.place.read)(scenario).map(Slot::get)
    }

    /// Whether the scenario's kinds have this field.
    pub fn applies(&self, scenario: &Scenario) -> bool {
        self.get(scenario).is_some()
    }

    /// Checks `value` and writes it. Setting another `kind` or `arrivals` starts from that kind's
    /// defaults; a whole [`Value::Number`] serves as an integer and the other way round.
    ///
    /// # Errors
    ///
    /// Where the field does not allow the value, or the scenario's kinds do not have the field;
    /// the scenario is then as it was.
    pub fn set(&self, scenario: &mut Scenario, value: Value) -> Result<(), Problem> {
        let value = self
            .read(&Node::from(value))
            .map_err(|message| Problem::new(self.path, message))?;
        self.write(scenario, value)
            .map_err(|message| Problem::new(self.path, message))
    }

    /// Reads text as a form control or a permalink holds it; empty text unsets an optional field.
    ///
    /// # Errors
    ///
    /// What the field does not allow, as a message without the field's name.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        self.read(&self.node(text))
    }

    /// What text means for this kind of field.
    pub(super) fn node(&self, text: &str) -> Node {
        let text = text.trim();
        match (self.kind, text) {
            (_, "") if self.optional => Node::Null,
            (Kind::Flag, "true") => Node::Flag(true),
            (Kind::Flag, "false") => Node::Flag(false),
            (Kind::Integer { .. } | Kind::Number { .. }, _) => match number(text) {
                Some(number) if number.is_finite() => Node::Number(number),
                _ => Node::Text(text.to_owned()),
            },
            _ => Node::Text(text.to_owned()),
        }
    }

    /// What the field allows: `1..=256`, `sync, gthread, gevent, asgi`, `true, false`.
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Integer { min, max } => format!("{min}..={max}"),
            Kind::Number { min, max } => format!("{}..={}", plain(min), plain(max)),
            Kind::Choice(choices) => names(choices).collect::<Vec<_>>().join(", "),
            Kind::Flag => "true, false".to_owned(),
        }
    }

    /// Checks a value that someone wrote; the error is a message without the field's name.
    pub(super) fn read(&self, given: &Node) -> Result<Value, String> {
        match (self.kind, given) {
            (_, Node::Null) if self.optional => Ok(Value::None),
            (Kind::Flag, Node::Flag(on)) => Ok(Value::Flag(*on)),
            (Kind::Choice(choices), Node::Text(text)) => names(choices)
                .find(|name| name == text)
                .map(Value::Text)
                .ok_or_else(|| {
                    let hint = did_you_mean(text, names(choices));
                    self.refuse(given, "is unknown, expected one of ") + &hint
                }),
            (Kind::Integer { min, max }, Node::Number(x)) if x.fract() == 0.0 => {
                if (min as f64..=max as f64).contains(x) {
                    Ok(Value::Integer(*x as u64))
                } else {
                    Err(self.refuse(given, "is out of range, expected "))
                }
            }
            (Kind::Number { min, max }, Node::Number(x)) => {
                if (min..=max).contains(x) {
                    Ok(Value::Number(x + 0.0)) // -0 becomes 0
                } else {
                    Err(self.refuse(given, "is out of range, expected "))
                }
            }
            (Kind::Integer { .. }, _) => {
                Err(self.refuse(given, "is not a whole number, expected "))
            }
            (Kind::Number { .. }, _) => Err(self.refuse(given, "is not a number, expected ")),
            (Kind::Choice(_) | Kind::Flag, _) => {
                Err(self.refuse(given, "is unknown, expected one of "))
            }
        }
    }

    /// Writes a value that was read; the error is a message without the field's name.
    pub(super) fn write(&self, scenario: &mut Scenario, value: Value) -> Result<(), String> {
        if let Some(slot) = (self.place.write)(scenario) {
            // A kind that stays keeps its fields.
            if slot.get() != value {
                slot.set(value);
            }
            return Ok(());
        }
        let kinds = self.kinds.join(" or ");
        let kind = FIELDS
            .iter()
            .find(|field| field.is_kind() && field.group() == self.group())
            .and_then(|field| field.get(scenario));
        Err(match kind {
            Some(kind) => format!("belongs to {kinds}, not {kind}"),
            None => format!("belongs to {kinds}"),
        })
    }

    /// Whether other fields depend on this one.
    pub(super) fn is_kind(&self) -> bool {
        self.path.ends_with(".kind")
    }

    /// The path of the object that holds it, `""` = the scenario itself.
    pub(super) fn group(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(group, _)| group)
    }

    /// The name through which the object at `group` holds it, directly or deeper.
    pub(super) fn member_of(&self, group: &str) -> Option<&'static str> {
        let rest = match group {
            "" => self.path,
            _ => self.path.strip_prefix(group)?.strip_prefix('.')?,
        };
        rest.split('.').next()
    }

    fn refuse(&self, given: &Node, complaint: &str) -> String {
        format!("{} {complaint}{}", given.echo(), self.allowed())
    }
}

fn names(choices: &'static [(&str, &str)]) -> impl Iterator<Item = &'static str> + Clone {
    choices.iter().map(|(name, _)| *name)
}
