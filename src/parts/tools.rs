//! The tools under a figure's timelines: what to show, how close, what to take away; and the same as a
//! table, and aloud.

use leptos::prelude::*;

use super::stage::Stage;
use super::told;
use super::view::{Act, Pointing, View, aspects};
use crate::chart::{By, Rows, Shade};
use crate::scenario::{Fidelity, Value};
use crate::simulation::{Outcome, Run, State};
use crate::widgets::{Callback, Memo, Panel, RwSignal, acted, check, set, text};

/// Requests that the table shows at most, of each run.
const MOST: usize = 100;

const KEYS: &str = "<p>Drag to move, <kbd>Ctrl</kbd> or \u{2318} and the wheel, or two fingers, to zoom, <kbd>Shift</kbd> \
    and drag to select. A click pins a request, two zoom on it.</p><p>With the focus: <kbd>\u{2190}</kbd> <kbd>\u{2192}</kbd> \
    <kbd>\u{2191}</kbd> <kbd>\u{2193}</kbd> cursor, with <kbd>Shift</kbd> selection, <kbd>W</kbd> <kbd>S</kbd> <kbd>+</kbd> \
    <kbd>\u{2212}</kbd> zoom, <kbd>A</kbd> <kbd>D</kbd> move, <kbd>0</kbd> all, <kbd>F</kbd> fit, <kbd>Enter</kbd> pin, \
    <kbd>Esc</kbd> clear, <kbd>Space</kbd> play, <kbd>,</kbd> <kbd>.</kbd> events.</p>";

const AWAY: [(&str, &str); 6] = [
    ("png", "Picture (PNG)"),
    ("csv", "Requests (CSV)"),
    ("trace", "Trace (JSON)"),
    ("perfetto", "Open in Perfetto"),
    ("link", "Copy link"),
    ("table", "As a table"),
];

/// The row of tools.
#[component]
pub fn Tools(stage: Stage) -> impl IntoView {
    let table = RwSignal::new(false);
    let heard = Callback::new(move |(event,)| {
        let Some((act, value)) = acted(&event) else {
            return;
        };
        // One button says how it went.
        #[cfg(feature = "hydrate")]
        if act != "link" {
            super::takeaway::close_menu(&event);
        }
        match act.as_str() {
            "aspect" => stage
                .view
                .update(|view| view.aspect = value.parse().unwrap_or(0)),
            "in" => stage.act(Act::Zoom(0.5), None),
            "out" => stage.act(Act::Zoom(2.0), None),
            "whole" => stage.act(Act::Whole, None),
            "select" => stage.selecting.update(|on| *on = !*on),
            "textbook" | "calibrated" => stage.set_fidelity(&act),
            #[cfg(feature = "hydrate")]
            "measured" => super::takeaway::lay_over(stage),
            "table" => table.update(|on| *on = !*on),
            #[cfg(feature = "hydrate")]
            what => super::takeaway::take(stage, what),
            #[cfg(not(feature = "hydrate"))]
            _ => {}
        }
    });
    let show = Callback::new(move |(panel,)| {
        set(
            &panel,
            "[data-act=select]",
            "aria-pressed",
            &stage.selecting.get().to_string(),
        );
        // What has no time cannot be moved about in.
        let idle = !stage.view.get().is_in_time();
        set(
            &panel,
            "[aria-label=Zoom]",
            "aria-disabled",
            &idle.to_string(),
        );
        let fidelity = stage.setup.with(|setup| setup.cases[0].scenario.fidelity);
        for (act, of) in [
            ("[data-act=textbook]", Fidelity::Textbook),
            ("[data-act=calibrated]", Fidelity::Calibrated),
        ] {
            check(&panel, act, fidelity == of);
        }
        let measured = stage.reality.with(Option::is_some);
        set(
            &panel,
            "[data-act=measured]",
            "aria-pressed",
            &measured.to_string(),
        );
        set(
            &panel,
            "[data-act=table]",
            "aria-pressed",
            &table.get().to_string(),
        );
    });
    let html = text(move || match cfg!(feature = "hydrate") {
        true => html(stage),
        false => String::new(),
    });
    // Worked out anew with the runs, not with every move of the view.
    let measured = Memo::new(move |_: Option<&String>| match &*stage.reality.read() {
        Some(reality) => {
            let runs = stage.runs.read();
            reality.table(runs.0.iter().map(|(case, run)| (case, &run.report)))
        }
        None => String::new(),
    });
    let numbers = text(move || {
        let mut out = measured.get();
        if table.get() {
            out.push_str(&tables(stage));
        }
        out
    });
    let aloud = text(move || aloud(stage));
    view! {
        <Panel class="tools" html late=true heard show />
        <div class="table data" tabindex="0" role="group" aria-label="Numbers" inner_html=numbers></div>
        <p class="aloud" aria-live="polite" inner_html=aloud></p>
    }
}

/// The tools of a figure. Its fidelity is a field of a scenario like any other, so these are controls
/// of its form.
fn html(stage: Stage) -> String {
    let name = stage.name;
    let chosen = stage.view.read_untracked().aspect;
    let pool = stage
        .setup
        .with(|setup| matches!(setup.value("pool_size", None), Some(Value::Integer(_))));
    let options: String = aspects(pool, chosen)
        .map(|(i, name)| {
            let selected = if i == chosen { " selected" } else { "" };
            format!("<option value=\"{i}\"{selected}>{name}</option>")
        })
        .collect();
    let away: String = AWAY
        .iter()
        .map(|(act, name)| format!("<button type=\"button\" data-act=\"{act}\">{name}</button>"))
        .collect();
    let fidelity = ["textbook", "calibrated"].map(|of| {
        format!(
            "<label><input type=\"radio\" name=\"fidelity\" value=\"{of}\" form=\"form-{name}\" data-act=\"{of}\">{of}</label>"
        )
    });
    let fidelity = fidelity.concat();
    format!(
        "<select name=\"aspect\" aria-label=\"What to show\" data-act=\"aspect\">{options}</select>\
         <div class=\"segments\" role=\"group\" aria-label=\"Zoom\">\
         <button type=\"button\" data-act=\"out\" aria-label=\"Zoom out\">\u{2212}</button>\
         <button type=\"button\" data-act=\"in\" aria-label=\"Zoom in\">+</button>\
         <button type=\"button\" data-act=\"whole\">All</button>\
         <button type=\"button\" data-act=\"select\" aria-pressed=\"false\">Select</button></div>\
         <div class=\"segments\" role=\"group\" aria-label=\"Fidelity\">\
         {fidelity}</div>\
         <div class=\"segments\"><button type=\"button\" data-act=\"measured\">measured</button></div>\
         <details><summary>Save</summary><div>{away}</div></details>\
         <details><summary aria-label=\"How to move about\">?</summary><div>{KEYS}</div></details>"
    )
}

/// The requests in view of every run, the first of them, as tables.
fn tables(stage: Stage) -> String {
    let window = stage.view.get().window;
    let runs = stage.runs.read();
    let mut out = String::new();
    for (index, (case, run)) in runs.0.iter().enumerate() {
        let axis = stage.axis_of(index).part(window);
        let rows = Rows::of(run, By::Lane);
        let (body, count) = told::table(run, &rows, axis.start, axis.end, MOST);
        let of = match count > MOST {
            true => format!("the first {MOST} of {count} requests in view"),
            false => format!("{count} requests in view"),
        };
        out.push_str(&format!(
            "<table><caption>{}: {of}</caption><thead><tr><th scope=\"col\">Request</th><th scope=\"col\">Arrival</th>\
             <th scope=\"col\">Start</th><th scope=\"col\">End</th><th scope=\"col\">Latency</th><th scope=\"col\">Lane</th>\
             <th scope=\"col\">Outcome</th></tr></thead><tbody>{body}</tbody></table>",
            case.label
        ));
    }
    out
}

/// What the keyboard's cursor has come upon.
fn aloud(stage: Stage) -> String {
    let pointing = stage.pointing.get();
    let Pointing {
        at: Some(at),
        aloud: true,
        ..
    } = pointing
    else {
        return String::new();
    };
    let runs = stage.runs.read();
    let (case, run) = runs.at(at.case);
    let (title, rows) = stage.told(&at, run);
    let rows = rows
        .iter()
        .map(|(words, value)| format!(", {words} {value}"));
    format!("{}: {title}{}", case.label, rows.collect::<String>())
}

/// How to read what is shown: what the shades of a timeline mean, of those that its runs show; each hides and shows its own.
#[component]
pub fn Legend(stage: Stage) -> impl IntoView {
    let html = text(move || {
        let view = stage.view.get();
        let runs = stage.runs.read();
        let default = {
            let (case, run) = runs.at(0);
            (stage.rows)(case, run)
        };
        let rows = view.rows(default);
        // A request's own row shows its queue, and is too low for a hatch.
        let flat = matches!(rows, None | Some(By::Request | By::Client));
        let gil = runs.0.iter().any(|(case, _)| case.scenario.machine.gil);
        let known = stage.reality.with(|all| {
            let cases = runs.0.iter().map(|(case, _)| case);
            all.as_deref().is_some_and(|all| all.knows(cases))
        });
        let runs = || runs.0.iter().map(|(_, run)| run);
        // Where no shade is shown, no run is gone through for it.
        let shades = view.has_shades();
        let has = |state: State| {
            shades && runs().any(|run| run.spans.iter().any(|span| span.state == state))
        };
        let failed = || {
            let lost = |run: &Run| run.requests.iter().any(|r| r.outcome != Outcome::Answered);
            shades && runs().any(|run| lost(run))
        };
        // On a core there is nothing but computing.
        let cores = rows == Some(By::Core);
        let entries: String = [
            (Shade::Running, "running", "running on CPU", has(State::Running)),
            (Shade::Io, "io", "waiting for I/O", has(State::Io)),
            (Shade::Ready, "ready", "waiting for the GIL or the loop", has(State::Ready)),
            (Shade::Connection, "connection", "waiting for a connection", has(State::Connection)),
            (Shade::Queued, "queued", "in line", shades && flat),
            (Shade::Failed, "failed", "in vain: it will have no answer", failed()),
        ]
        .iter()
        .filter(|(shade, .., shown)| *shown && (!cores || *shade == Shade::Running))
        .map(|(shade, class, words, _)| {
            let inside = format!("<i class=\"key {class}\"></i>{words}");
            match cfg!(feature = "hydrate") {
                true => format!(
                    "<button type=\"button\" data-act=\"{}\" aria-pressed=\"true\">{inside}</button>",
                    *shade as u8
                ),
                false => format!("<span>{inside}</span>"),
            }
        })
        .collect();
        let note = match view.note(default, gil) {
            _ if cores && entries.is_empty() => "<span>no computing</span>".to_owned(),
            "" => String::new(),
            note => format!("<span>{note}</span>"),
        };
        let measured = match known {
            true => {
                let of = if view.is_in_time() {
                    "the end"
                } else {
                    "each percentile"
                };
                format!("<span><i class=\"key real\"></i>measured, lowest to highest: {of}</span>")
            }
            false => String::new(),
        };
        let flat = if flat { "flat" } else { "" };
        format!("<div class=\"{flat}\">{entries}{note}{measured}</div>")
    });
    let heard = Callback::new(move |(event,)| {
        let shade = acted(&event).and_then(|(act, _)| act.parse::<usize>().ok());
        if let Some(shade) = shade.and_then(|i| Shade::ALL.get(i)) {
            stage
                .view
                .update(|View { shown, .. }| *shown = shown.toggled(*shade));
        }
    });
    let show = Callback::new(move |(panel,)| {
        let shown = stage.view.get().shown;
        for shade in Shade::ALL {
            let selector = format!("[data-act=\"{}\"]", shade as u8);
            set(
                &panel,
                &selector,
                "aria-pressed",
                &shown.has(shade).to_string(),
            );
        }
    });
    view! { <Panel class="legend" html late=true heard show /> }
}
