//! The frame around every figure: title, tools, controls, caption, and why it may be still.

use leptos::prelude::*;

use super::stage::Stage;
use crate::scenario::field;
use crate::simulation::State;
use crate::widgets::html::escape;
use crate::widgets::{Control, Form, Segments, Sheet, text};
use crate::words::fixed;

/// What a figure says under its picture: the point in bold, then the rest.
pub type Caption = (String, String);

/// A figure with a body and a caption computed from its runs.
#[component]
pub fn Frame<C: IntoView + 'static>(
    stage: Stage,
    /// The figure's title; in the head where there is one, and for assistive technology.
    title: &'static str,
    /// Which time axis is chosen; without it there is no head.
    #[prop(optional)]
    scale: Option<RwSignal<usize>>,
    caption: impl Fn(Stage) -> Caption + Send + Sync + 'static,
    children: TypedChildren<C>,
) -> impl IntoView {
    let caption = text(move || {
        let (point, rest) = caption(stage);
        format!("<strong>{}</strong> {}", escape(&point), escape(&rest))
    });
    let at = move || fixed(stage.player.at.get(), 4);
    let head = scale.map(|chosen| {
        view! {
            <div class="figure-head">
                <p class="figure-title">{title}</p>
                <Segments label="Time axis" options=&["one clock", "own scale"] chosen />
            </div>
        }
    });
    view! {
        <figure class="figure" data-figure=stage.name aria-label=title style:--at=text(at)>
            {head}
            {children.into_inner()()}
            <p class="why-still">"This figure is still, because JavaScript is off."</p>
            <figcaption inner_html=caption></figcaption>
        </figure>
    }
}

/// A form of the figure's fields, each with the largest value on its slider where that differs
/// from the field's own.
#[component]
pub fn Controls(stage: Stage, fields: &'static [(&'static str, Option<f64>)]) -> impl IntoView {
    let desk = stage.desk();
    let sheet = Memo::new(move |_| {
        let mut sheet = Sheet::default();
        for (key, most) in fields {
            if let Some(field) = field(key) {
                let control = Control {
                    field,
                    most: *most,
                    case: None,
                };
                sheet.add(control, desk);
            }
        }
        sheet
    });
    view! { <Form name=stage.name class="controls" sheet desk /> }
}

/// What the shades of a timeline mean, of those that its runs show.
#[component]
pub fn Legend(
    stage: Stage,
    /// Whether a row is a request: then the queue is drawn, and rows are too low for a hatch.
    by_request: bool,
) -> impl IntoView {
    let entries = text(move || {
        let runs = stage.runs.read();
        let has = |state: State| {
            let mut runs = runs.0.iter();
            runs.any(|(_, run)| run.spans.iter().any(|span| span.state == state))
        };
        [
            ("running", "running on CPU", has(State::Running)),
            ("io", "waiting for I/O", has(State::Io)),
            (
                "ready",
                "waiting for the GIL or the loop",
                has(State::Ready),
            ),
            (
                "connection",
                "waiting for a connection",
                has(State::Connection),
            ),
            ("queued", "in line", by_request),
        ]
        .iter()
        .filter(|(_, _, shown)| *shown)
        .map(|(class, words, _)| format!("<span><i class=\"key {class}\"></i>{words}</span>"))
        .chain(by_request.then(|| "<span>a row a request, the first on top</span>".to_owned()))
        .collect::<String>()
    });
    let class = if by_request { "legend flat" } else { "legend" };
    view! { <div class=class inner_html=entries></div> }
}
