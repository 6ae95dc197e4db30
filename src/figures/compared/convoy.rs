//! Threads that compute and threads that wait, behind one GIL and without any.

use super::{look, makespan};
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
                max_workers: 4,
            })
        };
        let mut free = Case::new("free", "Free-threaded", threads());
        free.scenario.machine.gil = false;
        free.pinned = &["gil"];
        Setup::new(
            vec![Case::new("gil", "Threads", threads()), free],
            |scenario| {
                scenario.workload.requests = 4;
                scenario.workload.io_ms = 20.0;
                scenario.workload.io_calls = 10;
                scenario.workload.cpu_ms = 2.0;
                scenario.workload.heavy_every = Some(2);
                scenario.workload.heavy_cpu_ms = 150.0;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            aside: ("median", "latency_ms.p50"),
            fields: &[
                ("heavy_cpu_ms", Some(400.0)),
                ("switch_interval_ms", Some(20.0)),
                ("io_calls", Some(20.0)),
                ("cores", Some(8.0)),
                ("gil", None),
            ],
            ..look("Two threads compute, two wait", |stage| {
                let light = |id: &str| {
                    let runs = stage.runs.read();
                    runs.get(id).map_or(0.0, |run| run.report.latency_ms.p50)
                };
                let (free, held) = (light("free"), light("gil"));
                if held <= free * 1.01 {
                    return (
                        format!(
                            "The threads that wait are done after {}.",
                            milliseconds(held)
                        ),
                        "Those that compute do not delay them.".to_owned(),
                    );
                }
                (
                    format!(
                        "Work that takes {} by itself takes {} in this company.",
                        milliseconds(free),
                        milliseconds(held)
                    ),
                    format!(
                        "Each time one of the waiting threads has its answer it stands in line \
                         for the GIL, up to a switch interval for each thread that computes. \
                         Without a GIL all is done after {}.",
                        milliseconds(makespan(stage, "free"))
                    ),
                )
            })
        };
        bands(name, start, place, look)
    },
};
