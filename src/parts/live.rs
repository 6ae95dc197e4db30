//! The figures' values that the prose and the code samples quote, as they are at the moment.
//!
//! A quote is `FIGURE.FIELD` (`gunicorn.workers`) or `FIGURE.SYSTEM:METRIC`
//! (`race.gunicorn:makespan_ms`).

use super::metric::metric;
use super::setup::Setup;
use super::stage::Runs;
use crate::scenario::{Value, plain};

/// The quoted value, raw and as the reader sees it; `key` is the quote without its figure.
pub fn value(setup: &Setup, runs: &Runs, key: &str) -> Option<(String, String)> {
    match key.split_once(':') {
        Some((system, name)) => {
            let (raw, text) = metric(name)?.of(&runs.get(system)?.report);
            Some((plain(raw), text))
        }
        None => match setup.value(key, None)? {
            Value::None => Some((String::new(), "no limit".to_owned())),
            value => Some((value.to_string(), value.to_string())),
        },
    }
}

/// Rewrites every quote of the figure called `name` on the page.
#[cfg(not(feature = "hydrate"))]
pub fn publish(_name: &str, _setup: &Setup, _runs: &Runs) {}

/// Rewrites every quote of the figure called `name` on the page.
#[cfg(feature = "hydrate")]
pub fn publish(name: &str, setup: &Setup, runs: &Runs) {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;

    let Ok(quotes) = document().query_selector_all(&format!("[data-live^=\"{name}.\"]")) else {
        return;
    };
    for i in 0..quotes.length() {
        let Some(quote) = quotes
            .get(i)
            .and_then(|node| node.dyn_into::<web_sys::Element>().ok())
        else {
            continue;
        };
        let key = quote.get_attribute("data-live").unwrap_or_default();
        let Some((raw, text)) = value(setup, runs, key.get(name.len() + 1..).unwrap_or_default())
        else {
            continue;
        };
        if quote.text_content().as_deref() != Some(&text) {
            quote.set_text_content(Some(&text));
            // Setting an attribute of an element that exists cannot fail.
            let _ = quote.set_attribute("value", &raw);
        }
    }
}
