//! The controls of a scenario's fields, written as HTML: sliders with number fields, choices,
//! switches. Every control is named by its field's key.

use leptos::prelude::*;

use super::Callback;

use super::html::escape;
use crate::scenario::{Field, Kind, Value, plain};
#[cfg(feature = "hydrate")]
use crate::words::fixed;
use crate::words::within;

/// One field in a form.
#[derive(Clone, Copy)]
pub struct Control {
    pub field: &'static Field,
    /// Largest value on the slider, where the figure wants less than the field's own hint.
    pub most: Option<f64>,
    /// The system that it belongs to, where a form has several.
    pub case: Option<usize>,
}

impl PartialEq for Control {
    fn eq(&self, other: &Self) -> bool {
        self.field.path == other.field.path && self.case == other.case
    }
}

/// A form's controls and their HTML, in which the control at index `i` is marked
/// `data-control="i"`.
#[derive(Clone, Default, PartialEq)]
pub struct Sheet {
    pub html: String,
    pub controls: Vec<Control>,
}

/// What a form is tied to.
#[derive(Clone, Copy)]
pub struct Desk {
    /// A control's value; `None` while nothing has its field.
    pub read: Callback<(Control,), Option<Value>>,
    /// Writes a value that the reader chose; the error says what is wrong, for the reader.
    pub write: Callback<(Control, Value), Result<(), String>>,
}

impl Sheet {
    /// Adds a control, showing the value that it has now.
    pub fn add(&mut self, control: Control, desk: Desk) {
        let Control { field, case, .. } = control;
        let value = untrack(|| desk.read.run((control,)));
        let index = self.controls.len();
        let name = field.key;
        let label = field.label;
        let inside = match field.kind {
            _ if cfg!(feature = "ssr") => still(field, value),
            Kind::Choice(names) => {
                let unset = field.optional.then_some(("", "as the worker class does"));
                let options: String = unset
                    .iter()
                    .chain(names)
                    .map(|option| option_html(option, &written(value)))
                    .collect();
                format!("<label>{label}<select name=\"{name}\">{options}</select></label>")
            }
            Kind::Flag => {
                let checked = if value == Some(Value::Flag(true)) {
                    " checked"
                } else {
                    ""
                };
                format!("<label><input type=\"checkbox\" name=\"{name}\"{checked}>{label}</label>")
            }
            Kind::Integer { .. } | Kind::Number { .. } => slider(&control, value),
        };
        let class = match field.kind {
            Kind::Choice(_) => "choice",
            Kind::Flag => "toggle",
            Kind::Integer { .. } | Kind::Number { .. } => "slider",
        };
        let (mut live, mut problem) = (String::new(), "");
        if !cfg!(feature = "ssr") {
            live = format!(" data-control=\"{index}\"");
            if case.is_some() {
                live.push_str(&format!(" title=\"{}\"", escape(field.help)));
            }
            problem = "<p class=\"problem\" role=\"alert\"></p>";
        }
        self.html.push_str(&format!(
            "<div class=\"{class}\"{live}>{inside}{problem}</div>"
        ));
        self.controls.push(control);
    }
}

/// A control that nobody moves yet: its name and its value, in the same room.
fn still(field: &Field, value: Option<Value>) -> String {
    let label = field.label;
    match (field.kind, value) {
        (Kind::Choice(names), _) => {
            let value = written(value);
            let chosen = names.iter().find(|(name, _)| *name == value);
            let words = chosen.map_or("as the worker class does", |(_, words)| words);
            format!("<label>{label}<b>{}</b></label>", escape(words))
        }
        (Kind::Flag, value) => {
            let mark = if value == Some(Value::Flag(true)) {
                "✓"
            } else {
                ""
            };
            format!("<label><b>{mark}</b>{label}</label>")
        }
        _ => format!(
            "<label>{label}<span class=\"number\"><b>{}</b>{}</span></label>",
            written(value),
            field.unit
        ),
    }
}

/// A value as a form control holds it.
pub(super) fn written(value: Option<Value>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn option_html((value, words): &(&str, &str), selected: &str) -> String {
    let selected = if *value == selected { " selected" } else { "" };
    format!(
        "<option value=\"{}\"{selected}>{}</option>",
        escape(value),
        escape(words)
    )
}

/// The options of a `<select>`, each a value and its words, as HTML.
pub fn options(options: &[(&str, &str)], selected: &str) -> String {
    options
        .iter()
        .map(|option| option_html(option, selected))
        .collect()
}

/// A number field and a slider. The slider covers the useful part of the range, the field all of
/// it; an optional number's slider has one place more, at its left end: not set. The filled
/// part of its track comes when it is first shown.
fn slider(control: &Control, value: Option<Value>) -> String {
    let Control { field, .. } = control;
    let reach = Reach::of(control);
    let (least, limit) = allowed(field);
    let [least, limit, low, high, step] =
        [least, limit, reach.low, reach.high, reach.step].map(plain);
    let placeholder = if field.optional {
        " placeholder=\"none\""
    } else {
        ""
    };
    let place = plain(reach.place(value));
    format!(
        "<label>{label}<span class=\"number\"><input type=\"number\" name=\"{name}\" \
         min=\"{least}\" max=\"{limit}\" step=\"any\" value=\"{value}\"{placeholder}>{unit}</span></label>\
         <input type=\"range\" name=\"{name}\" min=\"{low}\" max=\"{high}\" step=\"{step}\" value=\"{place}\" \
         aria-label=\"{label}\">",
        label = field.label,
        name = field.key,
        unit = field.unit,
        value = written(value),
    )
}

/// A slider's value in words.
#[cfg(feature = "hydrate")]
pub(super) fn spoken(field: &Field, value: Option<Value>) -> String {
    match value {
        None | Some(Value::None) => "no limit".to_owned(),
        Some(value) => format!("{value} {}", field.unit).trim_end().to_owned(),
    }
}

/// What a slider covers.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub(super) low: f64,
    high: f64,
    step: f64,
}

impl Reach {
    pub(super) fn of(control: &Control) -> Self {
        let field = control.field;
        let (least, limit) = allowed(field);
        let (low, high, step) = match field.slider {
            Some(hint) => (hint.min, hint.max, hint.step),
            None => (least, limit.min(least + 100.0), 1.0),
        };
        Self {
            low: if field.optional { low - step } else { low },
            high: control.most.unwrap_or(high),
            step,
        }
    }

    /// Where a value stands on the slider.
    pub(super) fn place(&self, value: Option<Value>) -> f64 {
        match value {
            Some(Value::Integer(n)) => within(n as f64, self.low, self.high),
            Some(Value::Number(x)) => within(x, self.low, self.high),
            _ => self.low,
        }
    }

    /// How much of the slider's track is filled.
    #[cfg(feature = "hydrate")]
    pub(super) fn fill(&self, place: f64) -> String {
        let share = (place - self.low) / (self.high - self.low);
        format!("{}%", fixed(100.0 * share, 1))
    }
}

/// The field's least and most.
fn allowed(field: &Field) -> (f64, f64) {
    match field.kind {
        Kind::Integer { min, max } => (min as f64, max as f64),
        Kind::Number { min, max } => (min, max),
        Kind::Choice(_) | Kind::Flag => (0.0, 1.0),
    }
}
