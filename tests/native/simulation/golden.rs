//! Fingerprints of whole runs, which WebAssembly must give too.

use concurrency_explained::scenario::Scenario;
use concurrency_explained::simulation::{check, run};
use serde_json::Value;

/// A list of `{ "name", "scenario", "fingerprint" }`, the fingerprint in hexadecimal.
const GOLDEN: &str = include_str!("golden.json");

/// A change of the engine that changes runs on purpose has to replace these values.
#[test]
fn runs_have_not_changed() {
    let golden: Vec<Value> = serde_json::from_str(GOLDEN).expect("the file is JSON");
    assert!(!golden.is_empty());
    let differing: Vec<String> = golden
        .iter()
        .filter_map(|case| {
            let scenario = Scenario::from_json(&case["scenario"].to_string())
                .unwrap_or_else(|problems| panic!("{}: {problems}", case["name"]));
            check(&scenario).unwrap_or_else(|problems| panic!("{}: {problems}", case["name"]));
            let run = run(&scenario);
            let fingerprint = format!("{:016x}", run.fingerprint());
            (case["fingerprint"] != fingerprint.as_str())
                .then(|| format!("{} is now {fingerprint}", case["name"]))
        })
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
