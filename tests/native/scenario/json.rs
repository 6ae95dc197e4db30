//! Scenarios read from and written to JSON.

use concurrency_explained::scenario::*;
use proptest::prelude::*;

use super::any;

fn problems(json: &str) -> String {
    Scenario::from_json(json).unwrap_err().to_string()
}

#[test]
fn reads_the_documented_example() {
    let json = r#"{
        "version": 1,
        "system":   { "kind": "gunicorn", "worker_class": "sync", "workers": 4, "threads": 2 },
        "workload": { "requests": 1000, "arrivals": { "kind": "burst" }, "io_ms": 100, "cpu_ms": 0 },
        "machine":  { "cores": 4 },
        "fidelity": "textbook",
        "seed": 1
    }"#;
    let expected = Scenario::new(System::Gunicorn(Gunicorn {
        workers: 4,
        threads: 2,
        ..Gunicorn::default()
    }));
    assert_eq!(Scenario::from_json(json), Ok(expected));
}

#[test]
fn only_the_kind_is_required() {
    for (kind, system) in [
        ("gunicorn", System::Gunicorn(Gunicorn::default())),
        ("event_loop", System::EventLoop(EventLoop::default())),
        ("executor", System::Executor(Executor::default())),
    ] {
        let json = format!(r#"{{"system":{{"kind":"{kind}"}}}}"#);
        assert_eq!(Scenario::from_json(&json), Ok(Scenario::new(system)));
    }
}

#[test]
fn the_kind_may_come_last() {
    let json = r#"{"system":{"workers":8,"kind":"gunicorn"},
        "workload":{"arrivals":{"rate_per_s":5,"kind":"paced"}}}"#;
    let scenario = Scenario::from_json(json).unwrap();
    assert_eq!(
        scenario.workload.arrivals,
        Arrivals::Paced { rate_per_s: 5.0 }
    );
    assert_eq!(
        field("workers").unwrap().get(&scenario),
        Some(Value::Integer(8))
    );
}

#[test]
fn whole_floats_are_whole_numbers_and_null_unsets() {
    let json = r#"{"system":{"kind":"gunicorn","workers":4.0,"accept":null},
        "workload":{"requests":1e3,"pool_size":null,"client_timeout_ms":null}}"#;
    let scenario = Scenario::from_json(json).unwrap();
    assert_eq!(scenario.workload.requests, 1000);
    assert_eq!(scenario.workload.pool_size, None);
}

/// Each line of a report of problems, exactly.
#[test]
fn messages_name_the_field_the_value_and_what_is_allowed() {
    let workload = |members: &str| {
        problems(&format!(
            r#"{{"system":{{"kind":"gunicorn"}},"workload":{members}}}"#
        ))
    };
    let system = |members: &str| problems(&format!(r#"{{"system":{members}}}"#));
    let pairs = [
        (
            workload(r#"{"requests":0}"#),
            "workload.requests: 0 is out of range, expected 1..=1000000",
        ),
        (
            workload(r#"{"requests":"ten"}"#),
            r#"workload.requests: "ten" is not a whole number, expected 1..=1000000"#,
        ),
        (
            workload(r#"{"requests":4.5}"#),
            "workload.requests: 4.5 is not a whole number, expected 1..=1000000",
        ),
        (
            workload(r#"{"io_ms":-0.5}"#),
            "workload.io_ms: -0.5 is out of range, expected 0..=60000",
        ),
        (
            workload(r#"{"io_ms":[1]}"#),
            "workload.io_ms: a list is not a number, expected 0..=60000",
        ),
        (
            workload(r#"{"io_ms":null}"#),
            "workload.io_ms: null is not a number, expected 0..=60000",
        ),
        (
            workload(r#"{"spread":"lognorml"}"#),
            r#"workload.spread: "lognorml" is unknown, expected one of constant, exponential, lognormal (did you mean lognormal?)"#,
        ),
        (
            workload(r#"{"reqests":5}"#),
            "workload.reqests: unknown field, expected one of requests, arrivals, io_ms, cpu_ms, io_calls, spread, pool_size, client_timeout_ms, heavy_every, heavy_cpu_ms (did you mean requests?)",
        ),
        (
            workload(r#"{"cores":5}"#),
            "workload.cores: unknown field, expected one of requests, arrivals, io_ms, cpu_ms, io_calls, spread, pool_size, client_timeout_ms, heavy_every, heavy_cpu_ms (did you mean machine.cores?)",
        ),
        (
            workload(r#"{"arrivals":{"rate_per_s":60}}"#),
            "workload.arrivals.rate_per_s: belongs to poisson or paced, not burst",
        ),
        (
            workload(r#"{"arrivals":"poisson"}"#),
            r#"workload.arrivals: expected an object, found "poisson""#,
        ),
        (
            workload(r#"{"arrivals":{"kind":"posson","rate_per_s":60}}"#),
            r#"workload.arrivals.kind: "posson" is unknown, expected one of burst, poisson, paced, closed (did you mean poisson?)"#,
        ),
        (
            workload(r#"{"requests":1,"requests":2}"#),
            "workload.requests: given twice",
        ),
        (
            system(r#"{"kind":"event_loop","threads":2}"#),
            "system.threads: belongs to gunicorn, not event_loop",
        ),
        (
            system(r#"{"kind":"nginx","workers":2}"#),
            r#"system.kind: "nginx" is unknown, expected one of gunicorn, event_loop, executor"#,
        ),
        (
            system(r#"{"workers":2}"#),
            "system.kind: missing, expected one of gunicorn, event_loop, executor",
        ),
        (
            system(r#"{"kind":"executor","nonsense":2}"#),
            "system.nonsense: unknown field, expected one of kind, pool, max_workers",
        ),
        (
            problems(r#"{"system":{"kind":"executor"},"machine":{"gil":1}}"#),
            "machine.gil: 1 is unknown, expected one of true, false",
        ),
        (
            problems(r#"{"system":{"kind":"executor"},"version":2}"#),
            "version: 2 is not supported, expected 1",
        ),
        (
            problems(r#"{"system":{"kind":"executor"},"system":{"kind":"executor"}}"#),
            "system: given twice",
        ),
        (
            problems(r#"{"system":{"kind":"executor"},"workers":2}"#),
            "workers: unknown field, expected one of version, system, workload, machine, fidelity, seed (did you mean system.workers?)",
        ),
        (
            problems(r#"{"system":{"kind":"executor"},"seed":9007199254740992}"#),
            "seed: 9007199254740992 is out of range, expected 0..=9007199254740991",
        ),
        (
            problems("{}"),
            "system.kind: missing, expected one of gunicorn, event_loop, executor",
        ),
        (
            problems("{"),
            "not valid JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            problems(r#"{"system":{"kind":"executor"}} {}"#),
            "not valid JSON: trailing characters at line 1 column 32",
        ),
    ];
    for (message, expected) in pairs {
        assert_eq!(message, expected);
    }
}

#[test]
fn several_problems_are_reported_together() {
    let json = r#"{"version":3,
        "system":{"kind":"gunicorn","workers":0,"loops":2},
        "workload":{"requests":0,"io_ms":"x"}}"#;
    assert_eq!(
        problems(json).lines().collect::<Vec<_>>(),
        [
            "version: 3 is not supported, expected 1",
            "workload.requests: 0 is out of range, expected 1..=1000000",
            r#"workload.io_ms: "x" is not a number, expected 0..=60000"#,
            "system.workers: 0 is out of range, expected 1..=256",
            "system.loops: belongs to event_loop, not gunicorn",
        ]
    );
}

proptest! {
    #[test]
    fn json_round_trips(scenario in any::scenario()) {
        prop_assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario));
    }
}
