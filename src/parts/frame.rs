//! The frame around every figure: title, tools, controls, caption, and why it may be still.

use leptos::prelude::*;

use super::stage::Stage;
use crate::scenario::field;
use crate::widgets::html::escape;
use crate::widgets::{Control, Form, Memo, Segments, Sheet, text};
use crate::words::{fixed, within};

/// What a figure says under its picture: the point in bold, then the rest.
pub type Caption = (String, String);

/// A figure with a body and a caption computed from its runs.
#[component]
pub fn Frame<C: IntoView + 'static>(
    stage: Stage,
    /// The figure's title; in the head where there is one, and for assistive technology.
    title: &'static str,
    /// Whether it has a head, with its title and the choice of a time axis.
    #[prop(optional)]
    head: bool,
    caption: impl Fn(Stage) -> Caption + Send + Sync + 'static,
    children: TypedChildren<C>,
) -> impl IntoView {
    let caption = text(move || {
        let (point, rest) = caption(stage);
        format!("<strong>{}</strong> {}", escape(&point), escape(&rest))
    });
    // The style sheet places the playhead in the window.
    let at = move || {
        let place = stage.view.get().window.place(stage.player.at.get());
        fixed(within(place, -1.0, 2.0), 4)
    };
    let head = head.then(|| {
        view! {
            <div class="figure-head">
                <p class="figure-title">{title}</p>
                <Segments label="Time axis" options=&["one clock", "own scale"] chosen=stage.scale />
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
