//! Comparisons as links.

use concurrency_explained::scenario::*;
use proptest::prelude::*;

use super::any;

fn read(query: &str) -> Comparison {
    Comparison::from_query(query).unwrap().unwrap()
}

fn problems(query: &str) -> String {
    Comparison::from_query(query).unwrap_err().to_string()
}

#[test]
fn the_documented_link_says_only_what_differs() {
    let query = "kind=gunicorn&workers=8&arrivals=poisson&rate_per_s=60";
    let comparison = read(&format!("?{query}#lab"));
    assert_eq!(comparison.systems.len(), 1);
    assert_eq!(comparison.to_query(), query);
    let defaults = read("kind=gunicorn&threads=1&requests=1000&seed=1&gil=true&pool_size=");
    assert_eq!(defaults.to_query(), "kind=gunicorn");
}

#[test]
fn further_systems_stand_behind_prefixes_and_share_the_rest() {
    let query = "kind=gunicorn&threads=2&b.kind=event_loop&b.loops=2&c.kind=executor&requests=500&gil=false&seed=7";
    let comparison = read(query);
    assert_eq!(comparison.systems.len(), 3);
    assert_eq!(comparison.workload.requests, 500);
    assert_eq!(comparison.to_query(), query);
    let kinds: Vec<_> = comparison.scenarios().map(|s| s.system.kind()).collect();
    assert_eq!(kinds, ["gunicorn", "event_loop", "executor"]);
}

#[test]
fn order_and_escapes_do_not_matter() {
    assert_eq!(
        read("rate_per_s=6%30.5&arrivals=p%61ced&workers=+8&kind=gunicorn&&"),
        read("kind=gunicorn&workers=8&arrivals=paced&rate_per_s=60.5")
    );
}

#[test]
fn a_link_without_a_scenario_is_none() {
    for query in ["", "?", "&", "#lab", "?#lab", "?utm_source=mail&fbclid=x"] {
        assert_eq!(Comparison::from_query(query), Ok(None), "{query}");
    }
}

#[test]
fn messages_name_the_key_as_the_link_does() {
    let pairs = [
        (
            "workers=8",
            "kind: missing, expected one of gunicorn, event_loop, executor",
        ),
        (
            "kind=gunicorn&workers=0",
            "workers: 0 is out of range, expected 1..=256",
        ),
        (
            "kind=gunicorn&workers=x",
            r#"workers: "x" is not a whole number, expected 1..=256"#,
        ),
        (
            "kind=gunicorn&workers",
            r#"workers: "" is not a whole number, expected 1..=256"#,
        ),
        ("kind=gunicorn&workers=1&workers=2", "workers: given twice"),
        (
            "kind=executor&workers=2",
            "workers: belongs to gunicorn, not executor",
        ),
        (
            "kind=executor&rate_per_s=2",
            "rate_per_s: belongs to poisson or paced, not burst",
        ),
        (
            "kind=executor&max_workers=%zz",
            r#"max_workers: "%zz" is not percent-encoded UTF-8"#,
        ),
        (
            "kind=executor&max_workers=%FF",
            r#"max_workers: "%FF" is not percent-encoded UTF-8"#,
        ),
        (
            "kind=executor&c.kind=executor",
            "b.kind: missing, expected one of gunicorn, event_loop, executor",
        ),
        (
            "kind=executor&b.kind=executor&b.requests=5",
            "b.requests: unknown field, expected one of kind, pool, max_workers (systems share it: leave out the prefix)",
        ),
        (
            "kind=executor&max_worker=5",
            "max_worker: unknown field, expected one of kind, pool, max_workers, requests, arrivals, io_ms, cpu_ms, io_calls, spread, pool_size, client_timeout_ms, heavy_every, heavy_cpu_ms, cores, gil, switch_interval_ms, context_switch_us, client_cpu_ms, crash_at_ms, crash_worker, fidelity, seed (did you mean max_workers?)",
        ),
    ];
    for (query, expected) in pairs {
        assert_eq!(problems(query), expected, "{query}");
    }
}

#[test]
fn a_long_link_is_refused() {
    let query = format!("kind=gunicorn&workers={}", "1".repeat(9000));
    assert_eq!(
        problems(&query),
        "a link of 9022 bytes is too long, expected at most 8192"
    );
}

proptest! {
    #[test]
    fn links_round_trip(comparison in any::comparison()) {
        let query = comparison.to_query();
        prop_assert_eq!(Comparison::from_query(&query), Ok(Some(comparison)));
        prop_assert!(query.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.=&-".contains(&b)));
    }
}
