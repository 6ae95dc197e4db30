//! What the lab's runs came to: the whole report as a table, and the settings to paste.

use leptos::prelude::*;

use super::controls::Shape;
use crate::figures::{Number, Stage, metric};
use crate::scenario::snippets;

/// The report's numbers, in the order that a reader asks for them.
const ROWS: &[&str] = &[
    "makespan_ms",
    "completed",
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
pub(super) fn Results(stage: Stage, shape: Memo<Shape>) -> impl IntoView {
    let table = move || {
        let cases = shape.read().len();
        let label = |case: usize| stage.runs.with_untracked(|runs| runs.at(case).0.label);
        let heads = (0..cases)
            .map(|case| view! { <th scope="col">{label(case)}</th> })
            .collect_view();
        let rows = ROWS
            .iter()
            .filter_map(|name| metric(name))
            .map(|metric| {
                let cells = (0..cases)
                    .map(|case| view! { <td><Number stage case name=metric.name /></td> })
                    .collect_view();
                view! { <tr><th scope="row">{metric.label}</th>{cells}</tr> }
            })
            .collect_view();
        view! {
            <table>
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    };
    view! { <div class="table report" tabindex="0" role="region" aria-label="Report">{table}</div> }
}

/// Each system as the configuration that its reader would deploy.
#[component]
pub(super) fn Settings(stage: Stage, shape: Memo<Shape>) -> impl IntoView {
    let samples = move || {
        let runs = stage.runs.read();
        let several = shape.read().len() > 1;
        runs.0
            .iter()
            .flat_map(|(case, _)| {
                snippets(&case.scenario).into_iter().map(move |snippet| {
                    let title = match several {
                        true => format!("{}: {}", case.label, snippet.title),
                        false => snippet.title.to_owned(),
                    };
                    view! {
                        <div class="code">
                            <div class="code-head">
                                <span>{title.clone()}</span>
                                <button type="button" class="copy">"Copy"</button>
                            </div>
                            <pre tabindex="0" role="region" aria-label=format!("Code: {title}")>
                                <code>{snippet.code}</code>
                            </pre>
                        </div>
                    }
                })
            })
            .collect_view()
    };
    let open = RwSignal::new(false);
    let samples = move || open.get().then(samples);
    view! {
        <details class="settings" on:toggle=move |_| open.set(true)>
            <summary>"These systems as settings to paste"</summary>
            <div class="snippets">{samples}</div>
        </details>
    }
}
