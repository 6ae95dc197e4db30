//! The table of fields: complete, consistent with the types, usable for controls.

use concurrency_explained::scenario::*;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::any;

fn systems() -> [System; 3] {
    [
        System::Gunicorn(Gunicorn::default()),
        System::EventLoop(EventLoop::default()),
        System::Executor(Executor::default()),
    ]
}

/// Scenarios that between them have every field.
fn every_kind() -> Vec<Scenario> {
    let arrivals = field("arrivals").unwrap();
    let Kind::Choice(kinds) = arrivals.kind else {
        panic!("arrivals is a choice")
    };
    let mut scenarios = Vec::new();
    for system in systems() {
        for (kind, _) in kinds {
            let mut scenario = Scenario::new(system.clone());
            arrivals.set(&mut scenario, Value::Text(kind)).unwrap();
            scenarios.push(scenario);
        }
    }
    scenarios
}

#[test]
fn defaults_equal_the_typed_ones() {
    for scenario in every_kind() {
        for field in FIELDS {
            if let Some(value) = field.get(&scenario)
                && !field.path.ends_with(".kind")
            {
                assert_eq!(value, field.default, "{}", field.path);
            }
        }
    }
    let defaults = Scenario::new(systems()[0].clone());
    for key in ["kind", "arrivals"] {
        let field = field(key).unwrap();
        assert_eq!(field.get(&defaults), Some(field.default));
    }
}

#[test]
fn fields_apply_exactly_to_their_kinds() {
    for scenario in every_kind() {
        let arrivals = field("arrivals").unwrap().get(&scenario).unwrap();
        let kinds = [scenario.system.kind().to_owned(), arrivals.to_string()];
        for field in FIELDS {
            let listed = field
                .kinds
                .iter()
                .any(|kind| kinds.iter().any(|k| k == kind));
            let expected = field.kinds.is_empty() || listed;
            assert_eq!(field.applies(&scenario), expected, "{}", field.path);
        }
    }
}

/// Every leaf of the serialised scenario, by path.
fn leaves(path: String, json: &Json, into: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                leaves(path, member, into);
            }
        }
        _ => into.push(path),
    }
}

#[test]
fn the_table_has_every_serialised_field_and_no_other() {
    for mut scenario in every_kind() {
        for (key, value) in [
            ("pool_size", Value::Integer(10)),
            ("client_timeout_ms", Value::Number(1.0)),
            ("heavy_every", Value::Integer(10)),
            ("crash_at_ms", Value::Number(1.0)),
            ("crash_worker", Value::Integer(1)),
        ] {
            field(key).unwrap().set(&mut scenario, value).unwrap();
        }
        if let System::Gunicorn(gunicorn) = &mut scenario.system {
            gunicorn.accept = Some(Accept::Random);
        }
        let mut written = Vec::new();
        leaves(
            String::new(),
            &serde_json::to_value(&scenario).unwrap(),
            &mut written,
        );
        let fields = FIELDS.iter().filter(|field| field.applies(&scenario));
        let mut listed: Vec<_> = fields.map(|field| field.path.to_owned()).collect();
        listed.push("version".to_owned());
        written.sort();
        listed.sort();
        assert_eq!(written, listed);
    }
}

#[test]
fn keys_are_unique_and_end_their_paths() {
    for (index, field) in FIELDS.iter().enumerate() {
        assert!(FIELDS[..index].iter().all(|other| other.key != field.key));
        let exception = field.path == "workload.arrivals.kind" && field.key == "arrivals";
        let last = field.path.rsplit('.').next();
        assert!(exception || last == Some(field.key), "{}", field.path);
    }
}

#[test]
fn every_field_speaks_to_the_reader() {
    for field in FIELDS {
        assert!(!field.label.is_empty(), "{}", field.path);
        assert!(field.help.ends_with('.'), "{}", field.path);
    }
}

#[test]
fn sliders_stay_in_range_and_reach_the_default() {
    for field in FIELDS {
        let Some(slider) = field.slider else { continue };
        let (min, max) = match field.kind {
            Kind::Integer { min, max } => (min as f64, max as f64),
            Kind::Number { min, max } => (min, max),
            _ => panic!("{} needs no slider", field.path),
        };
        assert!(min <= slider.min && slider.min < slider.max && slider.max <= max);
        assert!(slider.step > 0.0);
        let default = match field.default {
            Value::Integer(n) => n as f64,
            Value::Number(x) => x,
            _ => continue,
        };
        assert!(
            (slider.min..=slider.max).contains(&default),
            "{}",
            field.path
        );
    }
}

#[test]
fn another_kind_starts_from_its_defaults_and_the_same_kind_keeps_its_fields() {
    let kind = field("kind").unwrap();
    let workers = field("workers").unwrap();
    let mut scenario = Scenario::new(systems()[0].clone());
    workers.set(&mut scenario, Value::Integer(8)).unwrap();
    kind.set(&mut scenario, Value::Text("gunicorn")).unwrap();
    assert_eq!(workers.get(&scenario), Some(Value::Integer(8)));
    kind.set(&mut scenario, Value::Text("event_loop")).unwrap();
    assert_eq!(scenario.system, System::EventLoop(EventLoop::default()));
    assert_eq!(workers.get(&scenario), None);
    let problem = workers.set(&mut scenario, Value::Integer(8)).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "system.workers: belongs to gunicorn, not event_loop"
    );
}

#[test]
fn arrivals_start_from_their_own_defaults() {
    let mut scenario = Scenario::new(systems()[0].clone());
    let arrivals = field("arrivals").unwrap();
    arrivals.set(&mut scenario, Value::Text("closed")).unwrap();
    assert_eq!(
        scenario.workload.arrivals,
        Arrivals::Closed {
            clients: 20,
            think_ms: 0.0
        }
    );
    arrivals.set(&mut scenario, Value::Text("paced")).unwrap();
    assert_eq!(
        scenario.workload.arrivals,
        Arrivals::Paced { rate_per_s: 60.0 }
    );
}

#[test]
fn text_of_a_control_is_read_as_its_kind() {
    let read = |key: &str, text: &str| field(key).unwrap().parse(text);
    assert_eq!(read("workers", " 8 "), Ok(Value::Integer(8)));
    assert_eq!(read("workers", "8.0"), Ok(Value::Integer(8)));
    assert_eq!(read("io_ms", "0.5"), Ok(Value::Number(0.5)));
    assert_eq!(read("gil", "false"), Ok(Value::Flag(false)));
    assert_eq!(read("handlers", "sync"), Ok(Value::Text("sync")));
    assert_eq!(read("pool_size", ""), Ok(Value::None));
    for (key, text, message) in [
        (
            "workers",
            "",
            r#""" is not a whole number, expected 1..=256"#,
        ),
        (
            "workers",
            "4.5",
            "4.5 is not a whole number, expected 1..=256",
        ),
        ("workers", "1e3", "1000 is out of range, expected 1..=256"),
        (
            "io_ms",
            "NaN",
            r#""NaN" is not a number, expected 0..=60000"#,
        ),
        ("io_ms", "-1", "-1 is out of range, expected 0..=60000"),
        (
            "gil",
            "yes",
            r#""yes" is unknown, expected one of true, false"#,
        ),
    ] {
        assert_eq!(read(key, text), Err(message.to_owned()));
    }
}

proptest! {
    #[test]
    fn text_of_any_number_is_read_exactly(number in 0.0..=60_000.0) {
        let io_ms = field("io_ms").unwrap();
        let value = Value::Number(number);
        prop_assert_eq!(io_ms.parse(&value.to_string()), Ok(value));
    }

    #[test]
    fn what_is_set_is_got(scenario in any::scenario()) {
        let mut copy = scenario.clone();
        for field in FIELDS {
            if let Some(value) = field.get(&scenario) {
                field.set(&mut copy, value).unwrap();
                prop_assert_eq!(field.get(&copy), Some(value));
                prop_assert_eq!(field.parse(&value.to_string()), Ok(value));
            }
        }
        prop_assert_eq!(copy, scenario);
    }
}
