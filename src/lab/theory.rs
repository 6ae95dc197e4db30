//! What queueing theory says of the lab's systems, beside what was simulated.

use std::sync::Arc;

use leptos::prelude::*;

use crate::parts::{Case, Stage};
use crate::scenario::{MOST_REQUESTS, Scenario};
use crate::simulation::Run;
use crate::simulation::theory::{Bound, Measure, interval, theory};
use crate::widgets::html::escape;
use crate::widgets::text;
use crate::words::{fixed, grouped, milliseconds};

/// A sentence for each system.
#[component]
pub(super) fn TheoryNotes(stage: Stage) -> impl IntoView {
    let notes = text(move || {
        let runs = stage.runs.read();
        let note = |(case, run): &(Case, Arc<Run>)| {
            let words = sentence(&case.scenario, run);
            format!(
                "<p><strong>{}.</strong> {}.</p>",
                case.label,
                escape(&words)
            )
        };
        let notes = runs.0.iter().map(note);
        format!(
            "<p><strong>Beside theory</strong></p>{}",
            notes.collect::<String>()
        )
    });
    view! { <div class="theory" inner_html=notes></div> }
}

#[inline(never)]
fn sentence(scenario: &Scenario, run: &Run) -> String {
    let theory = match theory(scenario) {
        Ok(theory) => theory,
        Err(why) => return format!("Theory is silent: {why}"),
    };
    let measure = theory.measure;
    let name = match measure {
        Measure::Makespan => "the last answer comes after",
        Measure::MeanWait => "the mean wait is",
        Measure::MeanLatency => "the mean latency is",
        Measure::Throughput => "the throughput is",
    };
    let bound = match theory.bound {
        Bound::Exact | Bound::Mean => "",
        Bound::AtLeast => "at least ",
        Bound::AtMost => "in the long run at most ",
    };
    let written = |x: f64| match measure {
        Measure::Throughput => format!("{}/s", fixed(x, 1)),
        _ => milliseconds(x),
    };
    let simulated = written(measure.of(&run.report));
    let least = theory.least.ceil();
    let sure = match (theory.bound, interval(run, measure)) {
        (Bound::Mean, Some(interval)) if run.requests.len() as f64 >= least => format!(
            "{} ± {} with 99\u{a0}% confidence",
            written(interval.mean),
            written(interval.half_width)
        ),
        (Bound::Mean, _) => {
            let most = MOST_REQUESTS as f64;
            let more = if least > most { "more than " } else { "" };
            let least = grouped(least.min(most));
            format!("{simulated} (an interval takes {more}{least} requests)")
        }
        _ => simulated,
    };
    let (formula, value) = (theory.formula, written(theory.value));
    format!("In theory {name} {bound}{value} ({formula}); simulated: {sure}")
}
