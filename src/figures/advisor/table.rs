//! Every setting that the advisor tried.

use leptos::prelude::*;

use super::answer::{model, shown};
use crate::figures::advice::{Advice, Trial, Verdict};

/// A group of rows for each family.
pub(super) fn trials(advice: &Advice) -> impl IntoView + use<> {
    let families = advice
        .trials
        .chunk_by(|a, b| a.candidate.family == b.candidate.family);
    let row = |trial: &Trial| {
        let picked = advice
            .pick
            .as_ref()
            .is_some_and(|pick| pick.candidate == trial.candidate);
        let class = match trial.verdict {
            _ if picked => "picked",
            Verdict::Good if trial.candidate.family.runs(advice.demand.code) => "good",
            _ => "out",
        };
        let verdict = if picked {
            "recommended".to_owned()
        } else {
            trial.verdict_words(&advice.demand)
        };
        view! {
            <tr class=class>
                <th scope="row"><code>{trial.candidate.command()}</code></th>
                <td>{shown(trial, "latency_ms.p95")}</td>
                <td>{shown(trial, "cpu_utilisation")}</td>
                <td>{shown(trial, "memory_mb")}</td>
                <td>{verdict}</td>
            </tr>
        }
    };
    families
        .map(|family| {
            view! {
                <tbody data-model=model(&family[0])>
                    <tr class="family"><th colspan="5" scope="rowgroup">{family[0].candidate.family.label()}</th></tr>
                    {family.iter().map(row).collect_view()}
                </tbody>
            }
        })
        .collect_view()
}
