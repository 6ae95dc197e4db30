//! Calibrated runs beside the runs of the real servers, a row each, computed as the page is built.

use std::thread;

use serde_json::Value;

use crate::article::measured::{Measured, Record, is_new};
use crate::article::simulated::calibrated;
use crate::scenario::{Arrivals, Handlers, PoolKind, Scenario, System, WorkerClass, Workload};
use crate::words::fixed;

/// What is compared: where records have it, and its name in a report.
const METRICS: [(&str, &str); 2] = [
    ("/makespan_ms", "makespan_ms"),
    ("/latency_ms/p95", "latency_ms.p95"),
];

/// A range as wide as this share of the median is told.
const WIDE: f64 = 0.1;

/// One case: its setting, and measured and simulated time by [`METRICS`].
struct Check {
    workload: String,
    system: String,
    times: [(Record, f64); METRICS.len()],
}

pub(super) fn html(measured: &Measured) -> Result<String, String> {
    let cases = measured.proofs();
    // Half the cases on a thread each: no run depends on another.
    let (one, other) = cases.split_at(cases.len() / 2);
    let (one, other) = thread::scope(|scope| {
        let other = scope.spawn(|| checks(other));
        (checks(one), other.join())
    });
    let mut checks = one?;
    checks.extend(other.map_err(|_| "a case that was measured cannot be simulated")??);
    Ok(table(&checks))
}

fn checks(cases: &[&Value]) -> Result<Vec<Check>, String> {
    cases.iter().copied().map(check).collect()
}

fn check(case: &Value) -> Result<Check, String> {
    let scenario = Scenario::from_json(&case["scenario"].to_string())
        .map_err(|problems| format!("{problems}"))?;
    let (workload, mut system) = (work(&scenario.workload), system(&scenario.system));
    if is_new(case) {
        system += "*";
    }
    let lacks = || format!("{}: the record or the run lacks a time", case["slug"]);
    let record = |path| case.pointer(path).and_then(Record::of).ok_or_else(lacks);
    let [(makespan, total), (p95, percentile)] = METRICS;
    let medians = calibrated(scenario, [total, percentile]).ok_or_else(lacks)?;
    Ok(Check {
        times: [(record(makespan)?, medians[0]), (record(p95)?, medians[1])],
        workload,
        system,
    })
}

/// The cases of a workload under its name, in the order of the first of each.
fn table(checks: &[Check]) -> String {
    let mut out = "<table class=\"checks\"><tr><th>Seconds<th>Total<th>error, %<th>p95<th>error, %"
        .to_owned();
    let mut workloads: Vec<&str> = Vec::new();
    for check in checks {
        if !workloads.contains(&&*check.workload) {
            workloads.push(&check.workload);
        }
    }
    for workload in workloads {
        out += &format!("<tr><th colspan=5>{workload}");
        for check in checks.iter().filter(|check| check.workload == workload) {
            out += &format!("<tr><td>{}", check.system);
            for (record, simulated) in &check.times {
                out += &cells(record, *simulated);
            }
        }
    }
    out + "</table>"
}

/// Measured median and, roughly, range, and how far the simulated median is from it: `19.0 (16–22)`, `−3`.
fn cells(record: &Record, simulated: f64) -> String {
    let decimals = match record.median {
        ms if ms >= 9995.0 => 1,
        ms if ms >= 999.5 => 2,
        _ => 3,
    };
    let seconds = |ms: f64, decimals| fixed(ms / 1e3, decimals);
    let wide = record.max - record.min > WIDE * record.median;
    let rough = decimals - u32::from(record.median >= 99.5);
    let range = match wide {
        true => format!(
            " ({}–{})",
            seconds(record.min, rough),
            seconds(record.max, rough)
        ),
        false => String::new(),
    };
    let error = fixed((simulated / record.median - 1.0) * 100.0, 0).replace('-', "−");
    format!("<td>{}{range}<td>{error}", seconds(record.median, decimals))
}

/// What is asked of a system: `1000 at once, 100 ms each`.
fn work(workload: &Workload) -> String {
    let requests = workload.requests;
    let arrivals = match workload.arrivals {
        Arrivals::Burst => "at once".to_owned(),
        Arrivals::Poisson { rate_per_s } => format!("at random, {rate_per_s}/s"),
        Arrivals::Paced { rate_per_s } => format!("paced, {rate_per_s}/s"),
        Arrivals::Closed { clients, .. } => format!("from {clients} clients"),
    };
    let times = match (workload.io_ms, workload.cpu_ms) {
        (0.0, 0.0) => "nothing to do".to_owned(),
        (io, 0.0) => format!("{io} ms each"),
        (0.0, cpu) => format!("{cpu} ms of CPU each"),
        (io, cpu) => format!("{io} ms and {cpu} ms of CPU each"),
    };
    format!("{requests} {arrivals}, {times}")
}

/// A system in a few words: `gthread 4 × 2`.
fn system(system: &System) -> String {
    match system {
        System::Gunicorn(gunicorn) => {
            let workers = gunicorn.workers;
            let mut words = match gunicorn.worker_class {
                WorkerClass::Gevent => format!("gevent × {workers}"),
                WorkerClass::Asgi => format!("asgi × {workers}"),
                _ if gunicorn.threads == 1 => format!("sync {workers} × 1"),
                _ => format!("gthread {workers} × {}", gunicorn.threads),
            };
            if gunicorn.worker_connections != 1000 {
                words += &format!(", {} connections", gunicorn.worker_connections);
            }
            if gunicorn.async_views {
                words += ", async views";
            }
            words
        }
        System::EventLoop(event_loop) => match event_loop.handlers {
            Handlers::Async => format!("uvicorn × {}", event_loop.loops),
            Handlers::Sync => format!("uvicorn × {}, def", event_loop.loops),
        },
        System::Executor(executor) => match executor.pool {
            PoolKind::Thread => format!("{} threads", executor.max_workers),
            PoolKind::Process => format!("{} processes", executor.max_workers),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = r#"{"slug": "a",
        "scenario": {"system": {"kind": "gunicorn", "workers": 4, "threads": 2, "worker_connections": 3},
                     "workload": {"requests": 1, "io_ms": 100}},
        "makespan_ms": {"min": 100.1, "median": 101.2, "max": 104.9},
        "latency_ms": {"p95": {"min": 100.0, "median": 100.0, "max": 100.3}}}"#;

    #[test]
    fn a_case_is_a_row_of_what_was_measured_and_simulated() {
        let check = check(&serde_json::from_str(CASE).unwrap()).unwrap();
        assert_eq!(check.workload, "1 at once, 100 ms each");
        assert_eq!(check.system, "gthread 4 × 2, 3 connections");
        let html = table(&[check]);
        assert!(html.contains("<tr><th colspan=5>1 at once, 100 ms each<tr><td>gthread 4 × 2"));
        assert!(html.contains("<td>0.101<td>"), "{html}");
        assert_eq!(html.matches("<tr>").count(), 3);
    }

    #[test]
    fn a_wide_range_is_told() {
        let record = |min, median, max| Record { min, median, max };
        assert_eq!(
            cells(&record(12_876.5, 12_876.6, 12_882.4), 12_500.0),
            "<td>12.9<td>−3"
        );
        assert_eq!(
            cells(&record(16_159.3, 19_013.1, 21_839.1), 19_020.0),
            "<td>19.0 (16–22)<td>0"
        );
    }
}
