//! A canvas that draws a chart sharply at its own size, and redraws when anything changes.

use leptos::prelude::*;

use super::{Derived, Text, text};
use crate::chart::{Axis, Picture};
use crate::simulation::Nanos;
use crate::words::{fixed, ticks};

/// A chart on a canvas, with a native drawing for readers without WebAssembly.
#[component]
pub fn Plot(
    picture: Derived<Picture>,
    /// What it shows, in words.
    label: Text,
    /// Height in CSS pixels.
    #[prop(into)]
    height: Derived<f64>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    browser::draw_on_change(node, picture);
    view! {
        <div class="plot" node_ref=node style:height=text(move || format!("{}px", fixed(height.get(), 0)))>
            <canvas role="img" aria-label=label></canvas>
            <div class="still" inner_html=still(picture, height.get_untracked())></div>
        </div>
    }
}

/// The times along an axis, as text under a plot.
#[component]
pub fn AxisLabels(axis: Derived<Axis>, shown: Derived<bool>) -> impl IntoView {
    // A handful of spans without a behaviour: their HTML is all there is to them.
    let labels = text(move || {
        if !shown.get() {
            return String::new();
        }
        let axis = axis.get();
        let label = |(t, words): (&Nanos, String)| {
            let at = axis.position(*t);
            let class = match at {
                at if at > 0.93 => " class=last",
                at if at < 0.04 => " class=first",
                _ => "",
            };
            format!(
                "<span{class} style=\"left:{}%\">{words}</span>",
                fixed(at * 100.0, 1)
            )
        };
        let times = axis.ticks(6);
        let labels = times.iter().zip(ticks(&times)).map(label);
        labels.collect::<String>()
    });
    view! { <div class="axis" aria-hidden="true" inner_html=labels></div> }
}

/// Stills stay out of the browser's build: hydration leaves the prerendered one alone.
#[cfg(not(feature = "ssr"))]
fn still(_: Derived<Picture>, _: f64) -> String {
    String::new()
}

#[cfg(feature = "ssr")]
fn still(picture: Derived<Picture>, height: f64) -> String {
    use plotters::prelude::*;

    use crate::chart::{Colour, Paper};

    // Coarse enough to be small, fine enough to read; the page stretches it. White and black
    // stand for the page's own colours, which the style sheet knows.
    // A distribution's bars are narrower than a request's.
    let picture = picture.get_untracked();
    let width = match picture {
        Picture::Timeline(_) => 37,
        Picture::Curve(_) => 60,
    };
    let height = (height / 7.0).round().max(1.0) as u32;
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        let paper = Paper {
            width,
            height,
            ratio: 1.0,
            ink: Colour(255, 255, 255),
            ground: Colour(0, 0, 0),
        };
        let drawn = picture.draw(&area, paper);
        if drawn.and_then(|()| area.present()).is_err() {
            return String::new();
        }
    }
    crate::chart::themed(&svg, width, height)
}

#[cfg(feature = "hydrate")]
pub use browser::{paint, paint_key};

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::html::Div;
    use leptos::prelude::*;
    use plotters::coord::Shift;
    use plotters::prelude::*;
    use plotters_canvas::CanvasBackend;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Element, HtmlCanvasElement};

    use crate::chart::{Colour, Paper, Picture, Shade, draw_key};
    use crate::widgets::{Derived, RwSignal, effect, in_turn, theme_changes};

    /// Draws now and whenever the picture, the canvas's size or the theme changes.
    pub(super) fn draw_on_change(node: NodeRef<Div>, picture: Derived<Picture>) {
        let size = RwSignal::new((0.0_f64, 0.0_f64));
        // The plot's first child.
        let canvas = move || Some(node.get()?.first_element_child()?.unchecked_into());
        effect(move || {
            let Some(canvas) = canvas() else { return };
            observe_size(&canvas, size);
        });
        effect(move || {
            let (Some(canvas), (width, height)) = (canvas(), size.get()) else {
                return;
            };
            theme_changes().track();
            if width >= 1.0 && height >= 1.0 {
                let ratio = window().device_pixel_ratio();
                paint(&canvas, &canvas, &picture.get(), (width, height), ratio);
            }
        });
    }

    /// Keeps `size` equal to the canvas's size in CSS pixels.
    fn observe_size(canvas: &HtmlCanvasElement, size: RwSignal<(f64, f64)>) {
        let observed = canvas.clone();
        let report = move || {
            let rect = observed.get_bounding_client_rect();
            let new = (rect.width(), rect.height());
            // To measure and to draw are two pieces of work.
            in_turn(move || {
                if size.get_untracked() != new {
                    size.set(new);
                }
            });
        };
        in_turn(report.clone());
        let resized = Closure::<dyn FnMut()>::new(move || in_turn(report.clone()));
        if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(canvas);
        }
        resized.forget();
    }

    /// Draws `picture` over the whole canvas, which gets `size` CSS pixels of `ratio` device pixels, in
    /// the colours of `styled`.
    pub fn paint(
        canvas: &HtmlCanvasElement,
        styled: &Element,
        picture: &Picture,
        size: (f64, f64),
        ratio: f64,
    ) {
        let draw = |area: &Area, paper| picture.draw(area, paper);
        on_paper(canvas, styled, size, ratio, &draw);
    }

    /// Draws a shade, hatched or not, over the whole canvas, as [`paint`] does a picture.
    pub fn paint_key(
        canvas: &HtmlCanvasElement,
        styled: &Element,
        look: (Shade, bool),
        size: (f64, f64),
        ratio: f64,
    ) {
        let draw = |area: &Area, paper| draw_key(look, area, paper);
        on_paper(canvas, styled, size, ratio, &draw);
    }

    type Area = DrawingArea<CanvasBackend, Shift>;

    /// Gives the canvas its size and has `draw` cover it.
    fn on_paper<E>(
        canvas: &HtmlCanvasElement,
        styled: &Element,
        size: (f64, f64),
        ratio: f64,
        draw: &dyn Fn(&Area, Paper) -> Result<(), E>,
    ) {
        let device = |css: f64| (css * ratio).round() as u32;
        let (width, height) = (device(size.0), device(size.1));
        // Setting a size, even the same one, clears the canvas.
        canvas.set_width(width);
        canvas.set_height(height);
        let (Some(ink), Some(ground)) = (colour(styled, "--model"), colour(styled, "--card"))
        else {
            return;
        };
        let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) else {
            return;
        };
        let paper = Paper {
            width,
            height,
            ratio,
            ink,
            ground,
        };
        // A canvas has no failing calls that a redraw could mend.
        let _ = draw(&backend.into_drawing_area(), paper);
    }

    /// The computed colour of a custom property, registered as a colour in the style sheet.
    fn colour(styled: &Element, name: &str) -> Option<Colour> {
        let style = web_sys::window()?.get_computed_style(styled).ok()??;
        let text = style.get_property_value(name).ok()?;
        let mut parts = text
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|part| part.parse::<u8>().ok());
        Some(Colour(parts.next()?, parts.next()?, parts.next()?))
    }
}
