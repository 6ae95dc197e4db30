//! The advisor's answer as HTML: what to run, why, what to paste, and how much room there is.

use crate::advice::{Advice, Trial, Verdict};
use crate::parts::metric;
use crate::scenario::{Comparison, snippets};
use crate::widgets::html::{escape, number, rich, sample};
use crate::words::fixed;

/// The model that gives a trial its colour.
pub(super) fn model(trial: &Trial) -> &'static str {
    trial.candidate.system().kind()
}

/// A trial's number, or words where it was not run.
pub(super) fn shown(trial: &Trial, name: &str) -> String {
    match metric(name).zip(trial.report.as_ref()) {
        Some((metric, report)) => number(name, trial.candidate.family.id(), metric.of(report)),
        None if name == "latency_ms.p95" => "<span class=\"none\">grows</span>".to_owned(),
        None => "<span class=\"none\">–</span>".to_owned(),
    }
}

/// What to run and why on the left, what to paste on the right.
pub(super) fn answer(advice: &Advice) -> String {
    let reasons: String = advice
        .reasons()
        .iter()
        .map(|reason| format!("<li>{}</li>", rich(reason)))
        .collect();
    format!(
        "<div><p class=\"verdict\">{}</p>{}<ul class=\"reasons\">{reasons}</ul></div><div>{}</div>",
        rich(&advice.headline()),
        advice.pick.as_ref().map(numbers).unwrap_or_default(),
        advice
            .pick
            .as_ref()
            .map(|pick| settings(advice, pick))
            .unwrap_or_default(),
    )
}

/// The recommended setting's headline numbers.
fn numbers(pick: &Trial) -> String {
    let items = [
        ("p95", "latency_ms.p95"),
        ("Median", "latency_ms.p50"),
        ("CPU", "cpu_utilisation"),
        ("Memory", "memory_mb"),
    ];
    let items =
        items.map(|(label, name)| format!("<div><span>{label}</span>{}</div>", shown(pick, name)));
    format!("<div class=\"numbers\">{}</div>", items.concat())
}

/// What to paste, and a link that opens it in the lab beside the runner-up.
fn settings(advice: &Advice, pick: &Trial) -> String {
    let mut scenario = advice.demand.scenario(pick.candidate.system());
    scenario.seed = pick.seed;
    let mut out: String = snippets(&scenario)
        .iter()
        .map(|snippet| sample(snippet.title, &escape(&snippet.code)))
        .collect();
    let mut both = Comparison::from(scenario);
    let good = |rival: &&Trial| rival.verdict == Verdict::Good;
    let rival = advice.rivals.iter().find(good).or(advice.rivals.first());
    both.systems
        .extend(rival.map(|rival| rival.candidate.system()));
    out.push_str(&format!(
        "<p class=\"try\"><a href=\"?{}#lab\">Try it in the lab, beside the runner-up</a></p>",
        escape(&both.to_query())
    ));
    out
}

/// The settings next to it, and the same one under more load.
pub(super) fn variations(advice: &Advice) -> String {
    let target = advice.demand.target_p95_ms;
    let variation = |variation: &crate::advice::Variation| {
        let trial = &variation.trial;
        let class = if trial.p95() > target { "late" } else { "" };
        let share = (trial.p95() / target / 1.5).min(1.0) * 100.0;
        format!(
            "<div class=\"{class}\"><span>{}</span><strong>p95 {}</strong>\
             <i style=\"--share:{}%\" aria-hidden=\"true\"></i><code>{}</code></div>",
            escape(variation.words),
            shown(trial, "latency_ms.p95"),
            fixed(share, 1),
            escape(&trial.candidate.capped_command()),
        )
    };
    advice.variations.iter().map(variation).collect()
}
