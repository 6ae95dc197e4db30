//! Runs side by side: a band a system, the same requests, one time axis or each its own.

use leptos::html::Div;
use leptos::prelude::*;

use super::frame::{Caption, Controls, Frame, Legend};
use super::metric::number;
use super::setup::describe;
use super::stage::{Runs, Stage, Start};
use crate::chart::{Axis, By, Timeline};
use crate::widgets::{AxisLabels, Place, PlayerBar, Plot, derive, flag, text};
use crate::words::milliseconds;

/// How a figure of bands looks and what it lets the reader change.
#[derive(Clone, Copy)]
pub struct Look {
    pub title: &'static str,
    /// Height of each band's plot in CSS pixels.
    pub height: f64,
    /// Whether each system's timeline is drawn by lane rather than by request.
    pub by_lane: bool,
    /// The number that stands out beside each band: a metric's name.
    pub big: &'static str,
    /// What that is in words, where it is not the last answer's time, and the metric after it.
    pub aside: (&'static str, &'static str),
    /// The controls, as [`Controls`] takes them.
    pub fields: &'static [(&'static str, Option<f64>)],
    pub caption: fn(Stage) -> Caption,
    /// Whether it plays once when it is first seen.
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "plays in the browser"))]
    pub plays: bool,
}

/// Shows a figure of bands; every one of them through here, so that it is compiled once.
pub fn bands(name: &'static str, start: Start, place: Place, look: Look) -> String {
    place.show(move || view! { <Bands stage=Stage::new(name, start, 1.0) look /> })
}

/// One band a case, sliders, and a playhead over all of them.
#[component]
fn Bands(stage: Stage, look: Look) -> impl IntoView {
    let scale = RwSignal::new(0_usize);
    let count = stage.setup.with_untracked(|setup| setup.cases.len());
    view! {
        <Frame
            stage
            title=look.title
            scale
            caption=look.caption
        >
            <Runway stage look count scale />
            <Controls stage fields=look.fields />
        </Frame>
    }
}

/// Up to `count` bands on one axis, with the player above and the legend below them.
#[component]
pub fn Runway(stage: Stage, look: Look, count: usize, scale: RwSignal<usize>) -> impl IntoView {
    let bands = (0..count)
        .map(|case| view! { <Band stage look case scale /> })
        .collect_view();
    let body = NodeRef::<Div>::new();
    #[cfg(feature = "hydrate")]
    if look.plays {
        super::seen::play_once(body, stage.player);
    }
    view! {
        <PlayerBar player=stage.player />
        <div class="bands" class:revealing=flag(move || stage.player.at.get() < 1.0) node_ref=body>
            {bands}
            <div class="band-axis">
                <AxisLabels axis=stage.axis shown=flag(move || scale.get() == 0) />
            </div>
        </div>
        <Legend stage by_request=!look.by_lane />
    }
}

/// One system: its name, its timeline, its numbers; hidden while there is no such case.
#[component]
fn Band(stage: Stage, look: Look, case: usize, scale: RwSignal<usize>) -> impl IntoView {
    let kind = move || {
        let runs = stage.runs.read();
        runs.at(case).0.scenario.system.kind()
    };
    let absent = flag(move || stage.runs.with(|runs| case >= runs.0.len()));
    let axis = derive(move || match scale.get() {
        0 => stage.axis.get(),
        _ => stage.runs.with(|runs| Axis::to(runs.at(case).1.end)),
    });
    let chart = derive(move || {
        let (id, run) = stage.runs.with(|runs| {
            let (case, run) = runs.at(case);
            (case.id, run.clone())
        });
        Timeline {
            // Such a case shows the run from its clients' end.
            by: if id == CLIENTS {
                By::Client
            } else if look.by_lane {
                By::lanes_of(&run)
            } else {
                By::Request
            },
            run,
            axis: axis.get(),
        }
    });
    let name = text(move || {
        let runs = stage.runs.read();
        let case = &runs.at(case).0;
        format!(
            "<strong>{}</strong><span>{}</span>",
            case.label,
            describe(&case.scenario)
        )
    });
    let words = derive(move || {
        stage.runs.with(|runs| {
            let (case, run) = runs.at(case);
            format!(
                "Timeline of {}: {} requests answered within {}",
                case.label,
                run.report.completed,
                milliseconds(run.report.makespan_ms),
            )
        })
    });
    let numbers = text(move || {
        let runs = stage.runs.read();
        if case >= runs.0.len() {
            return String::new();
        }
        let number = |name| number(&runs, case, name);
        let (words, second) = look.aside;
        format!(
            "<span class=\"big\">{}</span><span>{words} {} · {} in flight</span><span>{}</span>",
            number(look.big),
            number(second),
            number("peak_in_flight"),
            moment(stage, &runs, case).unwrap_or_else(|| number("throughput_rps")),
        )
    });
    view! {
        <div class="band" hidden=absent data-model=text(kind)>
            <div class="band-name" inner_html=name></div>
            <div class="band-plot">
                <Plot chart label=words height=look.height />
                <div class="cursor" aria-hidden="true"></div>
                <AxisLabels axis shown=flag(move || scale.get() != 0) />
            </div>
            <div class="band-numbers" inner_html=numbers></div>
        </div>
    }
}

/// The case that shows a run a row a client.
pub const CLIENTS: &str = "clients";

/// The most requests of which a moment is counted while a run plays.
const COUNTED: usize = 20_000;

/// How many requests are answered and in line at the playhead, while it is on its way.
fn moment(stage: Stage, runs: &Runs, case: usize) -> Option<String> {
    let run = &runs.at(case).1;
    if stage.player.at.get() >= 1.0 || run.requests.len() > COUNTED {
        return None;
    }
    let now = run.at(stage.player.now());
    Some(format!("{} done · {} in line", now.done, now.queued))
}
