//! A canvas that draws a chart sharply at its own size, and redraws when anything changes.

use leptos::prelude::*;

use super::text;
use crate::chart::{Axis, Chart};
use crate::words::{duration, fixed};

/// A chart on a canvas, with a native drawing for readers without WebAssembly.
#[component]
pub fn Plot<C: Chart + Send + Sync + 'static>(
    chart: Signal<C>,
    /// What the chart shows, in words.
    label: Signal<String>,
    /// Height in CSS pixels.
    #[prop(into)]
    height: Signal<f64>,
) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    #[cfg(feature = "hydrate")]
    browser::draw_on_change(canvas, chart);
    view! {
        <div class="plot" style:height=text(move || format!("{}px", fixed(height.get(), 0)))>
            <canvas node_ref=canvas role="img" aria-label=label></canvas>
            <div class="still" aria-hidden="true" inner_html=still(chart, height.get_untracked())></div>
        </div>
    }
}

/// The times along an axis, as text under a plot.
#[component]
pub fn AxisLabels(axis: Signal<Axis>, shown: Signal<bool>) -> impl IntoView {
    // A handful of spans without a behaviour: their HTML is all there is to them.
    let labels = text(move || {
        if !shown.get() {
            return String::new();
        }
        let axis = axis.get();
        let label = |t| {
            let at = axis.position(t);
            let class = if at > 0.93 { " class=last" } else { "" };
            format!(
                "<span{class} style=\"left:{}%\">{}</span>",
                fixed(at * 100.0, 1),
                duration(t)
            )
        };
        axis.ticks(6).into_iter().map(label).collect::<String>()
    });
    view! { <div class="axis" aria-hidden="true" inner_html=labels></div> }
}

/// Stills stay out of the browser's build: hydration leaves the prerendered one alone.
#[cfg(not(feature = "ssr"))]
fn still<C: Chart + Send + Sync + 'static>(_: Signal<C>, _: f64) -> String {
    String::new()
}

#[cfg(feature = "ssr")]
fn still<C: Chart + Send + Sync + 'static>(chart: Signal<C>, height: f64) -> String {
    use plotters::prelude::*;

    use crate::chart::{Colour, Paper};

    // Coarse enough to be small, fine enough to read; the page stretches it. White and black
    // stand for the page's own colours, which the style sheet knows.
    let (width, height) = (80, (height / 4.0).round().max(1.0) as u32);
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
        let drawn = chart.with_untracked(|chart| chart.draw(&area, paper));
        if drawn.and_then(|()| area.present()).is_err() {
            return String::new();
        }
    }
    crate::chart::themed(&svg, width, height)
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::html::Canvas;
    use leptos::prelude::*;
    use plotters::prelude::*;
    use plotters_canvas::CanvasBackend;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::HtmlCanvasElement;

    use crate::chart::{Chart, Colour, Paper};
    use crate::widgets::{Theme, effect, in_turn};

    /// Draws now and whenever the chart, the canvas's size or the theme changes.
    pub(super) fn draw_on_change<C: Chart + Send + Sync + 'static>(
        canvas: NodeRef<Canvas>,
        chart: Signal<C>,
    ) {
        let size = RwSignal::new((0.0_f64, 0.0_f64));
        let theme = use_context::<Theme>();
        effect(move || {
            let Some(canvas) = canvas.get() else { return };
            observe_size(&canvas, size);
        });
        effect(move || {
            let (Some(canvas), (width, height)) = (canvas.get(), size.get()) else {
                return;
            };
            if let Some(Theme(changes)) = theme {
                changes.track();
            }
            if width >= 1.0 && height >= 1.0 {
                chart.with(|chart| draw(&canvas, chart, width, height));
            }
        });
    }

    /// Keeps `size` equal to the canvas's size in CSS pixels.
    fn observe_size(canvas: &HtmlCanvasElement, size: RwSignal<(f64, f64)>) {
        let observed = canvas.clone();
        let report = move || {
            let rect = observed.get_bounding_client_rect();
            let new = (rect.width(), rect.height());
            if size.try_get_untracked().is_some_and(|old| old != new) {
                size.set(new);
            }
        };
        in_turn(report.clone());
        let resized = Closure::<dyn FnMut()>::new(move || in_turn(report.clone()));
        if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(canvas);
        }
        resized.forget();
    }

    /// Draws `chart` over the whole canvas in device pixels.
    fn draw<C: Chart>(canvas: &HtmlCanvasElement, chart: &C, width: f64, height: f64) {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let (w, h) = (
            (width * ratio).round() as u32,
            (height * ratio).round() as u32,
        );
        // Setting a size, even the same one, clears the canvas.
        canvas.set_width(w);
        canvas.set_height(h);
        let (Some(ink), Some(ground)) = (colour(canvas, "--model"), colour(canvas, "--card"))
        else {
            return;
        };
        let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) else {
            return;
        };
        let paper = Paper {
            width: w,
            height: h,
            ratio,
            ink,
            ground,
        };
        // A canvas has no failing calls that a redraw could mend.
        let _ = chart.draw(&backend.into_drawing_area(), paper);
    }

    /// The computed colour of a custom property, registered as a colour in the style sheet.
    fn colour(canvas: &HtmlCanvasElement, name: &str) -> Option<Colour> {
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        let text = style.get_property_value(name).ok()?;
        let mut parts = text
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|part| part.parse::<u8>().ok());
        Some(Colour(parts.next()?, parts.next()?, parts.next()?))
    }
}
