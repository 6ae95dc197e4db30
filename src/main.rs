//! The browser entry: reports panics, exports the JavaScript API, takes over the page.

use concurrency_explained::{api, app};
use wasm_bindgen::prelude::*;

#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    // A panic is a bug; what and where goes to the console.
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
    app::hydrate();
}

/// Simulates one scenario, JSON in and the report as JSON out.
///
/// # Errors
///
/// A JavaScript `Error` whose message lists everything wrong with the scenario.
#[wasm_bindgen]
pub fn simulate(scenario: &JsValue) -> Result<String, JsError> {
    Ok(api::simulate(&text(scenario)?)?)
}

/// The fingerprint of one scenario's trace in hexadecimal: the same wherever it is run.
///
/// # Errors
///
/// As [`simulate`].
#[wasm_bindgen]
pub fn fingerprint(scenario: &JsValue) -> Result<String, JsError> {
    Ok(api::fingerprint(&text(scenario)?)?)
}

fn text(scenario: &JsValue) -> Result<String, JsError> {
    let text = scenario.as_string();
    text.ok_or_else(|| JsError::new("expected a scenario as JSON text"))
}
