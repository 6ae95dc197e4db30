//! The browser entry: reports panics, exports the JavaScript API, takes over the page.

use wasm_bindgen::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    concurrency_explained::app::hydrate();
}

/// Simulates one scenario, JSON in and the report as JSON out.
///
/// # Errors
///
/// A JavaScript `Error` whose message lists everything wrong with the scenario.
#[wasm_bindgen]
pub fn simulate(scenario: &str) -> Result<String, JsError> {
    Ok(concurrency_explained::api::simulate(scenario)?)
}

/// The fingerprint of one scenario's trace in hexadecimal: the same wherever it is run.
///
/// # Errors
///
/// As [`simulate`].
#[wasm_bindgen]
pub fn fingerprint(scenario: &str) -> Result<String, JsError> {
    Ok(concurrency_explained::api::fingerprint(scenario)?)
}
