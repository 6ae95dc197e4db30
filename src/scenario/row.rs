//! Builds the rows of the table of fields at compile time.

use super::field::{Field, Kind, Place, Slider};
use super::slot::Value;

/// The parts of a row that most fields share.
const PLAIN: Field = Field {
    path: "",
    key: "",
    label: "",
    unit: "",
    help: "",
    kind: Kind::Flag,
    default: Value::None,
    optional: false,
    slider: None,
    kinds: &[],
    always_said: false,
    place: Place {
        read: |_| None,
        write: |_| None,
    },
};

pub const fn integer(path: &'static str, min: u64, max: u64, default: u64) -> Field {
    row(path, Kind::Integer { min, max }, Value::Integer(default))
}

pub(crate) const fn optional_integer(path: &'static str, min: u64, max: u64) -> Field {
    row(path, Kind::Integer { min, max }, Value::None).optional()
}

pub const fn number(path: &'static str, min: f64, max: f64, default: f64) -> Field {
    row(path, Kind::Number { min, max }, Value::Number(default))
}

pub(crate) const fn optional_number(path: &'static str, min: f64, max: f64) -> Field {
    row(path, Kind::Number { min, max }, Value::None).optional()
}

pub const fn choice(path: &'static str, default: &'static str) -> Field {
    row(path, Kind::Choice(&[]), Value::Text(default))
}

pub(crate) const fn optional_choice(path: &'static str) -> Field {
    row(path, Kind::Choice(&[]), Value::None).optional()
}

pub(crate) const fn flag(path: &'static str, default: bool) -> Field {
    row(path, Kind::Flag, Value::Flag(default))
}

const fn row(path: &'static str, kind: Kind, default: Value) -> Field {
    Field {
        path,
        key: last_part(path),
        kind,
        default,
        ..PLAIN
    }
}

impl Field {
    /// The key, where it is not the last part of the path.
    pub(crate) const fn key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    pub const fn label(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// The kinds that have the field, where not all have it.
    pub(crate) const fn of(self, kinds: &'static [&'static str]) -> Self {
        Self { kinds, ..self }
    }

    pub(super) const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    pub const fn choices(self, choices: &'static [(&'static str, &'static str)]) -> Self {
        let kind = Kind::Choice(choices);
        Self { kind, ..self }
    }

    pub(crate) const fn always_said(self) -> Self {
        let always_said = true;
        Self {
            always_said,
            ..self
        }
    }

    pub const fn slider(self, min: f64, max: f64, step: f64) -> Self {
        let slider = Some(Slider { min, max, step });
        Self { slider, ..self }
    }

    const fn optional(self) -> Self {
        let optional = true;
        Self { optional, ..self }
    }
}

/// What follows the last dot.
const fn last_part(path: &'static str) -> &'static str {
    let mut start = path.len();
    while start > 0 && path.as_bytes()[start - 1] != b'.' {
        start -= 1;
    }
    path.split_at(start).1
}
