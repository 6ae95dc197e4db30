//! Two or three ways to look at a figure.

use leptos::prelude::*;

use super::{Views, on, text};

/// Ways to look at a figure, as buttons of which one is pressed.
#[component]
pub fn Segments(
    /// What is chosen, for assistive technology.
    label: &'static str,
    options: &'static [&'static str],
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let buttons = options
        .iter()
        .enumerate()
        .map(|(i, name)| {
            view! {
                <button
                    type="button"
                    aria-pressed=text(move || chosen.get() == i)
                    on:click=on(move |_| chosen.set(i))
                    inner_html=*name
                ></button>
            }
            .into_any()
        })
        .collect::<Views>();
    view! { <div class="segments" role="group" aria-label=label>{buttons}</div> }
}
