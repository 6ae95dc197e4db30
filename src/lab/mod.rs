//! The lab: every parameter, up to four systems under the same requests, shared by link.

mod controls;
#[cfg(feature = "hydrate")]
mod link;
mod results;
mod state;

use leptos::prelude::*;

use crate::chart::milliseconds;
use crate::figures::{Band, Caption, Figure, Frame, Legend, Look, Stage};
use crate::widgets::{AxisLabels, PlayerBar, Segments, Views, flag, maybe};
use controls::{LabForm, shape};
use results::{Results, Settings};
use state::default_setup;

pub const FIGURE: Figure = Figure {
    name: "lab",
    wide: true,
    setup: default_setup,
    view: |name, setup| view! { <Lab stage=Stage::new(name, setup, 1.0) /> }.into_any(),
};

const LOOK: Look = Look {
    title: "The lab",
    height: 96.0,
    by_lane: true,
    fields: &[],
    caption,
    plays: false,
};

#[component]
fn Lab(stage: Stage) -> impl IntoView {
    let scale = RwSignal::new(0_usize);
    let problem = RwSignal::new(None::<String>);
    #[cfg(feature = "hydrate")]
    link::follow(stage, problem);
    let shape = Memo::new(move |_| shape(&stage.setup.read()));
    let bands = move || {
        (0..shape.read().len())
            .map(|case| view! { <Band stage look=LOOK case scale /> }.into_any())
            .collect::<Views>()
    };
    view! {
        <Frame
            stage
            title=LOOK.title
            tools=view! {
                <Segments label="Time axis" options=&["one clock", "own scale"] chosen=scale />
            }
            .into_any()
            caption=LOOK.caption
        >
            <p class="problem link-problem" role="alert">{maybe(move || problem.get())}</p>
            <LabForm stage shape problem />
            <PlayerBar player=stage.player />
            <div class="bands" class:revealing=flag(move || stage.player.at.get() < 1.0)>
                {bands}
                <div class="band-axis">
                    <AxisLabels axis=stage.axis shown=flag(move || scale.get() == 0) />
                </div>
            </div>
            <Legend stage queued=true />
            <Results stage />
            <Settings stage />
        </Frame>
    }
}

/// Who was first, and what the systems have to say.
fn caption(stage: Stage) -> Caption {
    let runs = stage.runs.read();
    let mut order: Vec<_> = runs.0.iter().collect();
    order.sort_by(|a, b| a.1.report.latency_ms.p95.total_cmp(&b.1.report.latency_ms.p95));
    let lead = match (order.first(), order.last()) {
        (Some((best, run)), Some((worst, other))) if order.len() > 1 => format!(
            "{} has the lowest 95th percentile, {}; {} the highest, {}.",
            best.label,
            milliseconds(run.report.latency_ms.p95),
            worst.label,
            milliseconds(other.report.latency_ms.p95),
        ),
        (Some((only, run)), _) => format!(
            "{}: 95 of 100 requests are answered within {}.",
            only.label,
            milliseconds(run.report.latency_ms.p95)
        ),
        _ => String::new(),
    };
    let notes: Vec<String> = runs
        .0
        .iter()
        .flat_map(|(case, run)| run.report.notes.iter().map(|note| format!("{}: {note}.", case.label)))
        .collect();
    (lead, notes.join(" "))
}
