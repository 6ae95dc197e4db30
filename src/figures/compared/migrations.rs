//! The project's setting today against the ones it may move to.

use super::{gunicorn, look, makespan};
use crate::parts::{Caption, Case, Figure, Setup, Stage, bands};
use crate::scenario::{EventLoop, Gunicorn, System, WorkerClass};
use crate::simulation::{NEVER, Request};
use crate::words::milliseconds;

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

/// Four processes of Gunicorn's own class of workers.
fn workers(worker_class: WorkerClass) -> System {
    System::Gunicorn(Gunicorn {
        worker_class,
        ..gunicorn(4, 1)
    })
}

fn migration_caption(stage: Stage) -> Caption {
    let (before, after) = (makespan(stage, "before"), makespan(stage, "after"));
    let runs = stage.runs.read();
    let held = |id: &str| runs.get(id).map_or(0, |run| run.report.peak_in_flight);
    let times = (milliseconds(before), milliseconds(after));
    let (lead, why) = match (before - after).abs() <= before * 0.02 {
        true => (
            format!("Nothing gained: {} before, {} after.", times.0, times.1),
            "What limits the run is the same as before.",
        ),
        false => (
            format!("From {} to {}.", times.0, times.1),
            "Add CPU time and the difference shrinks.",
        ),
    };
    let asgi = runs.get("asgi").map_or(String::new(), |run| {
        // Admitted as soon as the backlog has room: a second late at least if it had none at first.
        let late = |r: &Request| r.admitted != NEVER && r.admitted - r.arrival >= 1_000_000_000;
        let why = match run.requests.iter().any(late) {
            true => "who finds its backlog of 100 full tries again, ever more rarely",
            false => "its asgi workers are loops as well",
        };
        let time = milliseconds(run.report.makespan_ms);
        let lost = match run.report.failed.refused {
            0 => String::new(),
            refused => format!(", and {refused} give up"),
        };
        format!(" Under Gunicorn the same app needs {time}: {why}{lost}.")
    });
    (
        lead,
        format!(
            "Before, at most {} requests are in flight; after, {}.{asgi} {why}",
            held("before"),
            held("after")
        ),
    )
}

pub(in crate::figures) const FASTAPI: Figure = Figure {
    name: "migrate-fastapi",
    wide: false,
    setup: || {
        let loops = EventLoop {
            loops: 4,
            ..EventLoop::default()
        };
        let mut setup = migration("FastAPI, uvicorn", System::EventLoop(loops));
        let asgi = workers(WorkerClass::Asgi);
        setup
            .cases
            .push(Case::new("asgi", "FastAPI, Gunicorn", asgi));
        setup
    },
    show: |name, start, place| {
        bands(
            name,
            start,
            place,
            look("Flask to FastAPI", migration_caption),
        )
    },
};

pub(in crate::figures) const FLASK_ASYNC: Figure = Figure {
    name: "migrate-flask-async",
    wide: false,
    setup: || {
        let async_views = Gunicorn {
            async_views: true,
            ..gunicorn(4, 2)
        };
        migration("Flask, async def views", System::Gunicorn(async_views))
    },
    show: |name, start, place| {
        bands(
            name,
            start,
            place,
            look("Async views in the same threads", migration_caption),
        )
    },
};

pub(in crate::figures) const GEVENT: Figure = Figure {
    name: "migrate-gevent",
    wide: false,
    setup: || migration("Flask, gevent", workers(WorkerClass::Gevent)),
    show: |name, start, place| {
        bands(
            name,
            start,
            place,
            look("Threads to greenlets", migration_caption),
        )
    },
};
