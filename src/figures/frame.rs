//! The frame around every figure: title, tools, controls, caption, and why it may be still.

use leptos::prelude::*;

use super::stage::Stage;
use crate::widgets::{Choice, Slider, Toggle};

/// What a figure says under its picture: the point in bold, then the rest.
pub type Caption = (String, String);

/// A figure with a head, a body and a caption computed from its runs.
#[component]
pub fn Frame(
    stage: Stage,
    /// The figure's title, also its name for assistive technology.
    title: &'static str,
    /// Buttons at the right of the head.
    #[prop(optional, into)]
    tools: Option<AnyView>,
    caption: impl Fn(Stage) -> Caption + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    let caption = Memo::new(move |_| caption(stage));
    let at = move || format!("{:.4}", stage.player.at.get());
    view! {
        <figure class="figure" data-figure=stage.name style:--at=at>
            <div class="figure-head">
                <p class="figure-title">{title}</p>
                {tools}
            </div>
            {children()}
            <p class="why-still">
                "This figure shows its first run and stands still, because "
                <span data-why="">"JavaScript is switched off"</span> "."
            </p>
            <figcaption>
                <strong>{move || caption.read().0.clone()}</strong>
                " "
                {move || caption.read().1.clone()}
            </figcaption>
        </figure>
    }
}

/// A form of the figure's fields, each as the control its kind asks for.
#[component]
pub fn Controls(
    stage: Stage,
    /// Field keys, with the largest value on the slider where it differs from the field's own.
    fields: &'static [(&'static str, Option<f64>)],
) -> impl IntoView {
    use crate::scenario::Kind;

    let controls = fields
        .iter()
        .filter_map(|(key, most)| Some((stage.tie(key, None)?, *most)))
        .map(|(tie, most)| match (tie.field.kind, most) {
            (Kind::Choice(_), _) => view! { <Choice tie form=stage.name /> }.into_any(),
            (Kind::Flag, _) => view! { <Toggle tie /> }.into_any(),
            (_, Some(most)) => view! { <Slider tie form=stage.name most /> }.into_any(),
            (_, None) => view! { <Slider tie form=stage.name /> }.into_any(),
        })
        .collect_view();
    view! {
        <form class="controls" data-lab=stage.name on:submit=|event| event.prevent_default()>
            {controls}
        </form>
    }
}

/// What the shades of a timeline mean.
#[component]
pub fn Legend(
    /// Whether requests in the queue are drawn.
    #[prop(optional)]
    queued: bool,
) -> impl IntoView {
    let entries = [
        ("running", "running on CPU", true),
        ("io", "waiting for I/O", true),
        ("ready", "waiting for the GIL or the loop", true),
        ("connection", "waiting for a connection", true),
        ("queued", "queued", queued),
    ];
    let entries = entries
        .into_iter()
        .filter(|(_, _, shown)| *shown)
        .map(|(state, words, _)| view! { <li><i class=format!("key {state}")></i>{words}</li> })
        .collect_view();
    view! { <ul class="legend">{entries}</ul> }
}
