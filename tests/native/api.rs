//! The JavaScript API, without the JavaScript.

use concurrency_explained::api::simulate;
use serde_json::{Value, json};

fn report(scenario: Value) -> Value {
    serde_json::from_str(&simulate(&scenario.to_string()).unwrap()).unwrap()
}

#[test]
fn answers_with_the_documented_report() {
    let report = report(json!({
        "version": 1,
        "system": { "kind": "gunicorn", "workers": 4, "threads": 2 }
    }));
    assert_eq!(report["makespan_ms"], 12500.0);
    assert_eq!(report["completed"], 1000);
    assert_eq!(report["throughput_rps"], 80.0);
    assert_eq!(report["latency_ms"]["max"], 12500.0);
    assert_eq!(report["peak_in_flight"], 8);
    assert_eq!(
        report["failed"],
        json!({ "client_timeout": 0, "worker_timeout": 0, "refused": 0, "crashed": 0 })
    );
    assert_eq!(
        report["notes"][0],
        "worker_class 'sync' with 2 threads runs as gthread"
    );
}

#[test]
fn the_same_text_gives_the_same_answer() {
    let scenario = json!({
        "system": { "kind": "event_loop" },
        "workload": {
            "arrivals": { "kind": "poisson", "rate_per_s": 200 },
            "cpu_ms": 2,
            "spread": "lognormal"
        }
    })
    .to_string();
    assert_eq!(simulate(&scenario), simulate(&scenario));
}

#[test]
fn refuses_with_the_list_of_problems() {
    let problems = simulate(r#"{"system":{"kind":"executor"},"workload":{"requests":0}}"#);
    assert_eq!(
        problems.unwrap_err().to_string(),
        "workload.requests: 0 is out of range, expected 1..=1000000"
    );
}
