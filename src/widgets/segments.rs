//! Two or three ways to look at a figure.

use leptos::prelude::*;

use super::{Callback, RwSignal, text};

use super::panel::{Panel, acted, set};

/// Ways to look at a figure, as buttons of which one is pressed.
#[component]
pub fn Segments(
    /// What is chosen, for assistive technology.
    label: &'static str,
    options: &'static [&'static str],
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let heard = Callback::new(move |(event,)| {
        if let Some(i) = acted(&event).and_then(|(act, _)| act.parse().ok()) {
            chosen.set(i);
        }
    });
    let show = Callback::new(move |(panel,)| {
        for i in 0..options.len() {
            let pressed = (chosen.get() == i).to_string();
            set(
                &panel,
                &format!("[data-act=\"{i}\"]"),
                "aria-pressed",
                &pressed,
            );
        }
    });
    view! { <Panel class="choices" html=text(move || segments(label, options, chosen.get_untracked())) heard show /> }
}

/// A group of buttons, each with its number as its act.
pub fn segments(label: &str, options: &[&str], chosen: usize) -> String {
    let buttons: String = (0..)
        .zip(options)
        .map(|(i, name)| {
            let pressed = i == chosen;
            format!("<button type=\"button\" data-act=\"{i}\" aria-pressed=\"{pressed}\">{name}</button>")
        })
        .collect();
    format!("<div class=\"segments\" role=\"group\" aria-label=\"{label}\">{buttons}</div>")
}
