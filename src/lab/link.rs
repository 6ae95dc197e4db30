//! The lab's scenario in the address bar: read when the page opens and when a link leads to the lab, then
//! written as it changes.

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, MouseEvent};

use super::state::{checked, default_setup, to_comparison};
use crate::parts::Stage;
use crate::scenario::Comparison;
use crate::widgets::{RwSignal, effect};

/// Browsers allow about 200 changes of the address in half a minute; this stays below.
const PAUSE_MS: u32 = 200;

/// Opens the scenario of the page's link, or says what is wrong with it; then keeps the link true.
pub(super) fn follow(stage: Stage, problem: RwSignal<String>) {
    let default = to_comparison(&default_setup());
    let seen = RwSignal::new(String::new());
    let mut pending = None::<Timeout>;
    // What the address says, as far as it can be read.
    let mut said = None;
    effect(move || {
        let comparison = stage.setup.with(to_comparison);
        if said.is_none() {
            read(stage, problem, seen);
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
        pending.replace(Timeout::new(PAUSE_MS, move || write(&query, seen)));
        said = Some(comparison);
    });
    for name in ["click", "popstate"] {
        let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // A page that cannot have it goes where the link leads, and is loaded anew.
            let _ = open(stage, problem, seen, &event);
        });
        let window = leptos::prelude::window();
        // A name that every browser knows.
        let _ = window.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        heard.forget();
    }
}

/// A link of this page to the lab opens there without loading the page anew, so that nothing else on it
/// is lost; and so does the way back.
fn open(
    stage: Stage,
    problem: RwSignal<String>,
    seen: RwSignal<String>,
    event: &Event,
) -> Option<()> {
    let window = web_sys::window()?;
    if let Some(click) = event.dyn_ref::<MouseEvent>() {
        let elsewhere = click.ctrl_key() || click.meta_key() || click.shift_key();
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let link = target.closest("a[href^='?'][href$='#lab']").ok()??;
        if elsewhere || event.default_prevented() {
            return None;
        }
        let url = link.get_attribute("href")?;
        let history = window.history().ok()?;
        history
            .push_state_with_url(&JsValue::NULL, "", Some(&url))
            .ok()?;
        event.prevent_default();
        window
            .document()?
            .get_element_by_id("lab")?
            .scroll_into_view();
    } else if seen.with_untracked(|seen| Some(seen) == search().as_ref()) {
        // From one section to another.
        return None;
    }
    problem.set(String::new());
    if !read(stage, problem, seen) {
        stage.setup.set(default_setup());
    }
    Some(())
}

fn search() -> Option<String> {
    web_sys::window()?.location().search().ok()
}

/// Has the lab run what the address says, or say what is wrong with it; whether that says anything.
#[inline(never)]
fn read(stage: Stage, problem: RwSignal<String>, seen: RwSignal<String>) -> bool {
    let query = search().unwrap_or_default();
    seen.set(query.clone());
    let asked = Comparison::from_query(&query).and_then(|comparison| {
        comparison
            .map(|comparison| checked(&comparison))
            .transpose()
    });
    match asked {
        Ok(Some(setup)) => stage.setup.set(setup),
        Ok(None) => return false,
        Err(problems) => problem.set(format!(
            "This link cannot be read, so the lab opens with its default.\n{problems}"
        )),
    }
    true
}

fn write(query: &str, seen: RwSignal<String>) {
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
        seen.set(search().unwrap_or_default());
    }
}
