//! The advisor: the reader states a workload and gets a setting to paste, with reasons.

mod answer;
mod table;

use leptos::prelude::*;

use super::advice::{Advice, Code, Demand, advise, example};
use super::frame::Frame;
use super::metric::grouped;
use super::{Case, Figure, Setup, Stage};
use crate::chart::milliseconds;
use crate::scenario::{CODE, Field, Gunicorn, System, TARGET_P95, Value};
use crate::widgets::{Choice, Slider, Tie, maybe, text};
use answer::{answer, model, variations};
use table::trials;

pub(super) const FIGURE: Figure = Figure {
    name: "advisor",
    wide: true,
    setup: recommended,
    view: |name, setup| view! { <Advisor stage=Stage::new(name, setup, 1.0) /> }.into_any(),
};

/// The example's workload under the setting that the advisor gives it.
fn recommended() -> Setup {
    let system = System::Gunicorn(Gunicorn::default());
    let mut case = Case::new("advised", "Advised", system);
    case.scenario.workload = example();
    let demand = Demand::new(
        &case.scenario,
        number(TARGET_P95.default),
        Code::named(CODE.default),
    );
    if let Some(pick) = advise(&demand).pick {
        case.scenario.system = pick.candidate.system();
    }
    Setup { cases: vec![case] }
}

fn number(value: Value) -> f64 {
    match value {
        Value::Number(x) => x,
        Value::Integer(n) => n as f64,
        _ => f64::INFINITY,
    }
}

/// A control's tie to a field that no scenario has.
fn own(field: &'static Field) -> Tie {
    let value = RwSignal::new(field.default);
    Tie {
        field,
        value: Signal::derive(move || Some(value.get())),
        write: Callback::new(move |(new,): (Value,)| {
            value.set(new);
            Ok(())
        }),
    }
}

#[component]
fn Advisor(stage: Stage) -> impl IntoView {
    let (target, code) = (own(&TARGET_P95), own(&CODE));
    let demand = Memo::new(move |_| {
        let target_ms = target.value.get().map_or(f64::INFINITY, number);
        let code = Code::named(code.value.get().unwrap_or(Value::None));
        let demand = |setup: &Setup| Demand::new(&setup.cases[0].scenario, target_ms, code);
        stage.setup.with(demand)
    });
    let advice = Memo::new(move |_| demand.with(advise));
    // What the figure runs and the prose quotes is what it recommends.
    Effect::new(move |_| {
        let Some(system) = advice.with(|a| Some(a.pick.as_ref()?.candidate.system())) else {
            return;
        };
        if stage
            .setup
            .with_untracked(|setup| setup.cases[0].scenario.system != system)
        {
            stage
                .setup
                .update(|setup| setup.cases[0].scenario.system = system);
        }
    });
    view! {
        <Frame stage title="What should you run?" caption=move |_| advice.with(caption)>
            <Inputs stage target code />
            <div
                class="advice"
                data-model=maybe(move || advice.with(|a| Some(model(a.pick.as_ref()?).to_owned())))
                inner_html=text(move || advice.with(answer))
            ></div>
            <div class="variations" inner_html=text(move || advice.with(variations))></div>
            <div
                class="table trials"
                tabindex="0"
                role="region"
                aria-label="Settings that were tried"
                inner_html=text(move || advice.with(trials))
            ></div>
        </Frame>
    }
}

#[component]
fn Inputs(stage: Stage, target: Tie, code: Tie) -> impl IntoView {
    let form = stage.name;
    let slider = |key, most| {
        let tie = stage.tie(key, None)?;
        Some(view! { <Slider tie form most /> }.into_any())
    };
    let spread = stage.tie("spread", None);
    view! {
        <form class="controls" data-lab=form on:submit=|event| event.prevent_default()>
            {slider("rate_per_s", 500.0)}
            {slider("io_ms", 1000.0)}
            {slider("cpu_ms", 100.0)}
            <Slider tie=target form />
            {slider("cores", 32.0)}
            {slider("pool_size", 50.0)}
            <Choice tie=code form />
            {spread.map(|tie| view! { <Choice tie form /> }.into_any())}
        </form>
    }
}

/// How the settings were tried.
fn caption(advice: &Advice) -> (String, String) {
    let runs = advice
        .trials
        .iter()
        .filter(|trial| trial.report.is_some())
        .count();
    let target = milliseconds(advice.demand.target_p95_ms);
    let lead = match &advice.pick {
        Some(_) => format!("The least memory that keeps p95 under {target}."),
        None => format!("No setting here keeps p95 under {target}."),
    };
    let how = format!(
        "{runs} of {} settings were simulated under the same {} requests; those that cannot keep \
         up need no run. A setting has to be in time and less than 85\u{a0}% busy. Workers with \
         threads or greenlets take requests before they are free, as they do in Gunicorn.",
        advice.trials.len(),
        grouped(f64::from(advice.demand.workload.requests)),
    );
    (lead, how)
}
