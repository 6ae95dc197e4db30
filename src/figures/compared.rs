//! The figures that set two or three systems against each other to make one point.

use leptos::prelude::*;

use super::bands::{Bands, Look};
use super::frame::Caption;
use super::race::{self, three_models};
use super::stage::Stage;
use super::{Case, Figure, Setup};
use crate::chart::{fixed, milliseconds};
use crate::scenario::{
    Accept, Arrivals, EventLoop, Executor, Gunicorn, PoolKind, System, WorkerClass,
};
use crate::widgets::Place;

/// What most of these figures let the reader change.
const WORK: &[(&str, Option<f64>)] = &[
    ("requests", Some(2000.0)),
    ("io_ms", Some(300.0)),
    ("cpu_ms", Some(20.0)),
];

fn bands(name: &'static str, setup: Setup, place: Place, look: Look) -> String {
    place.show(move || view! { <Bands stage=Stage::new(name, setup, 1.0) look /> })
}

fn look(title: &'static str, caption: fn(Stage) -> Caption) -> Look {
    Look {
        title,
        height: 72.0,
        by_lane: false,
        fields: WORK,
        caption,
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

/// A metric of a case, in milliseconds.
fn p95(stage: Stage, id: &str) -> f64 {
    let runs = stage.runs.read();
    runs.get(id).map_or(0.0, |run| run.report.latency_ms.p95)
}

fn makespan(stage: Stage, id: &str) -> f64 {
    let runs = stage.runs.read();
    runs.get(id).map_or(0.0, |run| run.report.makespan_ms)
}

/// `a` against `b` in words: `2.3 times`, `the same`.
fn ratio(a: f64, b: f64) -> String {
    match a / b.max(1e-9) {
        r if r > 10.0 => format!("{} times", fixed(r, 0)),
        r if r > 1.05 => format!("{} times", fixed(r, 1)),
        _ => "no more than".to_owned(),
    }
}

pub(super) const BINDING: Figure = Figure {
    name: "binding",
    wide: false,
    setup: || {
        let early = Gunicorn {
            accept: Some(Accept::Random),
            ..gunicorn(4, 2)
        };
        Setup::new(
            vec![
                Case::new("early", "4 × 2, bound early", System::Gunicorn(early)),
                Case::new(
                    "shared",
                    "4 × 2, one line",
                    System::Gunicorn(gunicorn(4, 2)),
                ),
                Case::new("eight", "8 × 1", System::Gunicorn(gunicorn(8, 1))),
            ],
            |scenario| {
                scenario.workload.requests = 1200;
                scenario.workload.arrivals = Arrivals::Poisson { rate_per_s: 60.0 };
                scenario.machine.cores = 2;
            },
        )
    },
    show: |name, setup, place| {
        let look = Look {
            by_lane: true,
            fields: &[
                ("rate_per_s", Some(100.0)),
                ("io_ms", Some(200.0)),
                ("requests", Some(3000.0)),
                ("seed", Some(40.0)),
            ],
            ..look("Eight slots, three ways to fill them", |stage| {
                let (early, eight) = (p95(stage, "early"), p95(stage, "eight"));
                (
                    format!(
                        "Bound early, one request in twenty takes longer than {}.",
                        milliseconds(early)
                    ),
                    format!(
                        "That is {} the {} of eight workers that take a request only when idle. \
                         Gaps in the top lanes are threads with nothing to do while another \
                         worker has a line. Another seed is another day of arrivals.",
                        ratio(early, eight),
                        milliseconds(eight)
                    ),
                )
            })
        };
        bands(name, setup, place, look)
    },
};

pub(super) const POOL: Figure = Figure {
    name: "pool",
    wide: false,
    setup: || {
        let event_loop = || System::EventLoop(EventLoop::default());
        let mut pooled = Case::new("pooled", "Pool of connections", event_loop());
        pooled.scenario.workload.pool_size = Some(10);
        let mut unpooled = Case::new("unpooled", "A connection each", event_loop());
        unpooled.pinned = &["pool_size"];
        Setup {
            cases: vec![pooled, unpooled],
        }
    },
    show: |name, setup, place| {
        let look = Look {
            fields: &[
                ("pool_size", Some(200.0)),
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
            ],
            ..look("A loop in front of a pool", |stage| {
                let (pooled, free) = (makespan(stage, "pooled"), makespan(stage, "unpooled"));
                (
                    format!(
                        "With the pool the last answer takes {} as long.",
                        ratio(pooled, free)
                    ),
                    format!(
                        "{} against {}. Every request is accepted at once; it is for a \
                         connection that they stand in line.",
                        milliseconds(pooled),
                        milliseconds(free)
                    ),
                )
            })
        };
        bands(name, setup, place, look)
    },
};

pub(super) const CPU_BOUND: Figure = Figure {
    name: "cpu-bound",
    wide: false,
    setup: || {
        let executor = |pool| {
            System::Executor(Executor {
                pool,
                max_workers: 4,
            })
        };
        Setup::new(
            vec![
                Case::new("threads", "Threads", executor(PoolKind::Thread)),
                Case::new("processes", "Processes", executor(PoolKind::Process)),
            ],
            |scenario| {
                scenario.workload.requests = 16;
                scenario.workload.io_ms = 0.0;
                scenario.workload.cpu_ms = 50.0;
            },
        )
    },
    show: |name, setup, place| {
        let look = Look {
            by_lane: true,
            height: 84.0,
            fields: &[
                ("max_workers", Some(16.0)),
                ("cores", Some(16.0)),
                ("cpu_ms", Some(200.0)),
                ("io_ms", Some(200.0)),
                ("requests", Some(100.0)),
                ("gil", None),
            ],
            ..look("Computing in threads and in processes", |stage| {
                let (threads, processes) =
                    (makespan(stage, "threads"), makespan(stage, "processes"));
                if threads > processes * 1.05 {
                    (
                        format!(
                            "Threads need {}, processes {}.",
                            milliseconds(threads),
                            milliseconds(processes)
                        ),
                        "Solid runs Python, the dense hatch waits for the GIL. Only one lane of \
                         the upper band is ever solid: the threads hand one GIL around, while \
                         each process has its own."
                            .to_owned(),
                    )
                } else {
                    (
                        format!("Both need {}.", milliseconds(threads)),
                        "Nothing here fights over a GIL: either the work is waiting, or the \
                         build of Python has none."
                            .to_owned(),
                    )
                }
            })
        };
        bands(name, setup, place, look)
    },
};

pub(super) const THOUSAND: Figure = Figure {
    name: "thousand",
    wide: true,
    setup: || three_models(|_| {}),
    show: |name, setup, place| {
        let look = Look {
            by_lane: true,
            height: 168.0,
            fields: &[
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(20.0)),
                ("workers", Some(16.0)),
                ("threads", Some(16.0)),
                ("max_workers", Some(64.0)),
            ],
            ..look("Every wave of the worked example", race::caption)
        };
        bands(name, setup, place, look)
    },
};

pub(super) const COMPARISON: Figure = Figure {
    name: "comparison",
    wide: true,
    setup: || three_models(|_| {}),
    show: |name, setup, place| {
        let look = Look {
            fields: &[
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(20.0)),
                ("cores", Some(16.0)),
                ("workers", Some(16.0)),
                ("threads", Some(16.0)),
                ("max_workers", Some(64.0)),
            ],
            ..look("The numbers of the table, at work", race::caption)
        };
        bands(name, setup, place, look)
    },
};

/// A migration: the project's setting today against the one it would move to.
fn migration(after: &'static str, system: System) -> Setup {
    Setup::new(
        vec![
            Case::new("before", "Flask, gthread", System::Gunicorn(gunicorn(4, 2))),
            Case::new("after", after, system),
        ],
        |_| {},
    )
}

fn migration_caption(stage: Stage) -> Caption {
    let (before, after) = (makespan(stage, "before"), makespan(stage, "after"));
    let runs = stage.runs.read();
    let held = |id: &str| runs.get(id).map_or(0, |run| run.report.peak_in_flight);
    let lead = if (before - after).abs() < before * 0.02 {
        format!(
            "Nothing gained: {} before, {} after.",
            milliseconds(before),
            milliseconds(after)
        )
    } else {
        format!("From {} to {}.", milliseconds(before), milliseconds(after))
    };
    (
        lead,
        format!(
            "Before, at most {} requests are in flight; after, {}. Add CPU time and the \
             difference shrinks, since no server makes computing faster.",
            held("before"),
            held("after")
        ),
    )
}

pub(super) const FASTAPI: Figure = Figure {
    name: "migrate-fastapi",
    wide: false,
    setup: || {
        let loops = EventLoop {
            loops: 4,
            ..EventLoop::default()
        };
        migration("FastAPI, a loop each", System::EventLoop(loops))
    },
    show: |name, setup, place| {
        bands(
            name,
            setup,
            place,
            look("Flask to FastAPI", migration_caption),
        )
    },
};

pub(super) const FLASK_ASYNC: Figure = Figure {
    name: "migrate-flask-async",
    wide: false,
    setup: || {
        let async_views = Gunicorn {
            async_views: true,
            ..gunicorn(4, 2)
        };
        migration("Flask, async def views", System::Gunicorn(async_views))
    },
    show: |name, setup, place| {
        bands(
            name,
            setup,
            place,
            look("Async views in the same threads", migration_caption),
        )
    },
};

pub(super) const GEVENT: Figure = Figure {
    name: "migrate-gevent",
    wide: false,
    setup: || {
        let gevent = Gunicorn {
            worker_class: WorkerClass::Gevent,
            ..gunicorn(4, 1)
        };
        migration("Flask, gevent", System::Gunicorn(gevent))
    },
    show: |name, setup, place| {
        bands(
            name,
            setup,
            place,
            look("Threads to greenlets", migration_caption),
        )
    },
};
