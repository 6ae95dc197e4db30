//! The loop before a thread limiter: it accepts, reads and answers what the limiter's threads handle.

use concurrency_explained::scenario::{Arrivals, EventLoop, Fidelity, Handlers, Scenario, System};
use concurrency_explained::simulation::{NEVER, Nanos, Request, Run};

use super::support::*;

/// Runs `def` handlers on a real server with two cores: so many loops, each before so many threads.
fn served_by(loops: u32, thread_limit: u32, change: impl FnOnce(&mut Scenario)) -> Run {
    let system = System::EventLoop(EventLoop {
        loops,
        handlers: Handlers::Sync,
        thread_limit,
    });
    with(Scenario::new(system), |s| {
        s.machine.cores = 2;
        s.fidelity = Fidelity::Calibrated;
        change(s);
    })
}

fn served(thread_limit: u32, change: impl FnOnce(&mut Scenario)) -> Run {
    served_by(1, thread_limit, change)
}

fn two_loops(change: impl FnOnce(&mut Scenario)) -> Run {
    served_by(2, 40, change)
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
    assert_eq!(run.report.notes, [""; 0]);
    // As many at once are more than a backlog holds before the loop has accepted any.
    let run = served(40, burst(5000, 100.0, 0.0));
    let full = "2951 connections found the backlog of 2048 full";
    assert!(run.report.notes[0].starts_with(full), "{:?}", run.report);
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

#[test]
fn any_moment_around_a_crash_can_be_looked_at() {
    for crash_at_ms in [10.0, 40.0, 80.0] {
        let run = two_loops(|s| {
            burst(1000, 100.0, 0.0)(s);
            s.machine.crash_at_ms = Some(crash_at_ms);
        });
        for request in run.requests.iter().filter(|r| r.bound != NEVER) {
            assert!((request.lane as usize) < run.lanes.len(), "{request:?}");
            run.at(request.bound);
        }
    }
}

#[test]
fn a_loop_that_takes_the_place_of_a_dead_one_serves() {
    // At some of these moments it was about to read or to answer.
    for crash_at_ms in 500..530 {
        let run = two_loops(|s| {
            burst(1200, 5.0, 0.5)(s);
            s.workload.arrivals = Arrivals::Paced { rate_per_s: 800.0 };
            s.machine.crash_at_ms = Some(f64::from(crash_at_ms));
        });
        let death = &run.deaths[0];
        let later = |r: &&Request| r.arrival > death.respawned;
        let later: Vec<_> = run.requests.iter().filter(later).collect();
        assert!(later.len() > 100);
        assert!(later.iter().all(|r| r.end - r.arrival < 1000 * MS));
        let its = |r: &&&Request| run.lanes[r.lane as usize].process == death.process;
        assert!(later.iter().filter(its).count() > 20);
    }
}

#[test]
fn what_a_dead_loop_had_yet_to_accept_goes_to_the_other() {
    let run = two_loops(|s| {
        burst(80, 100.0, 0.0)(s);
        s.machine.crash_at_ms = Some(1.0);
    });
    // In a millisecond it accepts some of its forty, and answers none.
    let lost = run.report.failed.crashed;
    assert!((1..36).contains(&lost), "{lost}");
    assert_eq!(run.report.completed + lost, 80);
}

#[test]
fn loops_bind_connections_until_their_tables_of_files_grow() {
    // Sixty-four files of which twenty are open: the next table is due with the forty-fourth connection.
    let run = two_loops(burst(600, 100.0, 0.0));
    for process in [0, 1] {
        let at_once = |r: &&Request| r.bound == 0 && run.lanes[r.lane as usize].process == process;
        assert_eq!(run.requests.iter().filter(at_once).count(), 44);
    }
}

#[test]
fn a_loop_is_one_thread_whether_there_is_a_gil_or_not() {
    // A quarter of a millisecond of its own for each request, however many cores there are.
    for gil in [true, false] {
        let took = |n: u32| {
            let run = served(40, |s| {
                burst(n, 0.0, 0.0)(s);
                (s.machine.gil, s.machine.cores) = (gil, 16);
            });
            run.report.makespan_ms
        };
        let (few, many) = (took(200), took(400));
        assert!(
            many > 105.0 && (1.8..2.2).contains(&(many / few)),
            "{many} {few}"
        );
    }
}

#[test]
fn a_request_costs_a_server_the_same_with_and_without_a_gil_and_however_many_turns_it_takes() {
    let cost = |cpu_ms: f64, gil: bool| {
        let run = served(40, |s| {
            burst(4, 0.0, cpu_ms)(s);
            s.workload.arrivals = Arrivals::Paced { rate_per_s: 10.0 };
            s.machine.gil = gil;
        });
        run.report.cpu_utilisation * 2.0 * run.report.makespan_ms / 4.0 - cpu_ms
    };
    let (alone, without) = (cost(0.0, true), cost(0.0, false));
    assert!((alone - without).abs() < 0.1 * alone, "{alone} {without}");
    // Each waits for the one before, turn by turn: 50 are cut short eight times.
    let computes = cost(120.0, true);
    assert!(computes < alone + 0.6, "{computes} {alone}");
}

#[test]
fn requests_that_wait_for_a_thread_take_memory_too() {
    // Of uvicorn 59.5 MB were measured after such a burst, 43.8 before it: content/measured/cases/burst-uvicorn-def.json.
    let memory = served(40, burst(600, 100.0, 0.0)).report.memory_mb;
    assert!((55.0..62.0).contains(&memory), "{memory}");
}
