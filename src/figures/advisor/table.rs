//! Every setting that the advisor tried, as HTML.

use super::answer::{model, shown};
use crate::advice::{Advice, Trial, Verdict};
use crate::widgets::html::escape;

/// A table with a group of rows for each family.
pub(super) fn trials(advice: &Advice) -> String {
    let heads = ["Setting", "p95", "CPU", "Memory", "Verdict"]
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .concat();
    let groups: String = advice
        .trials
        .chunk_by(|a, b| a.candidate.family == b.candidate.family)
        .map(|family| {
            format!(
                "<tbody data-model=\"{}\"><tr class=\"family\"><th colspan=\"5\" scope=\"rowgroup\">{}</th></tr>{}</tbody>",
                model(&family[0]),
                escape(family[0].candidate.family.label()),
                family.iter().map(|trial| row(advice, trial)).collect::<String>(),
            )
        })
        .collect();
    format!("<table><thead><tr>{heads}</tr></thead>{groups}</table>")
}

fn row(advice: &Advice, trial: &Trial) -> String {
    let pick = advice.pick.as_ref();
    let picked = pick.is_some_and(|pick| pick.candidate == trial.candidate);
    let class = match trial.verdict {
        _ if picked => "picked",
        Verdict::Good if trial.candidate.family.runs(advice.demand.code) => "good",
        _ => "out",
    };
    let verdict = match picked {
        true => "recommended".to_owned(),
        false => trial.verdict_words(&advice.demand),
    };
    format!(
        "<tr class=\"{class}\"><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape(&trial.candidate.capped_command()),
        shown(trial, "latency_ms.p95"),
        shown(trial, "cpu_utilisation"),
        shown(trial, "memory_mb"),
        escape(&verdict),
    )
}
