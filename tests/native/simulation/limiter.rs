//! The loop before a thread limiter: it accepts, reads and answers what the limiter's threads handle.

use concurrency_explained::scenario::{Arrivals, Fidelity, Handlers, Scenario, System};
use concurrency_explained::simulation::{Nanos, Run};

use super::support::*;

/// Runs `def` handlers on a real server with two cores.
fn served(threads: u32, change: impl FnOnce(&mut Scenario)) -> Run {
    with(event_loop(Handlers::Sync), |s| {
        if let System::EventLoop(event_loop) = &mut s.system {
            event_loop.thread_limit = threads;
        }
        s.machine.cores = 2;
        s.fidelity = Fidelity::Calibrated;
        change(s);
    })
}

#[test]
fn a_request_beside_one_that_computes_waits_for_the_gil_at_every_step() {
    let took = |seed: u64, gil: bool| -> Nanos {
        let run = served(40, |s| {
            // The first computes for two seconds, the second, a tenth of a second later, not at all.
            burst(2, 0.0, 2000.0)(s);
            s.workload.arrivals = Arrivals::Paced { rate_per_s: 10.0 };
            (s.workload.heavy_every, s.workload.heavy_cpu_ms) = (Some(2), 0.0);
            (s.seed, s.machine.gil) = (seed, gil);
        });
        run.requests[1].end - run.requests[1].arrival
    };
    let times = |gil: bool| (0..30).map(move |seed| took(seed, gil));
    // A turn of 5 ms to be read; to be handled and to be answered one more each, unless who computes is still on its way
    // back into line.
    assert!(times(true).all(|time| (5 * MS..20 * MS).contains(&time)));
    let three = times(true).filter(|time| *time > 15 * MS).count();
    assert!((5..25).contains(&three), "{three} of 30");
    // Without a GIL the loop is a thread like the others, and there is a core for it.
    assert!(times(false).all(|time| time < 2 * MS));
}

#[test]
fn what_waits_for_the_limiter_is_out_of_the_backlog() {
    // A loop has accepted and read it: 1000 a second are 600 more than 40 threads answer, and nobody tries twice.
    let run = served(40, |s| {
        burst(5000, 100.0, 0.0)(s);
        s.workload.arrivals = Arrivals::Paced { rate_per_s: 1000.0 };
    });
    let wave = run.report.makespan_ms / 125.0;
    assert!((100.0..120.0).contains(&wave), "{wave}");
    let accepted = run.requests.iter().map(|r| r.bound - r.arrival).max();
    assert!(accepted < Some(100 * MS), "{accepted:?}");
}

#[test]
fn what_waits_for_the_limiter_is_lost_with_its_process() {
    let run = served(1, |s| {
        burst(50, 100.0, 0.0)(s);
        s.machine.crash_at_ms = Some(1050.0);
    });
    // About ten were answered one after the other; the rest were in the process's hands.
    let failed = &run.report.failed;
    assert!((9..=10).contains(&run.report.completed), "{failed:?}");
    assert_eq!(run.report.completed + failed.crashed, 50);
    // Whatever it had is told by its lane, those that had yet to get a thread by its first.
    assert!(run.requests.iter().all(|r| r.lane == 0));
}
