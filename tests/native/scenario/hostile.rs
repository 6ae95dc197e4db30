//! Input that means harm or nothing: an error that says so, never a panic.

use concurrency_explained::scenario::*;
use proptest::prelude::*;

/// Messages stay short whatever the input.
fn assert_short(problems: &Problems) {
    assert!((1..=21).contains(&problems.0.len()));
    for problem in &problems.0 {
        assert!(problem.to_string().len() < 1000, "{problem}");
        assert!(!problem.message.contains('\n'), "{problem}");
    }
}

#[test]
fn hostile_json_is_refused_clearly() {
    let deep = "[".repeat(100_000);
    let deep_object = r#"{"system":"#.repeat(10_000);
    let long = format!(r#"{{"system":{{"kind":"{}"}}}}"#, "é".repeat(100_000));
    let huge = " ".repeat(1_000_001);
    let many = format!("{{{}\"seed\":1}}", r#""x":0,"#.repeat(100_000));
    let twice = format!("{{{}\"seed\":1}}", r#""seed":0,"#.repeat(100_000));
    let cases: &[(&str, &str)] = &[
        ("", "not valid JSON: EOF"),
        ("nonsense", "not valid JSON"),
        ("NaN", "not valid JSON"),
        ("null", "expected an object, found null"),
        ("[]", "expected an object, found a list"),
        (
            r#"{"system":{"kind":"event_loop"},"workload.requests":5}"#,
            "workload.requests: unknown field",
        ),
        (
            r#"{"system":{"kind":"gunicorn"},"system.workers":4}"#,
            "system.workers: unknown field",
        ),
        (
            r#"{"system":{"kind":"event_loop"},"workload":{"arrivals.kind":"paced"}}"#,
            "workload.arrivals.kind: unknown field",
        ),
        (r#""gunicorn""#, r#"expected an object, found "gunicorn""#),
        (
            r#"{"system":null}"#,
            "system: expected an object, found null",
        ),
        (r#"{"seed":NaN}"#, "not valid JSON"),
        (r#"{"seed":Infinity}"#, "not valid JSON"),
        (r#"{"seed":1e999}"#, "not valid JSON: number out of range"),
        (r#"{"seed":-1}"#, "seed: -1 is out of range"),
        (r#"{"seed":1e308}"#, "seed: 1e308 is out of range"),
        (
            r#"{"seed":18446744073709551616}"#,
            "seed: 1.8446744073709552e19 is out of range",
        ),
        (r#"{"\u0000\n":1}"#, r"\0\n: unknown field"),
        (r#"{"":1}"#, "unknown field, expected one of version"),
        (r#"{"seed":"\ud800"}"#, "not valid JSON"),
        (&deep, "not valid JSON: recursion limit exceeded"),
        (&deep_object, "not valid JSON: recursion limit exceeded"),
        (
            &long,
            "system.kind: \"éééééééééééééééééééééééééééééééééééééééé…\" is unknown",
        ),
        (&huge, "1000001 bytes is too long, expected at most 1000000"),
        (&many, "x: unknown field"),
        (&twice, "and 99981 more problems"),
    ];
    for (json, expected) in cases {
        let problems = Scenario::from_json(json).unwrap_err();
        assert_short(&problems);
        let text = problems.to_string();
        assert!(text.contains(expected), "expected {expected}\nfound {text}");
    }
}

#[test]
fn hostile_links_are_refused_clearly() {
    let many = "x=1&".repeat(2000);
    let cases = [
        ("=", "unknown field"),
        ("==", "unknown field"),
        ("%", "%: not percent-encoded UTF-8"),
        ("kind=%", "not percent-encoded UTF-8"),
        ("%zz=gunicorn", "not percent-encoded UTF-8"),
        ("kind=<script>", r#"kind: "<script>" is unknown"#),
        ("b.=1", "b.: unknown field"),
        ("b.b.kind=gunicorn", "b.b.kind: unknown field"),
        ("e.kind=gunicorn", "e.kind: unknown field"),
        ("kind=executor&io_ms=NaN", r#"io_ms: "NaN" is not a number"#),
        ("kind=executor&io_ms=inf", r#"io_ms: "inf" is not a number"#),
        (
            "kind=executor&io_ms=1e400",
            r#"io_ms: "1e400" is not a number"#,
        ),
        ("kind=executor&requests=-1", "requests: -1 is out of range"),
        ("kind=executor&version=2", "version: unknown field"),
        (&many, "more problems"),
    ];
    for (query, expected) in cases {
        let problems = Comparison::from_query(query).unwrap_err();
        assert_short(&problems);
        let text = problems.to_string();
        assert!(text.contains(expected), "expected {expected}\nfound {text}");
    }
}

/// Arbitrary JSON, biased towards the names that a scenario has.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let names = FIELDS.iter().flat_map(|field| field.path.split('.'));
    let name = proptest::sample::select(names.collect::<Vec<_>>());
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        (-2i64..300).prop_map(Into::into),
        proptest::sample::select(vec!["gunicorn", "executor", "poisson", "sync", "x"])
            .prop_map(Into::into),
        ".{0,60}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec((name.clone(), inner), 0..8).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_a_scenario_or_a_short_report(text in ".*") {
        if let Err(problems) = Scenario::from_json(&text) {
            assert_short(&problems);
        }
        if let Err(problems) = Comparison::from_query(&text) {
            assert_short(&problems);
        }
        let _ = parse_presets(&text);
    }

    #[test]
    fn any_json_is_a_scenario_or_a_short_report(system in json(), workload in json(), rest in json()) {
        for document in [
            serde_json::json!({ "system": system, "workload": workload, "machine": rest }),
            rest,
        ] {
            match Scenario::from_json(&document.to_string()) {
                Ok(scenario) => prop_assert_eq!(Scenario::from_json(&scenario.to_json()), Ok(scenario)),
                Err(problems) => assert_short(&problems),
            }
        }
    }

    #[test]
    fn any_pairs_are_a_comparison_or_a_short_report(
        pairs in proptest::collection::vec(("(b\\.|c\\.)?[a-z_]{1,8}|kind|workers|arrivals", ".{0,20}"), 0..10)
    ) {
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        if let Err(problems) = Comparison::from_query(&pairs.join("&")) {
            assert_short(&problems);
        }
    }
}
