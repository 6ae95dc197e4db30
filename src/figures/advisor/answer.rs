//! The advisor's answer: what to run, why, what to paste, and how much room there is.

use leptos::prelude::*;

use crate::figures::advice::{Advice, Rival, Trial, Verdict};
use crate::figures::metric::metric;
use crate::scenario::{Comparison, snippets};

/// Text in which what stands between backticks is code.
pub(super) fn rich(text: &str) -> Vec<AnyView> {
    let part = |(i, part): (usize, &str)| match i % 2 {
        0 => part.to_owned().into_any(),
        _ => view! { <code>{part.to_owned()}</code> }.into_any(),
    };
    let parts = text.split('`').enumerate();
    parts
        .filter(|(_, part)| !part.is_empty())
        .map(part)
        .collect()
}

/// The model that gives a trial its colour.
pub(super) fn model(trial: &Trial) -> &'static str {
    trial.candidate.system().kind()
}

/// A trial's number, or words where it was not run.
pub(super) fn shown(trial: &Trial, name: &'static str) -> AnyView {
    let read = || {
        metric(name)
            .zip(trial.report.as_ref())
            .map(|(metric, report)| metric.of(report))
    };
    match read() {
        Some((raw, text)) => view! {
            <output aria-live="off" data-metric=name data-system=trial.candidate.family.id() data-value=raw.to_string()>
                {text}
            </output>
        }
        .into_any(),
        None => view! { <span class="none">{if name == "latency_ms.p95" { "grows" } else { "–" }}</span> }.into_any(),
    }
}

/// The recommended setting's headline numbers.
pub(super) fn numbers(advice: &Advice) -> Option<impl IntoView + use<>> {
    let pick = advice.pick.as_ref()?;
    Some(view! {
        <dl class="numbers">
            <div><dt>"p95"</dt><dd>{shown(pick, "latency_ms.p95")}</dd></div>
            <div><dt>"Median"</dt><dd>{shown(pick, "latency_ms.p50")}</dd></div>
            <div><dt>"CPU"</dt><dd>{shown(pick, "cpu_utilisation")}</dd></div>
            <div><dt>"Memory"</dt><dd>{shown(pick, "memory_mb")}</dd></div>
        </dl>
    })
}

/// What to paste, and a link that opens it in the lab beside the runner-up.
pub(super) fn settings(advice: &Advice) -> Option<impl IntoView + use<>> {
    let pick = advice.pick.as_ref()?;
    let scenario = advice.demand.scenario(pick.candidate.system());
    let samples = snippets(&scenario)
        .into_iter()
        .map(|snippet| {
            view! {
                <div class="code">
                    <div class="code-head">
                        <span>{snippet.title}</span>
                        <button type="button" class="copy">"Copy"</button>
                    </div>
                    <pre tabindex="0" role="region" aria-label=format!("Code: {}", snippet.title)>
                        <code>{snippet.code}</code>
                    </pre>
                </div>
            }
        })
        .collect_view();
    let mut both = Comparison::from(scenario);
    let good = |rival: &&Rival| rival.trial.verdict == Verdict::Good;
    let rival = advice.rivals.iter().find(good).or(advice.rivals.first());
    both.systems
        .extend(rival.map(|rival| rival.trial.candidate.system()));
    let link = format!("?{}#lab", both.to_query());
    Some(view! {
        {samples}
        <p class="try"><a href=link>"Try it in the lab, beside the runner-up"</a></p>
    })
}

/// The settings next to it, and the same one under more load.
pub(super) fn variations(advice: &Advice) -> impl IntoView + use<> {
    let target = advice.demand.target_p95_ms;
    advice
        .variations
        .iter()
        .map(|variation| {
            let trial = &variation.trial;
            let class = if trial.p95() > target { "late" } else { "" };
            let share = (trial.p95() / target / 1.5).min(1.0) * 100.0;
            view! {
                <div class=class>
                    <span>{variation.words}</span>
                    <strong>"p95 " {shown(trial, "latency_ms.p95")}</strong>
                    <i style=format!("--share:{share:.1}%") aria-hidden="true"></i>
                    <code>{trial.candidate.command()}</code>
                </div>
            }
        })
        .collect_view()
}
