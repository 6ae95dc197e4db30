//! What the lab's runs came to: the whole report as a table, and the settings to paste.

use leptos::prelude::*;

use crate::parts::{Case, Stage, mebibytes, metric, number};
use crate::scenario::{Snippet, snippets};
use crate::widgets::{Memo, html, text};

/// The report's numbers, in the order that a reader asks for them.
const ROWS: &[&str] = &[
    "makespan_ms",
    "completed",
    "failed.client_timeout",
    "failed.worker_timeout",
    "failed.refused",
    "failed.crashed",
    "throughput_rps",
    "latency_ms.mean",
    "latency_ms.p50",
    "latency_ms.p90",
    "latency_ms.p95",
    "latency_ms.p99",
    "latency_ms.max",
    "wait_ms.mean",
    "wait_ms.p95",
    "peak_in_flight",
    "cpu_utilisation",
    "memory_mb",
    "context_switches",
];

/// The whole report of every system, side by side.
#[component]
pub(super) fn Results(stage: Stage) -> impl IntoView {
    let table = text(move || {
        let runs = stage.runs.read();
        let cases = 0..runs.0.len();
        let heads: String = cases
            .clone()
            .map(|case| format!("<th scope=\"col\">{}</th>", runs.at(case).0.label))
            .collect();
        let row = |label, cell: &dyn Fn(usize) -> String| {
            let cells = cases.clone().map(|case| format!("<td>{}</td>", cell(case)));
            let cells = cells.collect::<String>();
            format!("<tr><th scope=\"row\">{label}</th>{cells}</tr>")
        };
        let rows = ROWS.iter().filter_map(|name| metric(name));
        // What did not happen needs no row.
        let rows = rows.filter(|metric| {
            let some = |case| metric.of(&runs.at(case).1.report).0 > 0.0;
            !metric.name.starts_with("failed.") || cases.clone().any(some)
        });
        let preloaded = |case| runs.at(case).1.preloaded_mb;
        let rows = rows.map(|metric| {
            let mut rows = row(metric.label, &|case| number(&runs, case, metric.name));
            if metric.name == "memory_mb" && cases.clone().any(|case| preloaded(case).is_some()) {
                let memory = |case| preloaded(case).map_or("\u{2013}".to_owned(), mebibytes);
                rows += &row("With preload_app", &memory);
            }
            rows
        });
        let rows: String = rows.collect();
        format!("<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    });
    view! { <div class="table report" tabindex="0" role="region" aria-label="Report" inner_html=table></div> }
}

/// Each system as the configuration that its reader would deploy.
#[component]
pub(super) fn Settings(stage: Stage) -> impl IntoView {
    // Only a change of setting rewrites them, so that a selection outlives a moving slider.
    let samples = Memo::new(move |_| {
        let runs = stage.runs.read();
        let several = runs.0.len() > 1;
        let sample = |(case, snippet): (&Case, Snippet)| {
            let title = match several {
                true => format!("{}: {}", case.label, snippet.title),
                false => snippet.title.to_owned(),
            };
            html::sample(&title, &html::escape(&snippet.code))
        };
        runs.0
            .iter()
            .flat_map(|(case, _)| snippets(&case.scenario).into_iter().map(move |s| (case, s)))
            .map(sample)
            .collect::<String>()
    });
    view! {
        <p class="settings">"Settings to paste"</p>
        <div class="snippets" inner_html=text(move || samples.get())></div>
    }
}
