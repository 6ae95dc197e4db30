//! What the simulator makes of a case that was measured, computed as the page is built.

use super::measured::{Measured, Record};
use crate::parts::CALIBRATED_RUNS;
use crate::scenario::{Fidelity, Scenario, field};
use crate::simulation::{BANDS, Repeat, check};

/// The median of `metrics`, named as in [`BANDS`], over calibrated runs of a scenario.
pub(super) fn calibrated<const N: usize>(
    mut scenario: Scenario,
    metrics: [&str; N],
) -> Option<[f64; N]> {
    scenario.fidelity = Fidelity::Calibrated;
    medians(scenario, metrics)
}

fn medians<const N: usize>(scenario: Scenario, metrics: [&str; N]) -> Option<[f64; N]> {
    check(&scenario).ok()?;
    let mut repeat = Repeat::new(scenario, CALIBRATED_RUNS as u32);
    while repeat.step() {}
    let bands = repeat.bands();
    let median = |name| Some(bands[BANDS.iter().position(|(band, _)| *band == name)?].median);
    let medians: Option<Vec<f64>> = metrics.into_iter().map(median).collect();
    medians?.try_into().ok()
}

/// The time that `CASE:METRIC` names, or `CASE?FIELD=VALUE&...:METRIC` with some fields changed: on
/// the whiteboard, where neither server nor client costs anything, or calibrated.
pub(super) fn quote(kind: &str, key: &str, measured: &Measured) -> Option<String> {
    let (case, metric) = key.split_once(':')?;
    let (slug, changes) = case.split_once('?').unwrap_or((case, ""));
    let case = measured.case(slug)?;
    let mut scenario = Scenario::from_json(&case.get("scenario")?.to_string()).ok()?;
    for change in changes.split('&').filter(|change| !change.is_empty()) {
        let (name, text) = change.split_once('=')?;
        let field = field(name)?;
        field.set(&mut scenario, field.parse(text).ok()?).ok()?;
    }
    let [ms] = match kind {
        "calibrated" => calibrated(scenario, [metric])?,
        _ => {
            scenario.machine.client_cpu_ms = 0.0;
            medians(scenario, [metric])?
        }
    };
    // In as many digits as what was measured.
    let record = case.pointer(&format!("/{}", metric.replace('.', "/")));
    let record = record.and_then(Record::of);
    Some(record.unwrap_or(Record::once(ms)).milliseconds(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_run_again_with_what_is_changed() {
        let measured = Measured::parse(
            r#"{"cases": [{"slug": "a", "scenario": {
                "system": {"kind": "gunicorn", "workers": 4, "threads": 2},
                "workload": {"requests": 80}, "machine": {"client_cpu_ms": 0.2}}}]}"#,
        );
        let quote = |kind, key| quote(kind, key, &measured).map(|text| text.replace('\u{a0}', " "));
        let whiteboard = |key| quote("whiteboard", key);
        assert_eq!(whiteboard("a:makespan_ms").as_deref(), Some("1.00 s"));
        assert_eq!(
            whiteboard("a?io_ms=10&workers=1:makespan_ms").as_deref(),
            Some("400 ms")
        );
        assert!(whiteboard("a?accept=random:makespan_ms") > whiteboard("a:makespan_ms"));
        assert!(quote("calibrated", "a:makespan_ms") > whiteboard("a:makespan_ms"));
        for unknown in [
            "b:makespan_ms",
            "a:latency",
            "a?nothing=1:makespan_ms",
            "a?workers=0:makespan_ms",
        ] {
            assert_eq!(whiteboard(unknown), None, "{unknown}");
        }
    }
}
