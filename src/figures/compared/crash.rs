//! A worker killed at a moment that the reader chooses, and what each server loses with it.

use super::{gunicorn, look};
use crate::parts::{Case, Figure, Look, Setup, bands};
use crate::scenario::{Arrivals, EventLoop, Fidelity, System};
use crate::words::duration;

pub(in crate::figures) const FIGURE: Figure = Figure {
    name: "crash",
    wide: false,
    setup: || {
        let loops = |loops| {
            System::EventLoop(EventLoop {
                loops,
                ..EventLoop::default()
            })
        };
        Setup::new(
            vec![
                Case::new("sync", "sync, 8 × 1", System::Gunicorn(gunicorn(8, 1))),
                Case::new(
                    "gthread",
                    "gthread, 4 × 2",
                    System::Gunicorn(gunicorn(4, 2)),
                ),
                Case::new("loops", "Two loops, supervised", loops(2)),
                Case::new("loop", "One loop, alone", loops(1)),
            ],
            |scenario| {
                scenario.workload.requests = 100;
                scenario.workload.arrivals = Arrivals::Poisson { rate_per_s: 20.0 };
                scenario.workload.io_ms = 300.0;
                scenario.machine.crash_at_ms = Some(2500.0);
                scenario.fidelity = Fidelity::Calibrated;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            height: 40.0,
            big: "failed.crashed",
            aside: ("lost, refused later:", "failed.refused"),
            fields: &[
                ("crash_at_ms", Some(5000.0)),
                ("rate_per_s", Some(40.0)),
                ("io_ms", Some(500.0)),
                ("seed", Some(40.0)),
            ],
            ..look("What dies with a process", |stage| {
                let runs = stage.runs.read();
                let back = |id| {
                    let death = runs.get(id)?.deaths.first()?;
                    Some(duration(death.respawned.checked_sub(death.at)?))
                };
                let lead = "A process takes along what it holds, whether it works on it or not.";
                let rest = match (back("sync"), back("gthread"), back("loops")) {
                    (Some(sync), Some(gthread), Some(uvicorn)) => format!(
                        "A sync worker is replaced after {sync}, a gthread worker after {gthread}, one of two \
                         loops after {uvicorn}. Nobody replaces a loop that runs alone."
                    ),
                    _ => "Choose a moment, and one process is killed then.".to_owned(),
                };
                let mut all = runs.0.iter().map(|(_, run)| run);
                let idle = all.clone().any(|run| !run.deaths.is_empty())
                    && all.all(|run| run.report.completed == run.requests.len() as u32);
                if idle {
                    let lead = "Nothing was in hand at that moment.";
                    return (lead.to_owned(), "Choose another one.".to_owned());
                }
                (lead.to_owned(), rest)
            })
        };
        bands(name, start, place, look)
    },
};
