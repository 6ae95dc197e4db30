//! A set of controls that is written as HTML, listened to as a whole, and kept true by one effect.
//!
//! Every control that acts carries `data-act`: a button acts on a click, a select when it changes,
//! a slider at every step.

use leptos::ev::{Event, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use web_sys::Element;

use super::{Callback, RwSignal, effect, on};

/// The controls' HTML, what to do when one is used, and how to show a change.
#[component]
pub fn Panel(
    class: &'static str,
    #[prop(into)] html: Signal<String>,
    /// Whether the prerendered page shows something else in their place.
    #[prop(optional)]
    late: bool,
    heard: Callback<(Event,)>,
    /// Shows the present state on the controls; runs again whenever what it reads changes.
    show: Callback<(Element,)>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let first = match late && cfg!(feature = "hydrate") {
        true => String::new(),
        false => html.get_untracked(),
    };
    let mut last = first.clone();
    let written = RwSignal::new(0_usize);
    effect(move || {
        let (Some(node), now) = (node.get(), html.get()) else {
            return;
        };
        if now != last {
            node.set_inner_html(&now);
            last = now;
            written.update(|times| *times += 1);
        }
    });
    // What was written anew has to be shown anew.
    effect(move || {
        written.track();
        if let Some(node) = node.get() {
            show.run((node.into(),));
        }
    });
    view! {
        <div
            class=class
            node_ref=node
            on:click=on(move |event: MouseEvent| heard.run((event.into(),)))
            on:input=on(move |event: Event| heard.run((event,)))
            on:change=on(move |event: Event| heard.run((event,)))
            on:submit=on(|event: SubmitEvent| event.prevent_default())
            inner_html=first
        ></div>
    }
}

/// What a control that carries `data-act` did: its act and its value.
#[cfg(not(feature = "hydrate"))]
pub fn acted(_: &Event) -> Option<(String, String)> {
    None
}

/// What a control that carries `data-act` did: its act and its value.
#[cfg(feature = "hydrate")]
pub fn acted(event: &Event) -> Option<(String, String)> {
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlInputElement, HtmlSelectElement};

    let target: Element = event.target()?.dyn_into().ok()?;
    let place = target.closest("[data-act]").ok()??;
    let (moment, value) = if let Some(select) = place.dyn_ref::<HtmlSelectElement>() {
        ("change", select.value())
    } else if let Some(input) = place.dyn_ref::<HtmlInputElement>() {
        ("input", input.value())
    } else {
        ("click", String::new())
    };
    (event.type_() == moment).then(|| Some((place.get_attribute("data-act")?, value)))?
}

/// Sets an attribute of the part of `panel` that `selector` finds.
pub fn set(panel: &Element, selector: &str, attribute: &str, value: &str) {
    if let Ok(Some(part)) = panel.query_selector(selector) {
        // The name of an attribute that we wrote ourselves cannot be refused.
        let _ = part.set_attribute(attribute, value);
    }
}

/// Sets the text of the part of `panel` that `selector` finds.
pub fn set_text(panel: &Element, selector: &str, words: &str) {
    if let Ok(Some(part)) = panel.query_selector(selector)
        && part.text_content().as_deref() != Some(words)
    {
        part.set_text_content(Some(words));
    }
}

/// Moves the slider of `panel` that `selector` finds, and fills its track up to there.
#[cfg(not(feature = "hydrate"))]
pub fn slide(_panel: &Element, _selector: &str, _value: &str, _fill: &str) {}

/// Moves the slider of `panel` that `selector` finds, and fills its track up to there.
#[cfg(feature = "hydrate")]
pub fn slide(panel: &Element, selector: &str, value: &str, fill: &str) {
    use wasm_bindgen::JsCast;

    let part = panel.query_selector(selector).ok().flatten();
    if let Some(input) = part.and_then(|p| p.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        input.set_value(value);
        // A custom property takes any value.
        let _ = web_sys::HtmlElement::style(&input).set_property("--fill", fill);
    }
}
