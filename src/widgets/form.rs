//! A form of a scenario's fields that is kept equal to what it is tied to.
//!
//! It is listened to as a whole, with one listener and one effect however many controls it has.

use leptos::ev::Event;
use leptos::prelude::*;

use super::{Callback, Memo, text};
use web_sys::Element;

use super::panel::{Panel, acted};
use super::sheet::{Desk, Sheet};

/// A form that keeps its controls equal to what it is tied to, and the other way round.
#[component]
pub fn Form(
    /// The form's name, `data-lab` in the page; controls elsewhere belong to it by `form-` and its name.
    name: &'static str,
    class: &'static str,
    sheet: Memo<Sheet>,
    desk: Desk,
    /// What to do when a control with `data-act` is used.
    #[prop(optional)]
    act: Option<Callback<(String, String)>>,
) -> impl IntoView {
    let html = text(move || {
        let sheet = sheet.read();
        let id = match cfg!(feature = "hydrate") {
            true => format!(" id=\"form-{name}\""),
            false => String::new(),
        };
        format!(
            "<form class=\"{class}\"{id} data-lab=\"{name}\">{}</form>",
            sheet.html
        )
    });
    let heard = Callback::new(move |(event,): (Event,)| match (act, acted(&event)) {
        (Some(act), Some(done)) => act.run(done),
        _ => browser::heard(&event, sheet, desk),
    });
    let show =
        Callback::new(move |(panel,): (Element,)| browser::show(&panel, &sheet.read(), desk));
    // Prerendered are the values without their controls, which are of no use there.
    view! { <Panel class="form" html late=true heard show /> }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use leptos::ev::Event;

    use super::{Desk, Element, Memo, Sheet};

    pub(super) fn heard(_: &Event, _: Memo<Sheet>, _: Desk) {}

    pub(super) fn show(_: &Element, _: &Sheet, _: Desk) {}
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::ev::Event;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

    use super::{Desk, Sheet};
    use crate::scenario::{Field, Kind, Value, plain};
    use crate::widgets::Memo;
    use crate::widgets::sheet::{Control, Reach, spoken, written};

    /// What the reader did to a control of the form.
    pub(super) fn heard(event: &Event, sheet: Memo<Sheet>, desk: Desk) {
        let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
            return;
        };
        let input = target.dyn_ref::<HtmlInputElement>();
        let select = target.dyn_ref::<HtmlSelectElement>();
        let finished = event.type_() == "change";
        // Sliders and numbers are heard at every step; what is wrong with a number is said when it
        // is finished.
        let (heard, complete) = match input.map(HtmlInputElement::type_).as_deref() {
            Some("range") => (!finished, true),
            Some("number") => (true, finished),
            _ => (finished, true),
        };
        let Ok(Some(place)) = target.closest("[data-control]") else {
            return;
        };
        let index = place
            .get_attribute("data-control")
            .and_then(|i| i.parse::<usize>().ok());
        let control =
            index.and_then(|i| sheet.with_untracked(|sheet| sheet.controls.get(i).copied()));
        let (true, Some(control)) = (heard, control) else {
            return;
        };
        let entered = match (input, select) {
            (Some(input), _) => value_of(input, &control),
            (_, Some(select)) => control.field.parse(&select.value()),
            _ => return,
        };
        let taken = entered.and_then(|value| desk.write.run((control, value)));
        if taken.is_err() && !complete {
            return;
        }
        let problem = taken.err().unwrap_or_default();
        // A range as a reader writes it.
        let problem = match problem.split_once('=') {
            Some((from, to)) if from.ends_with("..") => {
                format!("{} to {to}", from.trim_end_matches('.'))
            }
            _ => problem,
        };
        let bad = !problem.is_empty();
        // While it was typed, the beginning of a number may have been one.
        let problem = match written(desk.read.run((control,))) {
            now if bad && !now.is_empty() => format!("{problem}; in use: {now}"),
            _ => problem,
        };
        // The place is in the document: nothing here can fail.
        if let Some(input) = input {
            let _ = input.set_attribute("aria-invalid", &bad.to_string());
        }
        if let Ok(Some(words)) = place.query_selector(".problem") {
            words.set_text_content(Some(&problem));
        }
        let _ = place.class_list().toggle_with_force("bad", bad);
    }

    fn value_of(input: &HtmlInputElement, control: &Control) -> Result<Value, String> {
        let field: &Field = control.field;
        match input.type_().as_str() {
            "checkbox" => Ok(Value::Flag(input.checked())),
            "range" if field.optional && input.value_as_number() <= Reach::of(control).low => {
                field.parse("")
            }
            _ => {
                let text = input.value();
                // Where there is nothing, there is nothing to quote.
                let told = |problem| match text.is_empty() {
                    true => format!("expected {}", field.allowed()),
                    false => problem,
                };
                field.parse(&text).map_err(told)
            }
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
                        input.set_value(&plain(at));
                        // A style and an attribute of an element that exists cannot fail.
                        let style = HtmlElement::style(input);
                        let _ = style.set_property("--fill", &reach.fill(at));
                        let _ =
                            input.set_attribute("aria-valuetext", &spoken(control.field, value));
                    }
                    _ if place.class_list().contains("bad") && input.value() != text => {}
                    // What is being typed may be written otherwise and mean the same.
                    _ if control.field.parse(&input.value()).ok() == value => {}
                    _ => input.set_value(&text),
                }
            }
        }
    }
}
