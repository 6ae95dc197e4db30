//! A number as a slider and a field, which follow each other.

use leptos::prelude::*;

use super::{Tie, flag, maybe, on, text};
use crate::scenario::{Field, Kind, Value};

/// A labelled slider with a number field beside it; both carry the field's contract name.
///
/// The slider covers the useful part of the range, the field all of it. What cannot be read
/// stays in the field, is explained under it, and changes nothing.
#[component]
pub fn Slider(
    tie: Tie,
    /// The form's name, to keep ids apart on a page with many forms.
    form: &'static str,
    /// Largest value on the slider, where the figure wants less than the field's own hint.
    #[prop(optional)]
    most: Option<f64>,
) -> impl IntoView {
    let field = tie.field;
    let problem = RwSignal::new(None::<String>);
    let (low, high, step) = reach(field, most);
    // An optional number's slider has one place more, at its left end: not set.
    let low = if field.optional { low - step } else { low };
    let id = format!("{form}-{}", field.key.replace('.', "-"));
    let label_id = format!("{id}-label");
    let problem_id = format!("{id}-problem");
    let enter = move |text: String| problem.set(tie.enter(&text).err());
    let unset = move || matches!(tie.value.get(), Some(Value::None) | None);
    let position = move || match tie.value.get() {
        Some(Value::Integer(n)) => n as f64,
        Some(Value::Number(x)) => x,
        _ => low,
    };
    let spoken = move || match (unset(), field.unit) {
        (true, _) => "no limit".to_owned(),
        (false, "") => tie.text(),
        (false, unit) => format!("{} {unit}", tie.text()),
    };
    view! {
        <div class="slider" class:bad=flag(move || problem.read().is_some())>
            <label id=label_id.clone() for=id.clone() title=field.help>{field.label}</label>
            <span class="number">
                <input
                    type="number"
                    inputmode="decimal"
                    name=field.key
                    id=id.clone()
                    min=allowed(field).0
                    max=allowed(field).1
                    step="any"
                    placeholder=field.optional.then_some("none")
                    value=tie.value.get_untracked().map(|v| v.to_string())
                    prop:value=text(move || tie.text())
                    aria-invalid=maybe(move || problem.read().as_ref().map(|_| "true".to_owned()))
                    aria-describedby=problem_id.clone()
                    on:change=on(move |event| enter(event_target_value(&event)))
                />
                {field.unit}
            </span>
            <input
                type="range"
                name=field.key
                min=low
                max=high
                step=step
                value=untrack(position).min(high)
                prop:value=text(move || position().min(high))
                style:--fill=text(move || {
                    format!("{:.2}%", 100.0 * ((position() - low) / (high - low)).clamp(0.0, 1.0))
                })
                aria-labelledby=label_id
                aria-valuetext=text(spoken)
                on:input=on(move |event| {
                    let text = event_target_value(&event);
                    let below = text.parse::<f64>().is_ok_and(|x| field.optional && x <= low);
                    enter(if below { String::new() } else { text });
                })
            />
            <p class="problem" role="alert" id=problem_id>{maybe(move || problem.get())}</p>
        </div>
    }
}

/// The slider's least, most and step.
fn reach(field: &Field, most: Option<f64>) -> (f64, f64, f64) {
    let (least, limit) = allowed(field);
    let (low, high, step) = match field.slider {
        Some(hint) => (hint.min, hint.max, hint.step),
        None => (least, limit.min(least + 100.0), 1.0),
    };
    (low, most.unwrap_or(high), step)
}

/// The field's least and most.
fn allowed(field: &Field) -> (f64, f64) {
    match field.kind {
        Kind::Integer { min, max } => (min as f64, max as f64),
        Kind::Number { min, max } => (min, max),
        Kind::Choice(_) | Kind::Flag => (0.0, 1.0),
    }
}
