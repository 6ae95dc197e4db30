//! The lab's form: presets, a card a system, the workload, the machine.

use leptos::prelude::*;

use super::state::{checked, default_setup, to_comparison};
use crate::parts::{Setup, Stage};
use crate::scenario::{
    Comparison, EventLoop, FIELDS, Field, Handlers, MOST_SYSTEMS, Scenario, System, WorkerClass,
    presets,
};
use crate::widgets::html::escape;
use crate::widgets::{Callback, Control, Desk, Form, Memo, RwSignal, Sheet, options};

/// What decides which controls there are, a line a system: its kind and class, its handlers and
/// the arrivals. While that stays, the controls stay, and a slider keeps its focus.
pub(super) fn shape(setup: &Setup) -> String {
    let mut shape = String::new();
    for case in &setup.cases {
        for key in ["kind", "worker_class", "handlers", "arrivals"] {
            if let Some(value) = crate::scenario::field(key).and_then(|f| f.get(&case.scenario)) {
                shape.push_str(&value.to_string());
            }
        }
        shape.push('\n');
    }
    shape
}

/// Everything that the reader can set.
#[component]
pub(super) fn LabForm(
    stage: Stage,
    shape: Memo<String>,
    problem: RwSignal<String>,
    /// The preset that it started from.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let desk = stage.desk();
    let sheet = Memo::new(move |_| {
        // Read, not only tracked: what nobody reads is not worked out.
        shape.with(|_| ());
        write(&stage.setup.read_untracked(), &chosen.read(), desk)
    });
    let show = move |comparison: &Comparison| match checked(comparison) {
        Ok(setup) => {
            problem.set(String::new());
            stage.setup.set(setup);
        }
        Err(problems) => problem.set(problems.to_string()),
    };
    let act = Callback::new(move |(name, value): (String, String)| {
        let mut comparison = stage.setup.with_untracked(to_comparison);
        match name.as_str() {
            "preset" => {
                if let Some(preset) = presets().iter().find(|preset| preset.id == value) {
                    show(&preset.comparison);
                }
                chosen.set(value);
            }
            "reset" => {
                problem.set(String::new());
                chosen.set(String::new());
                stage.setup.set(default_setup());
            }
            "add" if comparison.systems.len() < MOST_SYSTEMS => {
                comparison
                    .systems
                    .push(System::EventLoop(EventLoop::default()));
                show(&comparison);
            }
            name => {
                let index = name
                    .strip_prefix("remove-")
                    .and_then(|i| i.parse::<usize>().ok());
                if let Some(index) = index.filter(|i| *i < comparison.systems.len()) {
                    comparison.systems.remove(index);
                    show(&comparison);
                }
            }
        }
    });
    view! { <Form name="lab" class="lab" sheet desk act /> }
}

/// The lab's form: presets and buttons, a card a system, the requests, the machine.
fn write(setup: &Setup, chosen: &str, desk: Desk) -> Sheet {
    let names: Vec<(&str, &str)> = [("", "an experiment of the article")]
        .into_iter()
        .chain(
            presets()
                .iter()
                .map(|preset| (preset.id.as_str(), preset.name.as_str())),
        )
        .collect();
    // The prerendered page offers what it shows.
    let offered = match cfg!(feature = "ssr") {
        true => &names[..1],
        false => &names[..],
    };
    let preset = presets().iter().find(|preset| preset.id == chosen);
    let description = preset.map_or("", |preset| preset.description.as_str());
    let full = if setup.cases.len() < MOST_SYSTEMS {
        ""
    } else {
        // One that is really disabled would lose the focus.
        " aria-disabled=\"true\""
    };
    let mut sheet = Sheet::default();
    sheet.html.push_str(&format!(
        "<div class=\"lab-bar\"><label>Start from <select name=\"preset\" data-act=\"preset\">{}</select></label>\
         <button type=\"button\" class=\"plain\" data-act=\"add\"{full}>Add a system</button>\
         <button type=\"button\" class=\"plain\" data-act=\"reset\">Reset</button>\
         <p aria-live=\"polite\">{}</p></div><div class=\"systems\">",
        options(offered, chosen),
        escape(description),
    ));
    for (i, case) in setup.cases.iter().enumerate() {
        let remove = match setup.cases.len() {
            1 => String::new(),
            _ => format!(
                "<button type=\"button\" class=\"plain\" data-act=\"remove-{i}\">Remove</button>"
            ),
        };
        sheet.html.push_str(&format!(
            "<fieldset class=\"system\" data-model=\"{}\" data-system=\"{}\"><legend>System {}</legend>{remove}<div class=\"grid\">",
            case.scenario.system.kind(),
            case.id,
            ["A", "B", "C", "D"][i],
        ));
        fields(&mut sheet, &case.scenario, &["system."], Some(i), desk);
        sheet.html.push_str("</div></fieldset>");
    }
    sheet.html.push_str("</div>");
    let first = &setup.cases[0].scenario;
    for (legend, parts) in [
        ("Requests", &["workload."][..]),
        ("Machine", &["machine.", "seed", "fidelity"]),
    ] {
        sheet.html.push_str(&format!(
            "<fieldset><legend>{legend}</legend><div class=\"grid\">"
        ));
        fields(&mut sheet, first, parts, None, desk);
        sheet.html.push_str("</div></fieldset>");
    }
    sheet
}

/// Adds the controls of the fields whose path begins with one of `parts`.
fn fields(sheet: &mut Sheet, scenario: &Scenario, parts: &[&str], case: Option<usize>, desk: Desk) {
    let gunicorn = match &scenario.system {
        System::Gunicorn(gunicorn) => Some(gunicorn.worker_class),
        _ => None,
    };
    let idle = |field: &Field| match field.key {
        "worker_connections" => gunicorn == Some(WorkerClass::Asgi),
        "thread_limit" => {
            !matches!(&scenario.system, System::EventLoop(x) if x.handlers == Handlers::Sync)
        }
        "threads" | "async_views" => gunicorn.is_some_and(|class| !class.is_threaded()),
        _ => false,
    };
    for field in FIELDS {
        let wanted = parts.iter().any(|part| field.path.starts_with(part));
        if wanted && field.applies(scenario) && !idle(field) {
            let control = Control {
                field,
                most: None,
                case,
            };
            sheet.add(control, desk);
        }
    }
}
