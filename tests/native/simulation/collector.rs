//! Python's collector: a process with many requests in flight stops while all of its objects are gone through.

use concurrency_explained::scenario::{Fidelity, Handlers, Scenario};
use concurrency_explained::simulation::{Run, Span, State, run};

use super::support::*;

/// How often a process computed for longer than any request here needs, in a burst of `n` of 100 ms.
fn stops(scenario: Scenario, n: u32, change: impl FnOnce(&mut Scenario)) -> usize {
    let run = burst_of(scenario, n, change);
    let long = |span: &&Span| span.state == State::Running && span.end - span.start > 40 * MS;
    run.spans.iter().filter(long).count()
}

fn burst_of(mut scenario: Scenario, n: u32, change: impl FnOnce(&mut Scenario)) -> Run {
    scenario.workload.requests = n;
    scenario.workload.io_ms = 100.0;
    scenario.machine.cores = 2;
    // As recorded: who opens all connections before it sends on any.
    scenario.machine.client_cpu_ms = 0.14;
    scenario.fidelity = Fidelity::Calibrated;
    change(&mut scenario);
    run(&scenario)
}

#[test]
fn a_loop_stops_as_often_as_real_ones_did() {
    // content/measured/collector.json: with 500 requests never, with 1000 once, with 1500 twice.
    for (n, expected) in [(500, 0), (1000, 1), (1500, 2)] {
        assert_eq!(stops(loops(1), n, |_| ()), expected, "{n}");
    }
    assert_eq!(stops(loops(4), 1000, |_| ()), 0);
}

#[test]
fn it_stops_a_process_once_whether_its_threads_share_an_interpreter_or_not() {
    // The loop has no lane to look at, so: how much more 1000 requests compute than twice 500.
    for gil in [true, false] {
        let computed = |n: u32| {
            let report = burst_of(event_loop(Handlers::Sync), n, |s| s.machine.gil = gil).report;
            report.cpu_utilisation * 2.0 * report.makespan_ms
        };
        let stopped = computed(1000) - 2.0 * computed(500);
        assert!((35.0..60.0).contains(&stopped), "{gil}: {stopped} ms");
    }
}

#[test]
fn it_counts_what_is_present_and_leaves_the_whiteboard_alone() {
    // Of 2000 that wait for nothing it finds those that are read, and stops once.
    for (n, expected) in [(500, 0), (2000, 1)] {
        assert_eq!(stops(loops(1), n, |s| s.workload.io_ms = 0.0), expected);
    }
    let textbook = |s: &mut Scenario| s.fidelity = Fidelity::Textbook;
    assert_eq!(stops(loops(1), 2000, textbook), 0);
}
