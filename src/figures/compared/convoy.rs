//! Threads that compute and one that waits, behind one GIL and without any.

use super::look;
use crate::parts::{Case, Figure, Look, Setup, bands};
use crate::scenario::{Executor, PoolKind, System};
use crate::words::milliseconds;

pub(in crate::figures) const FIGURE: Figure = Figure {
    name: "gil",
    wide: false,
    setup: || {
        let threads = || {
            System::Executor(Executor {
                pool: PoolKind::Thread,
                max_workers: 3,
            })
        };
        let mut free = Case::new("free", "Free-threaded", threads());
        free.scenario.machine.gil = false;
        free.pinned = &["gil"];
        Setup::new(
            vec![Case::new("gil", "Threads", threads()), free],
            |scenario| {
                scenario.workload.requests = 3;
                scenario.workload.io_ms = 20.0;
                scenario.workload.io_calls = 10;
                scenario.workload.cpu_ms = 150.0;
                // The third hardly computes.
                scenario.workload.heavy_every = Some(3);
                scenario.workload.heavy_cpu_ms = 2.0;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            aside: ("hand-overs:", "context_switches"),
            fields: &[
                ("cpu_ms", Some(400.0)),
                ("switch_interval_ms", Some(20.0)),
                ("io_calls", Some(20.0)),
                ("cores", Some(8.0)),
                ("gil", None),
            ],
            ..look("Two threads compute, one waits", |stage| {
                let runs = stage.runs.read();
                let light = |index| {
                    let last = runs.at(index).1.requests.last();
                    last.map_or(0.0, |r| (r.end - r.arrival) as f64 / 1e6)
                };
                let (held, free) = (light(0), light(1));
                if held <= free * 1.01 {
                    return (
                        format!("The last thread is done after {}.", milliseconds(held)),
                        "Those that compute do not delay it.".to_owned(),
                    );
                }
                (
                    format!(
                        "What takes {} without a GIL takes {} with one.",
                        milliseconds(free),
                        milliseconds(held)
                    ),
                    "Each time the last thread has its answer it stands in line for the GIL, up to a \
                     switch interval for each thread that computes."
                        .to_owned(),
                )
            })
        };
        bands(name, start, place, look)
    },
};
