//! Calibrated runs against the records of real servers in `content/measured.json`.
//!
//! `cargo test measured -- --nocapture` prints the table of errors.

use concurrency_explained::scenario::{Arrivals, Fidelity, Scenario};
use concurrency_explained::simulation::{Repeat, Report, run};
use serde_json::Value;

const MEASURED: &str = include_str!("../../../content/measured.json");

/// Runs of one scenario; the median and the 5 to 95 % band over them are compared.
const SEEDS: u64 = 200;

/// Milliseconds below which no difference counts.
const FLOOR: f64 = 0.2;

const METRICS: [&str; 4] = ["makespan", "mean", "p50", "p95"];

fn metrics(report: &Report) -> [f64; 4] {
    let latency = &report.latency_ms;
    [report.makespan_ms, latency.mean, latency.p50, latency.p95]
}

/// What was measured of one metric.
struct Record {
    min: f64,
    median: f64,
    max: f64,
}

fn record(case: &Value, metric: &str) -> Option<Record> {
    let record = match metric {
        "makespan" => &case["makespan_ms"],
        _ => &case["latency_ms"][metric],
    };
    Some(Record {
        min: record["min"].as_f64()?,
        median: record["median"].as_f64()?,
        max: record["max"].as_f64()?,
    })
}

/// One metric of one case, simulated and measured.
struct Row {
    case: String,
    metric: &'static str,
    simulated: f64,
    band: (f64, f64),
    record: Record,
    error: f64,
    ok: bool,
}

/// How a case is judged: by one run, or by the median and the band of many.
fn rows(case: &Value) -> Vec<Row> {
    let mut scenario = Scenario::from_json(&case["scenario"].to_string()).expect("a scenario");
    scenario.fidelity = Fidelity::Calibrated;
    let early = case["early_binding"] == true;
    let burst = scenario.workload.arrivals == Arrivals::Burst;
    let system = case["scenario"]["system"].to_string();
    let on_loop = ["event_loop", "gevent", "asgi"]
        .iter()
        .any(|name| system.contains(name));
    let tolerance = if early || (on_loop && burst) {
        0.15
    } else {
        0.05
    };
    let runs: Vec<[f64; 4]> = (1..=SEEDS)
        .map(|seed| {
            scenario.seed = seed;
            metrics(&run(&scenario).report)
        })
        .collect();
    let row = |(index, metric): (usize, &'static str)| {
        let record = record(case, metric)?;
        let mut values: Vec<f64> = runs.iter().map(|run| run[index]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let rank = |q: f64| values[(q * values.len() as f64).ceil() as usize - 1];
        let (simulated, band) = (rank(0.5), (rank(0.05), rank(0.95)));
        let error = simulated / record.median - 1.0;
        let near = (simulated - record.median).abs() <= (tolerance * record.median).max(FLOOR);
        let ok = match early {
            true => near && (band.0..=band.1).contains(&record.median),
            false => near || (record.min..=record.max).contains(&simulated),
        };
        Some(Row {
            case: case["slug"].as_str().expect("a slug").to_owned(),
            metric,
            simulated,
            band,
            record,
            error,
            ok: ok || case["calibration"] == true,
        })
    };
    METRICS.into_iter().enumerate().filter_map(row).collect()
}

/// What is out of tolerance today. Four uvicorn workers took a burst in more time than one did, and
/// nothing that is known of them explains all of it; of the one mixed burst on gthread, three runs
/// happened to share more evenly than eleven other bursts.
const MISSES: [&str; 5] = [
    "uvicorn-4-burst makespan",
    "uvicorn-4-burst mean",
    "uvicorn-4-burst p50",
    "uvicorn-4-burst p95",
    "gthread-4x2-mixed makespan",
];

/// The table of errors, and the cells that are out of tolerance.
pub fn table() -> (String, Vec<String>) {
    let measured: Value = serde_json::from_str(MEASURED).expect("the file is JSON");
    let cases = measured["cases"].as_array().expect("a list of cases");
    let rows: Vec<Row> = cases.iter().flat_map(rows).collect();
    let lines = rows.iter().map(|row| {
        format!(
            "{:28} {:8} simulated {:9.1} ({:.1} to {:.1})  measured {:9.1} ({:.1} to {:.1}) {:+6.1} % {}\n",
            row.case,
            row.metric,
            row.simulated,
            row.band.0,
            row.band.1,
            row.record.median,
            row.record.min,
            row.record.max,
            row.error * 100.0,
            if row.ok { "" } else { "OUT" },
        )
    });
    let out = rows.iter().filter(|row| !row.ok);
    let names = out.map(|row| format!("{} {}", row.case, row.metric));
    (lines.collect(), names.collect())
}

#[test]
fn calibrated_runs_agree_with_the_measured_servers() {
    let (table, out) = table();
    println!("{table}");
    assert_eq!(
        out, MISSES,
        "what is out of tolerance has changed:\n{table}"
    );
}

/// Closed loops of 100 ms requests that nothing was fitted to: throughput and p99 as measured with
/// kept-alive connections, on the same machine.
#[test]
fn calibrated_runs_predict_closed_loops() {
    let of = |system: &str| {
        let json = format!(
            r#"{{"system": {{"kind": "gunicorn", {system}}},
                "workload": {{"requests": 1200, "arrivals": {{"kind": "closed", "clients": 20}}}},
                "machine": {{"cores": 2, "client_cpu_ms": 0.2}}, "fidelity": "calibrated"}}"#
        );
        let mut repeat = Repeat::new(Scenario::from_json(&json).expect("a scenario"), 100);
        while repeat.step() {}
        let bands = repeat.bands();
        (bands[1].median, bands[6].median)
    };
    let (rate, p99) = of(r#""workers": 8"#);
    assert!(
        (rate - 77.8).abs() < 1.0 && (p99 - 300.0).abs() < 15.0,
        "{rate} {p99}"
    );
    let (rate, p99) = of(r#""workers": 4, "threads": 2, "worker_connections": 3"#);
    assert!(
        (rate - 77.6).abs() < 1.0 && (p99 - 309.0).abs() < 15.0,
        "{rate} {p99}"
    );
    let (rate, p99) = of(r#""workers": 4, "threads": 2"#);
    assert!(
        (53.0..63.0).contains(&rate) && (800.0..1000.0).contains(&p99),
        "{rate} {p99}"
    );
}
