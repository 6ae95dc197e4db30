//! A model's figure: its architecture at the playhead, its timeline, its five steps, its sliders.

use leptos::html::Div;
use leptos::prelude::*;

use super::frame::{Caption, Controls, Frame};
use super::metric::{metric, number};
use super::minimap::Minimap;
use super::shown::Shown;
use super::stage::{Stage, Start};
use super::steps::{Moments, Steps};
use super::tools::{Legend, Tools};
use crate::chart::{By, Picture};
use crate::scenario::{Scenario, plain};
use crate::simulation::{Nanos, Run, Snapshot};
use crate::widgets::{AxisLabels, Place, PlayerBar, RwSignal, derive, text};
use crate::words::{duration, within};

/// What a diagram draws: the run at the playhead and the request that the reader follows.
pub struct Scene<'a> {
    pub scenario: &'a Scenario,
    pub run: &'a Run,
    /// The moment, and where every request is then.
    pub at: Nanos,
    pub now: Snapshot,
    pub followed: Option<u32>,
}

/// A drawn diagram: its height for a width of [`WIDTH`], and the inside of its `<svg>`.
pub struct Diagram {
    pub height: f64,
    pub inside: String,
}

/// The numbers under the timeline.
const HEADLINES: [&str; 4] = [
    "makespan_ms",
    "latency_ms.p95",
    "peak_in_flight",
    "throughput_rps",
];

/// Every diagram's width in its own units.
pub const WIDTH: f64 = 380.0;

/// What one model's figure says and draws.
#[derive(Clone, Copy)]
pub struct Model {
    pub title: &'static str,
    pub fields: &'static [(&'static str, Option<f64>)],
    pub diagram: fn(&Scene<'_>) -> Diagram,
    pub moments: Moments,
    pub caption: fn(Stage) -> Caption,
}

/// Shows a model's figure with the playhead at `at` (0 to 1); every one through here, so that it is
/// compiled once.
pub fn model_figure(
    name: &'static str,
    start: Start,
    at: f64,
    place: Place,
    model: Model,
) -> String {
    place.show(move || view! { <ModelFigure stage=Stage::new(name, start, at) model /> })
}

/// One model at work, under its own sliders.
#[component]
fn ModelFigure(stage: Stage, model: Model) -> impl IntoView {
    let followed = RwSignal::new(None::<u32>);
    let scene = move |draw: &dyn Fn(&Scene<'_>) -> String| {
        stage.runs.with(|runs| {
            let (case, run) = &runs.0[0];
            let at = stage.player.now();
            draw(&Scene {
                scenario: &case.scenario,
                run,
                at,
                now: run.at(at),
                followed: followed.get(),
            })
        })
    };
    let drawn = move || {
        scene(&|scene| {
            let Diagram { height, inside } = (model.diagram)(scene);
            format!(
                "<svg viewBox=\"0 0 {} {}\" aria-hidden=\"true\">{inside}</svg>",
                plain(WIDTH),
                plain(height)
            )
        })
    };
    let numbers = text(move || {
        let runs = stage.runs.read();
        let item = |name: &str| {
            let label = metric(name).map_or("", |metric| metric.label);
            format!("<div><span>{label}</span>{}</div>", number(&runs, 0, name))
        };
        HEADLINES.map(item).concat()
    });
    let told = move || scene(&|scene| tell(&scene.now, stage.player.now()));
    let height = derive(move || {
        stage.runs.with(|runs| match By::lanes_of(&runs.0[0].1) {
            By::Lane => within(runs.0[0].1.lanes.len() as f64 * 14.0, 56.0, 224.0),
            _ => 140.0,
        })
    });
    let labels = text(move || {
        let labels = row_labels(stage).into_iter();
        labels
            .map(|label| format!("<span>{label}</span>"))
            .collect::<String>()
    });
    let axis = derive(move || stage.axis.get().part(stage.view.get().window));
    let body = NodeRef::<Div>::new();
    #[cfg(feature = "hydrate")]
    super::gestures::listen(body, stage);
    let kind = stage
        .setup
        .with_untracked(|setup| setup.cases[0].scenario.system.kind());
    view! {
        <div data-model=kind>
            <Frame stage title=model.title caption=model.caption>
                <PlayerBar player=stage.player step=stage.stepper() />
                <div class="diagram" role="img" aria-label=text(told) inner_html=text(drawn)></div>
                <div class="lanes" node_ref=body>
                    <div class="lane-names" aria-hidden="true" inner_html=labels></div>
                    <div class="lane-plot">
                        <Shown stage case=0 height />
                        <AxisLabels axis shown=derive(move || stage.view.get().is_in_time()) />
                        <Minimap stage />
                    </div>
                </div>
                <div class="under">
                    <Legend stage />
                    <Tools stage />
                </div>
                <div class="numbers" inner_html=numbers></div>
                <Steps stage followed moments=model.moments />
                <Controls stage fields=model.fields />
            </Frame>
        </div>
    }
}

/// The diagram in words.
fn tell(now: &Snapshot, t: u64) -> String {
    format!(
        "At {}: {} requests queued, {} in hand, {} done.",
        duration(t),
        now.queued,
        now.in_hand.len(),
        now.done
    )
}

/// The rows' names, where there is room for them.
fn row_labels(stage: Stage) -> Vec<String> {
    let Picture::Timeline(timeline) = stage.picture(0) else {
        return Vec::new();
    };
    let (run, rows) = (&timeline.run, &timeline.rows);
    let cores = stage.runs.with(|runs| runs.0[0].0.scenario.machine.cores);
    match rows.by {
        By::Request => vec![format!("{} requests", rows.count)],
        _ if rows.count <= 16 => (0..rows.count)
            .map(|row| rows.name(run, row, cores))
            .collect(),
        _ => vec![format!("{} rows", rows.count)],
    }
}
