//! Arrivals and work that the measuring bench has too: real servers are sent the very requests that are
//! simulated under the same seed. The same numbers stand in `tests/measured/test_bench.py`.

use concurrency_explained::scenario::Scenario;
use concurrency_explained::simulation::run;

/// The requests of a run of `workload` under seed 7, each with slot and core of its own.
fn requests(workload: &str) -> Vec<(f64, f64)> {
    let json = format!(
        r#"{{"system": {{"kind": "executor", "pool": "process", "max_workers": 4}}, "seed": 7, "workload": {workload}}}"#
    );
    let run = run(&Scenario::from_json(&json).expect("a scenario"));
    let ms = |nanos: u64| nanos as f64 / 1e6;
    let requests = run.requests.iter();
    requests
        .map(|request| (ms(request.arrival), ms(request.end - request.arrival)))
        .collect()
}

#[test]
fn arrivals_are_those_of_the_bench() {
    let sent = requests(r#"{"requests": 3, "arrivals": {"kind": "poisson", "rate_per_s": 100}}"#);
    let sent: Vec<f64> = sent.iter().map(|request| request.0).collect();
    assert_eq!(sent, [3.068173, 3.807753, 9.818395]);
}

#[test]
fn work_is_that_of_the_bench() {
    for (spread, io, cpu) in [
        ("exponential", [12.588104, 4.744074], [0.40077, 4.084219]),
        ("lognormal", [20.56964, 47.244055], [1.8617, 7.360081]),
    ] {
        for (means, expected) in [("50, \"cpu_ms\": 0", io), ("0, \"cpu_ms\": 2", cpu)] {
            let took = requests(&format!(
                r#"{{"requests": 2, "io_ms": {means}, "spread": "{spread}"}}"#
            ));
            let took: Vec<f64> = took.iter().map(|request| request.1).collect();
            assert_eq!(took, expected, "{spread} {means}");
        }
    }
}
