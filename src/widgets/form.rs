//! A form of a scenario's fields: sliders with number fields, choices, switches.
//!
//! A form is written as HTML and listened to as a whole, with one listener and one effect however
//! many controls it has. Every control carries its field's contract name.

use leptos::ev::Event;
use leptos::prelude::*;
use web_sys::Element;

use super::derive;
use super::html::escape;
use super::panel::{Panel, acted};
#[cfg(feature = "hydrate")]
use crate::chart::fixed;
use crate::scenario::{Field, Kind, Value};

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
        let id = format!("{name}-{index}");
        let inside = match field.kind {
            Kind::Choice(names) => {
                let unset = field.optional.then_some(("", "as the worker class does"));
                // Uneven shares are not simulated yet.
                let offered = names.iter().filter(|(name, _)| *name != "skewed");
                let options: String = unset
                    .iter()
                    .chain(offered)
                    .map(|option| option_html(option, &written(value)))
                    .collect();
                let id = case.map_or(String::new(), |case| format!(" id=\"{id}-{case}\""));
                format!("<label>{label}<select name=\"{name}\"{id}>{options}</select></label>")
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
        let help = case.map_or(String::new(), |_| {
            format!(" title=\"{}\"", escape(field.help))
        });
        self.html.push_str(&format!(
            "<div class=\"{class}\" data-control=\"{index}\"{help}>{inside}<p class=\"problem\" role=\"alert\"></p></div>"
        ));
        self.controls.push(control);
    }
}

/// A value as a form control holds it.
fn written(value: Option<Value>) -> String {
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
/// it; an optional number's slider has one place more, at its left end: not set. What only the live
/// page needs, its words and the filled part of its track, comes when it is first shown.
fn slider(control: &Control, value: Option<Value>) -> String {
    let Control { field, .. } = control;
    let reach = Reach::of(control);
    let (least, limit) = allowed(field);
    let placeholder = if field.optional {
        " placeholder=\"none\""
    } else {
        ""
    };
    let place = reach.place(value);
    format!(
        "<label>{label}<span class=\"number\"><input type=\"number\" name=\"{name}\" \
         min=\"{least}\" max=\"{limit}\" step=\"any\" value=\"{value}\"{placeholder}>{unit}</span></label>\
         <input type=\"range\" name=\"{name}\" min=\"{low}\" max=\"{high}\" step=\"{step}\" value=\"{place}\" \
         aria-label=\"{label}\">",
        label = field.label,
        name = field.key,
        unit = field.unit,
        value = written(value),
        low = reach.low,
        high = reach.high,
        step = reach.step,
    )
}

/// A slider's value in words.
#[cfg(feature = "hydrate")]
fn spoken(field: &Field, value: Option<Value>) -> String {
    match value {
        None | Some(Value::None) => "no limit".to_owned(),
        Some(value) => format!("{value} {}", field.unit).trim_end().to_owned(),
    }
}

/// What a slider covers.
#[derive(Clone, Copy)]
struct Reach {
    low: f64,
    high: f64,
    step: f64,
}

impl Reach {
    fn of(control: &Control) -> Self {
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
    fn place(&self, value: Option<Value>) -> f64 {
        match value {
            Some(Value::Integer(n)) => (n as f64).clamp(self.low, self.high),
            Some(Value::Number(x)) => x.clamp(self.low, self.high),
            _ => self.low,
        }
    }

    /// How much of the slider's track is filled.
    #[cfg(feature = "hydrate")]
    fn fill(&self, place: f64) -> String {
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

/// A form that keeps its controls equal to what it is tied to, and the other way round.
#[component]
pub fn Form(
    /// The form's name, `data-lab` in the page.
    name: &'static str,
    class: &'static str,
    sheet: Memo<Sheet>,
    desk: Desk,
    /// What to do when a control with `data-act` is used.
    #[prop(optional)]
    act: Option<Callback<(String, String)>>,
) -> impl IntoView {
    let html = derive(move || {
        let sheet = sheet.read();
        format!(
            "<form class=\"{class}\" data-lab=\"{name}\">{}</form>",
            sheet.html
        )
    });
    let heard = Callback::new(move |(event,): (Event,)| match (act, acted(&event)) {
        (Some(act), Some(done)) => act.run(done),
        _ => browser::heard(&event, sheet, desk),
    });
    let show =
        Callback::new(move |(panel,): (Element,)| browser::show(&panel, &sheet.read(), desk));
    view! { <Panel class="form" html heard show /> }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use leptos::ev::Event;
    use leptos::prelude::*;

    use super::{Desk, Element, Sheet};

    pub(super) fn heard(_: &Event, _: Memo<Sheet>, _: Desk) {}

    pub(super) fn show(_: &Element, _: &Sheet, _: Desk) {}
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev::Event;
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

    use super::{Control, Desk, Reach, Sheet, spoken, written};
    use crate::scenario::{Field, Kind, Value};

    /// What the reader did to a control of the form.
    pub(super) fn heard(event: &Event, sheet: Memo<Sheet>, desk: Desk) {
        let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
            return;
        };
        let input = target.dyn_ref::<HtmlInputElement>();
        let select = target.dyn_ref::<HtmlSelectElement>();
        let kind = event.type_();
        // A slider is heard at every step, a number when it is finished.
        let moment = match input.map(HtmlInputElement::type_).as_deref() {
            Some("range") => "input",
            _ => "change",
        };
        let Ok(Some(place)) = target.closest("[data-control]") else {
            return;
        };
        let index = place
            .get_attribute("data-control")
            .and_then(|i| i.parse::<usize>().ok());
        let control =
            index.and_then(|i| sheet.with_untracked(|sheet| sheet.controls.get(i).copied()));
        let (true, Some(control)) = (kind == moment, control) else {
            return;
        };
        let entered = match (input, select) {
            (Some(input), _) => value_of(input, &control),
            (_, Some(select)) => control.field.parse(&select.value()),
            _ => return,
        };
        let problem = entered
            .and_then(|value| desk.write.run((control, value)))
            .err()
            .unwrap_or_default();
        // The place is in the document: nothing here can fail.
        if let Ok(Some(words)) = place.query_selector(".problem") {
            words.set_text_content(Some(&problem));
        }
        let _ = place
            .class_list()
            .toggle_with_force("bad", !problem.is_empty());
        // Choosing may have rewritten the form under the reader's hands.
        if let Some(again) = document().get_element_by_id(&target.id())
            && again != target
            && let Some(again) = again.dyn_ref::<HtmlElement>()
        {
            let _ = again.focus();
        }
    }

    fn value_of(input: &HtmlInputElement, control: &Control) -> Result<Value, String> {
        let field: &Field = control.field;
        match input.type_().as_str() {
            "checkbox" => Ok(Value::Flag(input.checked())),
            "range" if field.optional && input.value_as_number() <= Reach::of(control).low => {
                field.parse("")
            }
            _ => field.parse(&input.value()),
        }
    }

    /// Shows every control's value, but leaves a number alone that could not be read. A form that
    /// is about to be written anew may still hold other controls: those are left alone too.
    pub(super) fn show(form: &Element, sheet: &Sheet, desk: Desk) {
        for (index, control) in sheet.controls.iter().enumerate() {
            let value = desk.read.run((*control,));
            let place = form.query_selector(&format!("[data-control=\"{index}\"]"));
            if let Ok(Some(place)) = place {
                show_one(&place, control, value);
            }
        }
    }

    fn show_one(place: &Element, control: &Control, value: Option<Value>) {
        let Ok(inputs) = place.query_selector_all("input, select") else {
            return;
        };
        let text = written(value);
        for i in 0..inputs.length() {
            let Some(node) = inputs.get(i) else { continue };
            let name = control.field.key;
            if let Some(select) = node
                .dyn_ref::<HtmlSelectElement>()
                .filter(|s| s.name() == name)
            {
                select.set_value(&text);
            } else if let Some(input) = node
                .dyn_ref::<HtmlInputElement>()
                .filter(|i| i.name() == name)
            {
                match (control.field.kind, input.type_().as_str()) {
                    (Kind::Flag, _) => input.set_checked(value == Some(Value::Flag(true))),
                    (_, "range") => {
                        let reach = Reach::of(control);
                        let at = reach.place(value);
                        input.set_value(&at.to_string());
                        // A style and an attribute of an element that exists cannot fail.
                        let style = HtmlElement::style(input);
                        let _ = style.set_property("--fill", &reach.fill(at));
                        let _ =
                            input.set_attribute("aria-valuetext", &spoken(control.field, value));
                    }
                    _ if place.class_list().contains("bad") && input.value() != text => {}
                    _ => input.set_value(&text),
                }
            }
        }
    }
}
