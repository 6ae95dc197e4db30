//! The simulator as a function from JSON to JSON, which the page exports to JavaScript.

use crate::scenario::{Problems, Scenario};
use crate::simulation;

/// Runs the scenario written in `json` and returns its report as JSON.
///
/// The same code path that the sliders use; the error lists everything wrong with the scenario.
///
/// # Errors
///
/// Everything wrong with the scenario.
pub fn simulate(json: &str) -> Result<String, Problems> {
    let scenario = Scenario::from_json(json)?;
    simulation::check(&scenario)?;
    let report = simulation::report(&scenario);
    // Plain data with string keys always serialises.
    Ok(serde_json::to_string(&report).unwrap_or_default())
}

/// The fingerprint of the run of the scenario written in `json`, in hexadecimal; see
/// [`Run::fingerprint`](simulation::Run::fingerprint).
///
/// # Errors
///
/// Everything wrong with the scenario.
pub fn fingerprint(json: &str) -> Result<String, Problems> {
    let scenario = Scenario::from_json(json)?;
    simulation::check(&scenario)?;
    Ok(format!("{:016x}", simulation::run(&scenario).fingerprint()))
}
