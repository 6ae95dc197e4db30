//! One request in twenty computes for long: inside a coroutine, in a thread, beside a second loop.

use super::{look, p95, workload};
use crate::parts::{Case, Figure, Look, Setup, bands};
use crate::scenario::{Arrivals, EventLoop, Fidelity, Handlers, System};
use crate::words::milliseconds;

pub(in crate::figures) const FIGURE: Figure = Figure {
    name: "stall",
    wide: false,
    setup: || {
        let server = |loops, handlers| {
            System::EventLoop(EventLoop {
                loops,
                handlers,
                ..EventLoop::default()
            })
        };
        Setup::new(
            vec![
                Case::new("coroutine", "In the coroutine", server(1, Handlers::Async)),
                Case::new("thread", "In a def handler", server(1, Handlers::Sync)),
                Case::new("loops", "Two loops", server(2, Handlers::Async)),
            ],
            |scenario| {
                scenario.workload.requests = 80;
                scenario.workload.arrivals = Arrivals::Poisson { rate_per_s: 30.0 };
                scenario.workload.io_ms = 20.0;
                scenario.workload.cpu_ms = 1.0;
                scenario.workload.heavy_every = Some(20);
                scenario.machine.cores = 2;
                scenario.fidelity = Fidelity::Calibrated;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            big: "latency_ms.p95",
            aside: ("p95, median", "latency_ms.p50"),
            fields: &[
                ("heavy_every", Some(100.0)),
                ("heavy_cpu_ms", Some(600.0)),
                ("rate_per_s", Some(60.0)),
                ("cores", Some(8.0)),
            ],
            height: 72.0,
            ..look("Password hashes among requests", |stage| {
                let work = workload(stage);
                let (coroutine, thread) = (p95(stage, "coroutine"), p95(stage, "thread"));
                let heavy = work
                    .heavy_every
                    .filter(|every| work.heavy_cpu_ms > work.cpu_ms && *every <= work.requests);
                // p95 is one itself where they are more than 5 % of all.
                let end = match heavy {
                    Some(_) if coroutine.min(thread) > 3.0 * (work.heavy_cpu_ms + work.io_ms) => {
                        ". That is many hashes in line"
                    }
                    Some(every) if work.requests / every > work.requests / 20 => {
                        ". That is a hash: more than one request in twenty is one"
                    }
                    _ => "",
                };
                let times = [coroutine, thread].map(milliseconds);
                let (lead, why) = match heavy {
                    Some(_) if coroutine > thread => (
                        "The steps are requests that wait for a loop which is computing.",
                        format!(
                            "In the coroutine p95 is {}: who arrives during the hash waits for the \
                             rest of it. In a thread the others get the GIL back every 5 ms, and p95 is {}{end}.",
                            times[0], times[1]
                        ),
                    ),
                    _ => (
                        match heavy {
                            Some(_) => "A thread does not help here.",
                            None => "Nothing computes for long.",
                        },
                        format!(
                            "p95 is {} in a coroutine, {} in a thread{end}.",
                            times[0], times[1]
                        ),
                    ),
                };
                (lead.to_owned(), why)
            })
        };
        bands(name, start, place, look)
    },
};
