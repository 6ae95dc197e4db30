//! The lab: every parameter, up to four systems under the same requests, shared by link.

mod controls;
#[cfg(feature = "hydrate")]
mod link;
mod repeated;
mod results;
mod state;
mod theory;

use std::sync::Arc;

use leptos::prelude::*;

use crate::parts::{Caption, Case, Figure, Frame, Look, Runway, Stage};
use crate::scenario::MOST_SYSTEMS;
use crate::simulation::Run;
use crate::widgets::html::escape;
use crate::widgets::{Memo, RwSignal, text};
use crate::words::milliseconds;
use controls::{LabForm, shape};
use repeated::Repeated;
use results::{Results, Settings};
use state::default_setup;
use theory::TheoryNotes;

pub const FIGURE: Figure = Figure {
    name: "lab",
    wide: true,
    setup: default_setup,
    show: |name, start, place| {
        place.show(move || {
            let rows = LOOK.rows();
            view! { <Lab stage=Stage { rows, ..Stage::new(name, start, 1.0) } /> }
        })
    },
};

const LOOK: Look = Look {
    title: "The lab",
    height: 96.0,
    by_lane: true,
    big: "makespan_ms",
    aside: ("p95", "latency_ms.p95"),
    fields: &[],
    caption,
    aspect: 0,
    plays: false,
};

#[component]
fn Lab(stage: Stage) -> impl IntoView {
    let (problem, chosen) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    #[cfg(feature = "hydrate")]
    link::follow(link::Target {
        stage,
        problem,
        chosen,
    });
    let shape = Memo::new(move |_| shape(&stage.setup.read()));
    view! {
        <Frame
            stage
            title=LOOK.title
            head=true
            caption=LOOK.caption
        >
            <p class="problem link-problem" role="alert" inner_html=text(move || problem.with(|problem| escape(problem)))></p>
            <Runway stage look=LOOK count=MOST_SYSTEMS />
            <LabForm stage shape problem chosen />
            <Results stage />
            <TheoryNotes stage />
            <Repeated stage />
            <Settings stage />
        </Frame>
    }
}

/// Who was first, and what the systems have to say.
fn caption(stage: Stage) -> Caption {
    let runs = stage.runs.read();
    let p95 = |of: &&(Case, Arc<Run>)| of.1.report.latency_ms.p95;
    let best = runs.0.iter().min_by(|a, b| p95(a).total_cmp(&p95(b)));
    let worst = runs.0.iter().max_by(|a, b| p95(a).total_cmp(&p95(b)));
    let told = |run: &Run| milliseconds(run.report.latency_ms.p95);
    // Who answers little may do it fast.
    let lost = runs
        .0
        .iter()
        .any(|(_, run)| run.report.completed < run.requests.len() as u32);
    let lead = match (best, worst) {
        _ if lost => {
            let answered = runs.0.iter().map(|(case, run)| {
                let (completed, all) = (run.report.completed, run.requests.len());
                format!("{} answers {completed} of {all} requests. ", case.label)
            });
            answered.collect()
        }
        (Some((_, run)), Some((_, other))) if runs.0.len() > 1 && told(run) == told(other) => {
            format!("All have a 95th percentile of {}.", told(run))
        }
        (Some((_, run)), Some((_, other))) if runs.0.len() > 1 => {
            let all_at = |p95: String| {
                let at = runs.0.iter().filter(|(_, run)| told(run) == p95);
                let labels: Vec<&str> = at.map(|(case, _)| case.label).collect();
                labels.join(" and ")
            };
            let (low, high) = (all_at(told(run)), all_at(told(other)));
            format!(
                "The lowest 95th percentile, {}: {low}. The highest, {}: {high}.",
                told(run),
                told(other),
            )
        }
        (Some((only, run)), _) => format!(
            "{}: 95 of 100 requests are answered within {}.",
            only.label,
            told(run)
        ),
        _ => String::new(),
    };
    let notes: Vec<String> = runs
        .0
        .iter()
        .flat_map(|(case, run)| {
            run.report
                .notes
                .iter()
                .map(|note| format!("{}: {note}.", case.label))
        })
        .collect();
    (lead, notes.join(" "))
}
