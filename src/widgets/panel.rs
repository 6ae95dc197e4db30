//! A set of controls that is written as HTML, listened to as a whole, and kept true by one effect.
//!
//! Every control that acts carries `data-act`: a button acts on a click, a select when it changes,
//! a slider at every step, a radio when it is chosen.

use leptos::ev::Event;
use leptos::prelude::*;
use web_sys::Element;

use super::{Callback, RwSignal, Text, effect, listen};

/// The controls' HTML, what to do when one is used, and how to show a change.
#[component]
pub fn Panel(
    class: &'static str,
    html: Text,
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
        false => untrack(html),
    };
    let mut last = first.clone();
    let written = RwSignal::new(0_usize);
    effect(move || {
        let (Some(node), now) = (node.get(), html()) else {
            return;
        };
        if now != last {
            rewrite(&node, &now);
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
    listen(
        node,
        &["click", "input", "change", "submit"],
        move |event| {
            if event.type_() == "submit" {
                event.prevent_default();
            }
            heard.run((event,));
        },
    );
    view! { <div class=class node_ref=node inner_html=first></div> }
}

/// How to find the control that has the focus again, when it has been written anew.
#[cfg(feature = "hydrate")]
fn focused(panel: &Element) -> Option<String> {
    let control = panel.query_selector(":focus").ok()??;
    let by = |mark: &str| {
        let marked = control.closest(&format!("[{mark}]")).ok()??;
        Some(format!("[{mark}=\"{}\"]", marked.get_attribute(mark)?))
    };
    // Of a field's controls it is its choice that rewrites a form.
    by("data-act").or_else(|| Some(by("data-control")? + " select"))
}

/// Writes a panel anew. The control that had the focus keeps it; where it is gone, the first button
/// gets it.
#[cfg(feature = "hydrate")]
fn rewrite(panel: &Element, html: &str) {
    use wasm_bindgen::JsCast;

    let control = focused(panel);
    panel.set_inner_html(html);
    let find = |selector: &str| panel.query_selector(selector).ok().flatten();
    if let Some(found) = control.and_then(|control| find(&control).or_else(|| find("button"))) {
        // A control that cannot have it leaves it to the page.
        let _ = found.unchecked_ref::<web_sys::HtmlElement>().focus();
    }
}

#[cfg(not(feature = "hydrate"))]
fn rewrite(panel: &Element, html: &str) {
    panel.set_inner_html(html);
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
    if let Some(input) = input(panel, selector) {
        input.set_value(value);
        // A custom property takes any value.
        let _ = web_sys::HtmlElement::style(&input).set_property("--fill", fill);
    }
}

/// Checks the box of `panel` that `selector` finds, or clears it.
#[cfg(not(feature = "hydrate"))]
pub fn check(_panel: &Element, _selector: &str, _on: bool) {}

/// Checks the box of `panel` that `selector` finds, or clears it.
#[cfg(feature = "hydrate")]
pub fn check(panel: &Element, selector: &str, on: bool) {
    if let Some(input) = input(panel, selector) {
        input.set_checked(on);
    }
}

#[cfg(feature = "hydrate")]
fn input(panel: &Element, selector: &str) -> Option<web_sys::HtmlInputElement> {
    use wasm_bindgen::JsCast;

    panel.query_selector(selector).ok()??.dyn_into().ok()
}
