//! Runs side by side: a band a system, the same requests, one time axis or each its own.

use leptos::html::Div;
use leptos::prelude::*;

use super::frame::{Caption, Controls, Frame};
use super::metric::number;
use super::minimap::Minimap;
use super::setup::{Case, describe};
use super::shown::Shown;
use super::stage::{Runs, Stage, Start};
use super::tools::{Legend, Tools};
use super::view::View;
use crate::chart::By;
use crate::scenario::Arrivals;
use crate::simulation::Run;
use crate::widgets::{AxisLabels, Place, PlayerBar, derive, text};
use crate::words::{count, grouped};

/// How a figure of bands looks and what it lets the reader change.
#[derive(Clone, Copy)]
pub struct Look {
    pub title: &'static str,
    /// Height of each band's plot in CSS pixels.
    pub height: f64,
    /// Whether each system's timeline is drawn by lane rather than by request.
    pub by_lane: bool,
    /// The number that stands out beside each band: a metric's name. Where requests come at a rate it is p95 in place
    /// of the makespan.
    pub big: &'static str,
    /// What that is in words, where it is not the last answer's time, and the metric after it; not where p95 is in its place.
    pub aside: (&'static str, &'static str),
    /// The controls, as [`Controls`] takes them.
    pub fields: &'static [(&'static str, Option<f64>)],
    pub caption: fn(Stage) -> Caption,
    /// What it shows at first: a place among the forms of a run.
    pub aspect: usize,
    /// Whether it plays once when it is first seen.
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "plays in the browser"))]
    pub plays: bool,
}

impl Look {
    /// The rows that its runs are drawn in.
    pub fn rows(self) -> fn(&Case, &Run) -> By {
        match self.by_lane {
            true => |case, run| match case.id {
                // Such a case shows the run from its clients' end.
                CLIENTS => By::Client,
                _ => By::lanes_of(run),
            },
            false => |_, _| By::Request,
        }
    }
}

/// Shows a figure of bands; every one of them through here, so that it is compiled once.
pub fn bands(name: &'static str, start: Start, place: Place, look: Look) -> String {
    place.show(move || {
        let rows = look.rows();
        let stage = Stage::new(name, start, 1.0);
        let aspect = look.aspect;
        stage.view.set(View {
            aspect,
            ..View::ALL
        });
        view! { <Bands stage=Stage { rows, ..stage } look /> }
    })
}

/// One band a case, sliders, and a playhead over all of them.
#[component]
fn Bands(stage: Stage, look: Look) -> impl IntoView {
    let count = stage.setup.with_untracked(|setup| setup.cases.len());
    view! {
        <Frame
            stage
            title=look.title
            head=true
            caption=look.caption
        >
            <Runway stage look count />
            <Controls stage fields=look.fields />
        </Frame>
    }
}

/// Up to `count` bands on one axis, with the player above and the legend below them.
#[component]
pub fn Runway(stage: Stage, look: Look, count: usize) -> impl IntoView {
    let bands = (0..count)
        .map(|case| view! { <Band stage look case /> })
        .collect_view();
    let body = NodeRef::<Div>::new();
    #[cfg(feature = "hydrate")]
    {
        super::gestures::listen(body, stage);
        if look.plays {
            super::seen::play_once(body, stage.player);
        }
    }
    let axis = derive(move || stage.axis.get().part(stage.view.get().window));
    view! {
        <PlayerBar player=stage.player step=stage.stepper() />
        <div class="bands" data-revealing=text(move || (stage.player.at.get() < 1.0 && stage.view.get().is_in_time()).to_string()) node_ref=body>
            {bands}
            <div class="band-axis">
                <AxisLabels axis shown=derive(move || stage.scale.get() == 0 && stage.view.get().is_in_time()) />
                <Minimap stage />
            </div>
        </div>
        <div class="under">
            <Legend stage />
            <Tools stage />
        </div>
    }
}

/// One system: its name, its timeline, its numbers; without a model, and hidden, while there is no such case.
#[component]
fn Band(stage: Stage, look: Look, case: usize) -> impl IntoView {
    let kind = text(move || {
        let runs = stage.runs.read();
        let case = runs.0.get(case);
        case.map_or("", |(case, _)| case.scenario.system.kind())
    });
    let axis = derive(move || stage.axis_of(case).part(stage.view.get().window));
    let name = text(move || {
        let runs = stage.runs.read();
        let case = &runs.at(case).0;
        let setting = match case.scenario.workload.arrivals {
            Arrivals::Closed { clients, .. } if case.id == CLIENTS => {
                count(grouped(clients.into()), "client") + ", one request each"
            }
            _ => describe(&case.scenario),
        };
        format!("<strong>{}</strong><span>{setting}</span>", case.label)
    });
    let numbers = text(move || {
        let runs = stage.runs.read();
        if case >= runs.0.len() {
            return String::new();
        }
        let number = |name| number(&runs, case, name);
        // Where requests come at a rate, when the last one is done says little.
        let (big, (words, second)) = match runs.at(case).0.scenario.workload.arrivals {
            Arrivals::Poisson { .. } | Arrivals::Paced { .. } if look.big == "makespan_ms" => {
                ("latency_ms.p95", ("p95, done after", look.big))
            }
            _ => (look.big, look.aside),
        };
        // Every client has a request in flight, or is about to send one; and the memory is the server's.
        let server = |most, name, words| match runs.at(case).0.id {
            CLIENTS => String::new(),
            _ => format!(" · <i>{most}{}{words}</i>", number(name)),
        };
        format!(
            "<span class=\"big\">{}</span><span><i>{words} {}</i>{}</span><span>{}</span>",
            number(big),
            number(second),
            server("max ", "peak_in_flight", " in flight"),
            moment(stage, &runs, case)
                .unwrap_or_else(|| number("throughput_rps") + &server("", "memory_mb", "")),
        )
    });
    view! {
        <div class="band" data-model=kind>
            <div class="band-name" inner_html=name></div>
            <div class="band-plot">
                <Shown stage case height=derive(move || look.height) />
                <AxisLabels axis shown=derive(move || stage.scale.get() != 0 && stage.view.get().is_in_time()) />
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
