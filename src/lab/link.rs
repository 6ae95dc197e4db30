//! The lab's scenario in the address bar: read when the page opens and when a link leads to the lab, then
//! written as it changes; where a preset or a button replaces it, as an entry of its own.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, FocusOptions, HtmlElement, MouseEvent};

use super::state::{checked, default_setup, to_comparison};
use crate::parts::{Setup, Stage, link};
use crate::scenario::Comparison;
use crate::widgets::{RwSignal, effect};

/// Browsers allow about 200 changes of the address in half a minute; this stays below.
const PAUSE_MS: u32 = 200;

/// The presets, when one is chosen.
const PRESET: &str = "[name=preset]:not(:has([value='']:checked))";

/// The buttons that replace, add and remove systems.
const BUTTONS: &str = ".lab-bar button:not([aria-disabled]), .system > button";

/// The page's address, as far as the lab is concerned.
#[derive(Default)]
struct Address {
    /// What it says, or is about to say, where it can be read.
    said: Option<Comparison>,
    /// Its query as it was last read or written.
    query: String,
    /// The query that is about to be written, and the timer that will.
    pending: Option<String>,
    timer: Option<Timeout>,
    /// Whether the reader is replacing it, or a system of it.
    replaced: bool,
}

type Shared = Rc<RefCell<Address>>;

/// The lab, as links set it.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) stage: Stage,
    /// What is wrong with a link.
    pub(super) problem: RwSignal<String>,
    /// The preset that the lab started from.
    pub(super) chosen: RwSignal<String>,
}

/// Opens the scenario of the page's link, or says what is wrong with it; then keeps the link true.
pub(super) fn follow(target: Target) {
    let default = to_comparison(&default_setup());
    let address = Shared::default();
    let mine = address.clone();
    effect(move || {
        let comparison = target.stage.setup.with(to_comparison);
        let replaced = std::mem::take(&mut mine.borrow_mut().replaced);
        if mine.borrow().said.is_none() {
            read(target, &mine);
        } else if replaced || mine.borrow().said.as_ref() != Some(&comparison) {
            let query = match comparison == default {
                true => String::new(),
                false => comparison.to_query(),
            };
            clear(target.problem);
            if replaced && mine.borrow().query[..].trim_start_matches('?') == query {
                return;
            }
            let later = mine.clone();
            let mut address = mine.borrow_mut();
            address.said = Some(comparison);
            address.pending = Some(query);
            // Setting it drops the timer before, so that only the last of a drag's steps is written.
            address.timer = Some(Timeout::new(PAUSE_MS, move || write(&later, false)));
            drop(address);
            if replaced {
                write(&mine, true);
            }
        }
    });
    for name in ["click", "change", "popstate"] {
        let address = address.clone();
        let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let element = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            // Where this fails the browser follows the link.
            let _ = match (element, event.dyn_ref::<MouseEvent>()) {
                (Some(element), Some(click)) => clicked(target, &address, &element, click),
                (Some(element), None) => replaces(&address, &element, PRESET),
                (None, _) => moved(target, &address),
            };
        });
        // Names that every browser knows. Before the form hears of it, the address is as it was.
        let _ = window().add_event_listener_with_callback_and_bool(
            name,
            heard.as_ref().unchecked_ref(),
            true,
        );
        heard.forget();
    }
}

/// Where a control that is one of `those` is about to replace what the lab has, the address keeps that.
fn replaces(address: &Shared, control: &Element, those: &str) -> Option<()> {
    if control.matches(those).ok()? {
        write(address, false);
        address.borrow_mut().replaced = true;
    }
    Some(())
}

/// A link of this page to the lab opens there without loading the page anew, so that nothing else on it
/// is lost.
fn clicked(target: Target, address: &Shared, on: &Element, click: &MouseEvent) -> Option<()> {
    replaces(address, on, BUTTONS)?;
    let link = on.closest("a").ok()??;
    // Before the reader leaves, the address says what the lab has.
    write(address, false);
    let url = link.get_attribute("href")?;
    let elsewhere = click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
    if elsewhere || !(url.starts_with('?') && url.ends_with("#lab")) {
        return None;
    }
    let history = window().history().ok()?;
    history
        .push_state_with_url(&JsValue::NULL, "", Some(&url))
        .ok()?;
    click.prevent_default();
    read(target, address);
    let document = window().document()?;
    document.get_element_by_id("lab")?.scroll_into_view();
    let heading = document.query_selector("#lab h2 a").ok()??;
    // Focus itself would cut the way there short.
    let still = FocusOptions::new();
    still.set_prevent_scroll(true);
    let heading = heading.unchecked_ref::<HtmlElement>();
    heading.focus_with_options(&still).ok()
}

/// On the way back, or on, the lab is as the address says.
fn moved(target: Target, address: &Shared) -> Option<()> {
    // It would have been written there.
    let dropped = address.borrow_mut().pending.take().is_some();
    // From one section to another the query stays.
    if dropped || address.borrow().query != search() {
        read(target, address);
    }
    Some(())
}

fn search() -> String {
    window().location().search().unwrap_or_default()
}

/// Has the lab run what the address says: its default, where that is nothing, or wrong.
fn read(target: Target, address: &Shared) {
    let query = search();
    let asked = Comparison::from_query(&query).and_then(|comparison| {
        comparison
            .map(|comparison| checked(&comparison))
            .transpose()
    });
    let (setup, problem): (Setup, String) = match asked {
        Ok(setup) => (setup.unwrap_or_else(default_setup), String::new()),
        Err(problems) => (default_setup(), link::unread("the lab", &problems)),
    };
    *address.borrow_mut() = Address {
        // The link that was opened stays: it may lead to a figure.
        said: Some(to_comparison(&setup)),
        query,
        ..Address::default()
    };
    target.problem.set(problem);
    clear(target.chosen);
    if target.stage.setup.with_untracked(|now| *now != setup) {
        target.stage.setup.set(setup);
    }
}

/// Takes back what it says, if it says anything.
fn clear(words: RwSignal<String>) {
    if !words.read_untracked().is_empty() {
        words.set(String::new());
    }
}

/// Writes the query that is pending, if one is; as an entry of its `own`, or over the last one.
fn write(address: &Shared, own: bool) {
    let Some(query) = address.borrow_mut().pending.take() else {
        return;
    };
    let Ok(path) = window().location().pathname() else {
        return;
    };
    let mark = if query.is_empty() { "" } else { "?" };
    let url = format!("{path}{mark}{query}#lab");
    // A browser that refuses leaves the old link, which is still a scenario.
    if let Ok(history) = window().history() {
        let _ = match own {
            true => history.push_state_with_url(&JsValue::NULL, "", Some(&url)),
            false => history.replace_state_with_url(&JsValue::NULL, "", Some(&url)),
        };
        address.borrow_mut().query = search();
    }
}
