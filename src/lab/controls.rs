//! The lab's form: presets, a card a system, the workload, the machine.

use leptos::prelude::*;

use super::state::{checked, default_setup, to_comparison};
use crate::figures::{Setup, Stage};
use crate::scenario::{
    Comparison, EventLoop, FIELDS, Field, Kind, MOST_SYSTEMS, System, WorkerClass, presets,
};
use crate::widgets::{Choice, Slider, Tie, Toggle, Views, flag, maybe, on, options, text};

/// Fields that are not simulated yet, and so have no control.
const ABSENT: &[&str] = &[
    "backlog",
    "timeout_s",
    "client_timeout_ms",
    "context_switch_us",
    "client_cpu_ms",
    "fidelity",
];

/// What decides which controls there are: each system's kind and class, and the arrivals.
pub(super) type Shape = Vec<(&'static str, Option<WorkerClass>, String)>;

/// The shape of a lab; while it stays, its controls stay, and a slider keeps its focus.
pub(super) fn shape(setup: &Setup) -> Shape {
    let shape = setup.cases.iter().map(|case| {
        let class = match &case.scenario.system {
            System::Gunicorn(gunicorn) => Some(gunicorn.worker_class),
            _ => None,
        };
        let arrivals = crate::scenario::field("arrivals")
            .and_then(|field| field.get(&case.scenario))
            .map_or_else(String::new, |value| value.to_string());
        (case.scenario.system.kind(), class, arrivals)
    });
    shape.collect()
}

/// Everything that the reader can set.
#[component]
pub(super) fn LabForm(
    stage: Stage,
    shape: Memo<Shape>,
    problem: RwSignal<Option<String>>,
) -> impl IntoView {
    let show = move |comparison: &Comparison| match checked(comparison) {
        Ok(setup) => {
            problem.set(None);
            stage.setup.set(setup);
        }
        Err(problems) => problem.set(Some(problems.to_string())),
    };
    let change = move |edit: &dyn Fn(&mut Comparison)| {
        let mut comparison = stage.setup.with_untracked(to_comparison);
        edit(&mut comparison);
        show(&comparison);
    };
    let names: Vec<(&str, &str)> = [("", "an experiment of the article")]
        .into_iter()
        .chain(presets().iter().map(|preset| (preset.id.as_str(), preset.name.as_str())))
        .collect();
    let options = options(names.iter(), "");
    let chosen = RwSignal::new(String::new());
    let description = move || {
        let chosen = chosen.read();
        let preset = presets().iter().find(|preset| preset.id == *chosen);
        preset.map(|preset| preset.description.clone())
    };
    let load = move |id: String| {
        if let Some(preset) = presets().iter().find(|preset| preset.id == id) {
            show(&preset.comparison);
        }
        chosen.set(id);
    };
    let cards = move || {
        let count = shape.read().len();
        (0..count)
            .map(|case| {
                let remove = (count > 1).then(|| {
                    let click = move |_| {
                        change(&|comparison| {
                            comparison.systems.remove(case);
                        });
                    };
                    view! { <button type="button" class="plain" on:click=on(click)>"Remove"</button> }.into_any()
                });
                view! {
                    <fieldset class="system" data-model=shape.read()[case].0>
                        <legend>{format!("System {}", ["A", "B", "C", "D"][case])}</legend>
                        {remove}
                        <div class="grid">{fields(stage, "system.", Some(case))}</div>
                    </fieldset>
                }
                .into_any()
            })
            .collect::<Views>()
    };
    let add = move |_| {
        change(&|comparison| {
            if comparison.systems.len() < MOST_SYSTEMS {
                comparison.systems.push(System::EventLoop(EventLoop::default()));
            }
        });
    };
    let full = move || shape.read().len() >= MOST_SYSTEMS;
    let reset = move |_| {
        problem.set(None);
        chosen.set(String::new());
        stage.setup.set(default_setup());
    };
    view! {
        <form data-lab="lab" class="lab" on:submit=|event| event.prevent_default()>
            <div class="lab-bar">
                <label>
                    "Start from "
                    <select
                        name="preset"
                        prop:value=text(move || chosen.get())
                        on:change=on(move |event| load(event_target_value(&event)))
                        inner_html=options
                    ></select>
                </label>
                <button type="button" class="plain" disabled=flag(full) on:click=on(add)>"Add a system"</button>
                <button type="button" class="plain" on:click=on(reset)>"Reset"</button>
                <p aria-live="polite">{maybe(description)}</p>
            </div>
            <div class="systems">{cards}</div>
            <fieldset>
                <legend>"Requests"</legend>
                <div class="grid">
                    {move || {
                        shape.track();
                        fields(stage, "workload.", None)
                    }}
                </div>
            </fieldset>
            <fieldset>
                <legend>"Machine"</legend>
                <div class="grid">
                    {fields(stage, "machine.", None)}
                    {fields(stage, "seed", None)}
                </div>
            </fieldset>
        </form>
    }
}

/// The controls of the fields whose path begins with `part`.
fn fields(stage: Stage, part: &'static str, case: Option<usize>) -> Views {
    let setup = stage.setup.get_untracked();
    let scenario = &setup.cases[case.unwrap_or(0)].scenario;
    let threaded = matches!(&scenario.system, System::Gunicorn(g)
        if matches!(g.worker_class, WorkerClass::Sync | WorkerClass::Gthread));
    let wanted = |field: &&Field| {
        let idle = match field.key {
            "worker_connections" => threaded,
            "threads" | "async_views" => {
                !threaded && matches!(scenario.system, System::Gunicorn(_))
            }
            _ => false,
        };
        field.path.starts_with(part) && !ABSENT.contains(&field.key) && !idle
    };
    FIELDS
        .iter()
        .filter(|field| field.applies(scenario))
        .filter(wanted)
        .filter_map(|field| stage.tie(field.key, case))
        .map(|tie| control(tie, case.unwrap_or(0)))
        .collect()
}

/// The control that a field's kind asks for.
fn control(tie: Tie, case: usize) -> AnyView {
    // Ids need only be apart on the page: one form a system.
    let form = ["lab", "lab-b", "lab-c", "lab-d"][case];
    match tie.field.kind {
        Kind::Choice(_) => view! { <Choice tie form without=&["skewed"] /> }.into_any(),
        Kind::Flag => view! { <Toggle tie /> }.into_any(),
        Kind::Integer { .. } | Kind::Number { .. } => view! { <Slider tie form /> }.into_any(),
    }
}
