//! The lab's scenario in the address bar: read once, then written as it changes.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;

use super::state::{checked, default_setup, to_comparison};
use crate::parts::Stage;
use crate::scenario::Comparison;
use crate::widgets::{RwSignal, effect};

/// Browsers allow about 200 changes of the address in half a minute; this stays below.
const PAUSE_MS: u32 = 200;

/// Opens the scenario of the page's link, or says what is wrong with it; then keeps the link true.
pub(super) fn follow(stage: Stage, problem: RwSignal<String>) {
    let default = to_comparison(&default_setup());
    let mut pending = None::<Timeout>;
    // What the address says, as far as it can be read.
    let mut said = None;
    effect(move || {
        let comparison = stage.setup.with(to_comparison);
        if said.is_none() {
            read(stage, problem);
            said = Some(stage.setup.with_untracked(to_comparison));
            return;
        }
        if said.as_ref() == Some(&comparison) {
            // The link that was opened stays: it may lead to a figure.
            return;
        }
        let query = match comparison == default {
            true => String::new(),
            false => comparison.to_query(),
        };
        // Setting it drops the timer before, so that only the last of a drag's steps is written.
        pending.replace(Timeout::new(PAUSE_MS, move || write(&query)));
        said = Some(comparison);
    });
}

fn read(stage: Stage, problem: RwSignal<String>) {
    let Some(query) = web_sys::window().and_then(|window| window.location().search().ok()) else {
        return;
    };
    let asked = Comparison::from_query(&query).and_then(|comparison| {
        comparison
            .map(|comparison| checked(&comparison))
            .transpose()
    });
    match asked {
        Ok(Some(setup)) => stage.setup.set(setup),
        Ok(None) => {}
        Err(problems) => problem.set(format!(
            "This link cannot be read, so the lab opens with its default.\n{problems}"
        )),
    }
}

fn write(query: &str) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let location = window.location();
    let Ok(path) = location.pathname() else {
        return;
    };
    let mark = if query.is_empty() { "" } else { "?" };
    let url = format!("{path}{mark}{query}#lab");
    // A browser that refuses leaves the old link, which is still a scenario.
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
    }
}
