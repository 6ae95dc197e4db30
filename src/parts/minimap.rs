//! The whole run in small, with the part of it that is in view.

use leptos::prelude::*;

use super::stage::Stage;
use super::view::View;
use crate::chart::{By, Curve, Of, Picture, Rows, Scale, Window};
use crate::widgets::{Plot, derive, text};
use crate::words::percent;

/// How high it is in CSS pixels.
const HEIGHT: f64 = 18.0;

/// The longest run's requests in flight, and the window on it.
#[component]
pub fn Minimap(stage: Stage) -> impl IntoView {
    let picture = derive(move || {
        let axis = stage.axis.get();
        let runs = stage.runs.read();
        let (case, run) = runs
            .0
            .iter()
            .max_by_key(|(_, run)| run.end)
            .unwrap_or(runs.at(0));
        Picture::Curve(Curve {
            run: run.clone(),
            rows: Rows::of(run, By::Request),
            axis,
            of: Of::InFlight,
            scale: Scale::default(),
            cores: case.scenario.machine.cores,
            gil: case.scenario.machine.gil,
            shown: View::ALL.shown,
        })
    });
    let seen = text(move || {
        let view = stage.view.get();
        if !view.is_in_time() {
            return String::new();
        }
        let window = view.window;
        // Nothing is left out of the whole.
        let frame = if window == Window::WHOLE {
            ";opacity:0"
        } else {
            ""
        };
        format!(
            "<div class=\"seen\" style=\"left:{};width:{}{frame}\"></div>",
            percent(window.from),
            percent(window.width())
        )
    });
    let label = text(|| "The whole run");
    view! {
        <div class="minimap">
            <Plot picture label height=derive(|| HEIGHT) />
            <div inner_html=seen></div>
        </div>
    }
}
