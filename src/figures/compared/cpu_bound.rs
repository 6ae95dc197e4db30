//! The same computing in threads, which share a GIL, and in processes, which do not.

use super::{look, makespan};
use crate::parts::{Case, Figure, Look, Setup, bands};
use crate::scenario::{Executor, PoolKind, System};
use crate::words::milliseconds;

pub(in crate::figures) const FIGURE: Figure = Figure {
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
                scenario.workload.requests = 200;
                scenario.workload.io_ms = 0.0;
                scenario.workload.cpu_ms = 10.0;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            height: 84.0,
            fields: &[
                ("max_workers", Some(16.0)),
                ("cores", Some(16.0)),
                ("cpu_ms", Some(200.0)),
                ("io_ms", Some(200.0)),
                ("requests", Some(400.0)),
                ("gil", None),
            ],
            ..look("Computing in threads and in processes", |stage| {
                let (threads, processes) =
                    (makespan(stage, "threads"), makespan(stage, "processes"));
                let why = if threads > processes * 1.05 {
                    "At any moment only one lane of the upper band is solid: the threads hand one GIL \
                     around, while each process has its own."
                } else {
                    "Processes gain little with one request, worker or core, no GIL, or little to compute."
                };
                (
                    format!(
                        "Threads need {}, processes {}.",
                        milliseconds(threads),
                        milliseconds(processes)
                    ),
                    why.to_owned(),
                )
            })
        };
        bands(name, start, place, look)
    },
};
