//! The advisor: the reader states a workload and gets a setting to paste, with reasons.

mod answer;
mod table;

use leptos::prelude::*;

#[cfg(not(feature = "hydrate"))]
use crate::advice::advise;
use crate::advice::{Advice, CODE, Code, Demand, FIT, TARGET_P95, example};
use crate::parts::{Case, Figure, Frame, Setup, Stage};
use crate::scenario::{Fidelity, Gunicorn, System, Value, field};
use crate::widgets::{Callback, Control, Desk, Form, Memo, RwSignal, Sheet, effect, text};
use crate::words::{grouped, milliseconds};
use answer::{answer, model, variations};
use table::trials;

pub(super) const FIGURE: Figure = Figure {
    name: "advisor",
    wide: true,
    setup: recommended,
    show: |name, start, place| {
        place.show(move || view! { <Advisor stage=Stage::new(name, start, 1.0) /> })
    },
};

/// The example's workload under the setting that the advisor gives it; in the browser, where the
/// page already shows that, under any setting until the advice is there.
fn recommended() -> Setup {
    let system = System::Gunicorn(Gunicorn::default());
    let mut case = Case::new("advised", "Advised", system);
    case.scenario.workload = example();
    case.scenario.fidelity = Fidelity::Calibrated;
    #[cfg(not(feature = "hydrate"))]
    {
        let demand = Demand::new(
            &case.scenario,
            number(TARGET_P95.default),
            Code::named(CODE.default),
            number(FIT.default) as u32,
        );
        if let Some(pick) = advise(&demand).pick {
            case.scenario.system = pick.candidate.system();
        }
    }
    Setup { cases: vec![case] }
}

/// The advice on `demand`, as it changes. In the browser it comes a little later, worked out in
/// slices.
#[cfg(not(feature = "hydrate"))]
fn advised(demand: Memo<Demand>) -> RwSignal<Option<Advice>> {
    RwSignal::new(Some(demand.with_untracked(advise)))
}

#[cfg(feature = "hydrate")]
fn advised(demand: Memo<Demand>) -> RwSignal<Option<Advice>> {
    use crate::advice::Inquiry;
    use crate::widgets::Slice;

    let advice = RwSignal::new(None);
    effect(move || {
        let mut inquiry = Inquiry::new(demand.get());
        wasm_bindgen_futures::spawn_local(async move {
            let mut slice = Slice::begin();
            loop {
                if let Some(answer) = inquiry.step() {
                    // Only the last one that was asked for counts.
                    if demand.with_untracked(|demand| *demand == answer.demand) {
                        advice.set(Some(answer));
                    }
                    return;
                }
                if slice.is_over() {
                    slice.pause().await;
                    if demand.with_untracked(|demand| *demand != inquiry.demand) {
                        return;
                    }
                }
            }
        });
    });
    advice
}

fn number(value: Value) -> f64 {
    match value {
        Value::Number(x) => x,
        Value::Integer(n) => n as f64,
        _ => f64::INFINITY,
    }
}

#[component]
fn Advisor(stage: Stage) -> impl IntoView {
    let target = RwSignal::new(TARGET_P95.default);
    let code = RwSignal::new(CODE.default);
    let fit = RwSignal::new(FIT.default);
    let demand = Memo::new(move |_| {
        let target_ms = number(target.get());
        let code = Code::named(code.get());
        let fit = number(fit.get()) as u32;
        let demand = |setup: &Setup| Demand::new(&setup.cases[0].scenario, target_ms, code, fit);
        stage.setup.with(demand)
    });
    let advice = advised(demand);
    let show = move |html: fn(&Advice) -> String| {
        text(move || advice.with(|advice| advice.as_ref().map(html).unwrap_or_default()))
    };
    // What the figure runs and the prose quotes is what it recommends.
    effect(move || {
        let Some(system) = advice.with(|a| Some(a.as_ref()?.pick.as_ref()?.candidate.system()))
        else {
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
        <Frame stage title="What should you run?" caption=move |_| advice.with(|a| a.as_ref().map(caption).unwrap_or_default())>
            <div class="figure-head" inner_html="<p class='figure-title'>What should you run?</p>"></div>
            <Inputs stage target code fit />
            <div
                class="advice"
                data-model=text(move || advice.with(|a| a.as_ref().and_then(|a| Some(model(a.pick.as_ref()?))).unwrap_or_default()))
                inner_html=show(answer)
            ></div>
            <div class="variations" inner_html=show(variations)></div>
            <details class="trials">
                <summary>"Every setting that was tried"</summary>
                <div
                    class="table"
                    tabindex="0"
                    role="region"
                    aria-label="Settings that were tried"
                    inner_html=show(folded)
                ></div>
            </details>
        </Frame>
    }
}

/// The trials, once there is someone to unfold them.
fn folded(advice: &Advice) -> String {
    match cfg!(feature = "ssr") {
        true => String::new(),
        false => trials(advice),
    }
}

/// The workload's fields, and the three that no scenario has.
#[component]
fn Inputs(
    stage: Stage,
    target: RwSignal<Value>,
    code: RwSignal<Value>,
    fit: RwSignal<Value>,
) -> impl IntoView {
    let own = move |control: &Control| match control.field.key {
        key if key == TARGET_P95.key => Some(target),
        key if key == CODE.key => Some(code),
        key if key == FIT.key => Some(fit),
        _ => None,
    };
    let shared = stage.desk();
    let desk = Desk {
        read: Callback::new(move |(control,): (Control,)| match own(&control) {
            Some(signal) => Some(signal.get()),
            None => shared.read.run((control,)),
        }),
        write: Callback::new(
            move |(control, value): (Control, Value)| match own(&control) {
                Some(signal) => {
                    signal.set(value);
                    Ok(())
                }
                None => shared.write.run((control, value)),
            },
        ),
    };
    let sheet = Memo::new(move |_| {
        let mut sheet = Sheet::default();
        let fields = [
            (field("rate_per_s"), Some(500.0)),
            (field("io_ms"), None),
            (field("cpu_ms"), None),
            (Some(&TARGET_P95), None),
            (field("cores"), Some(32.0)),
            (field("pool_size"), Some(50.0)),
            (Some(&FIT), None),
            (Some(&CODE), None),
            (field("spread"), None),
        ];
        for (field, most) in fields {
            if let Some(field) = field {
                let control = Control {
                    field,
                    most,
                    case: None,
                };
                sheet.add(control, desk);
            }
        }
        sheet
    });
    view! { <Form name=stage.name class="controls" sheet desk /> }
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
        Some(_) => format!("The first rule that fits and keeps p95 under {target}."),
        None => format!("No setting here keeps p95 under {target} and has headroom."),
    };
    let others = match advice.trials.len() - runs {
        0 => "",
        1 => "; the other one cannot keep up",
        _ => "; the others cannot keep up",
    };
    let how = format!(
        "{runs} of {} settings were simulated, with what real servers cost{others}. A setting has to be in time in three runs of {} requests, of which you see the slowest, or the first that is not, and \
         at most 70\u{a0}% busy.",
        advice.trials.len(),
        grouped(f64::from(advice.demand.workload.requests)),
    );
    (lead, how)
}
