//! The figures that set two or three systems against each other to make one point, and what they
//! share.

pub(super) mod convoy;
pub(super) mod cpu_bound;
pub(super) mod crash;
pub(super) mod latency;
pub(super) mod load_test;
pub(super) mod migrations;
pub(super) mod pool;
pub(super) mod stall;
pub(super) mod worked_example;

use crate::parts::{Caption, Look, Stage};
use crate::scenario::{Gunicorn, Workload};

/// What most of these figures let the reader change.
const WORK: &[(&str, Option<f64>)] = &[
    ("requests", Some(2000.0)),
    ("io_ms", Some(300.0)),
    ("cpu_ms", Some(20.0)),
];

fn look(title: &'static str, caption: fn(Stage) -> Caption) -> Look {
    Look {
        title,
        height: 72.0,
        by_lane: false,
        big: "makespan_ms",
        aside: ("p95", "latency_ms.p95"),
        fields: WORK,
        caption,
        aspect: 0,
        plays: false,
    }
}

fn gunicorn(workers: u32, threads: u32) -> Gunicorn {
    Gunicorn {
        workers,
        threads,
        ..Gunicorn::default()
    }
}

/// What is asked of all cases alike.
fn workload(stage: Stage) -> Workload {
    stage
        .setup
        .with(|setup| setup.cases[0].scenario.workload.clone())
}

/// A metric of a case, in milliseconds.
fn p95(stage: Stage, id: &str) -> f64 {
    let runs = stage.runs.read();
    runs.get(id).map_or(0.0, |run| run.report.latency_ms.p95)
}

fn makespan(stage: Stage, id: &str) -> f64 {
    let runs = stage.runs.read();
    runs.get(id).map_or(0.0, |run| run.report.makespan_ms)
}
