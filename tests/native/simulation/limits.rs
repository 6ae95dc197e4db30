//! The edges: the largest allowed values, and what is refused.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{check, check_all, run};

use super::support::*;

fn largest(mut scenario: Scenario, io_ms: f64, cpu_ms: f64) -> Scenario {
    burst(1_000_000, io_ms, cpu_ms)(&mut scenario);
    if let System::Gunicorn(gunicorn) = &mut scenario.system {
        gunicorn.timeout_s = 0;
    }
    scenario
}

#[test]
fn the_longest_waits_do_not_overflow() {
    assert_eq!(makespan(largest(sync(1), 60_000.0, 0.0)), 6e10);
    assert_eq!(makespan(largest(loops(1), 60_000.0, 0.0)), 6e4);
}

#[test]
fn the_longest_cpu_times_do_not_overflow() {
    let mut scenario = largest(loops(1), 0.0, 60_000.0);
    assert_eq!(makespan(scenario.clone()), 6e10);
    scenario.workload.spread = Spread::Lognormal;
    check(&scenario).expect("a loop takes no turns");
    let report = run(&scenario).report;
    assert!((report.makespan_ms / 6e10 - 1.0).abs() < 0.01);
    // 256 processes on one core, in step.
    let mut shared = largest(sync(256), 0.0, 60_000.0);
    shared.machine.cores = 1;
    assert_eq!(makespan(shared), 6e10);
}

#[test]
fn the_slowest_and_the_fastest_arrivals_work() {
    for (rate_per_s, seconds) in [(0.001, 1e9), (1e6, 1.0)] {
        for arrivals in [
            Arrivals::Poisson { rate_per_s },
            Arrivals::Paced { rate_per_s },
        ] {
            let mut scenario = largest(loops(1), 100.0, 0.0);
            scenario.workload.arrivals = arrivals;
            let run = run(&scenario);
            let last = run.requests[999_999].arrival as f64 / 1e9;
            // Four standard deviations of a sum of 10^6 gaps are 0.4 %.
            assert!((last / seconds - 1.0).abs() < 0.004, "{last} s");
        }
    }
}

#[test]
fn durations_below_a_nanosecond_take_no_time() {
    let run = with(sync(1), |s| {
        burst(10, 1e-7, 1e-7)(s);
        s.workload.io_calls = 20;
        s.workload.pool_size = Some(1);
    });
    assert_eq!((run.report.completed, run.report.makespan_ms), (10, 0.0));
    // Fewer nanoseconds than calls: some calls take none, and none is lost.
    let run = with(sync(1), |s| {
        burst(1, 7e-6, 5e-6)(s);
        s.workload.io_calls = 20;
    });
    assert_eq!(run.requests[0].end, 12);
}

fn refused(scenario: &Scenario) -> Vec<String> {
    let problems = check(scenario).expect_err("it is refused").0;
    problems.iter().map(|p| p.field.clone()).collect()
}

#[test]
fn everything_documented_is_accepted() {
    for class in [
        WorkerClass::Sync,
        WorkerClass::Gthread,
        WorkerClass::Gevent,
        WorkerClass::Asgi,
    ] {
        let mut scenario = gunicorn(class, 4, 2);
        if let System::Gunicorn(gunicorn) = &mut scenario.system {
            gunicorn.worker_connections = 3;
            gunicorn.backlog = 10;
            gunicorn.timeout_s = 5;
            gunicorn.accept = Some(Accept::Skewed);
            gunicorn.async_views = true;
        }
        scenario.workload.client_timeout_ms = Some(10.0);
        scenario.machine.gil = false;
        scenario.machine.context_switch_us = 2.0;
        scenario.machine.client_cpu_ms = 0.2;
        scenario.machine.crash_at_ms = Some(10.0);
        scenario.fidelity = Fidelity::Calibrated;
        check(&scenario).expect("it is simulated");
    }
    check(&largest(sync(8), 100.0, 5.0)).expect("a million requests are simulated");
}

#[test]
fn runs_of_too_many_steps_are_refused() {
    let mut calls = largest(loops(1), 100.0, 1.0);
    calls.workload.io_calls = 20;
    assert_eq!(refused(&calls), ["workload.requests"]);
    let mut turns = largest(threads(20), 0.0, 60_000.0);
    turns.machine.switch_interval_ms = 0.01;
    assert_eq!(refused(&turns), ["machine.switch_interval_ms"]);
    // The same work without a GIL takes no turns.
    turns.machine.gil = false;
    check(&turns).expect("no turns");
    // Turns are counted in elapsed time: 256 processes on one core take 256 times as many.
    let mut shared = gthread(256, 2);
    burst(1000, 0.0, 1000.0)(&mut shared);
    shared.machine.cores = 1;
    shared.machine.switch_interval_ms = 0.1;
    assert_eq!(refused(&shared), ["machine.switch_interval_ms"]);
}

#[test]
fn comparisons_of_too_many_steps_are_refused() {
    let four = vec![largest(loops(1), 100.0, 0.0); 4];
    check_all(&four[..3]).expect("three million plain requests are simulated");
    let problems = check_all(&four).expect_err("four million are not").0;
    assert_eq!(problems[0].field, "workload.requests");
    assert!(problems[0].message.starts_with("4 systems"));
}
