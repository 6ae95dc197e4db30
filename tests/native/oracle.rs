//! Answers known in advance: the whiteboard's arithmetic, to the nanosecond.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{Run, run};

fn gunicorn(worker_class: WorkerClass, workers: u32, threads: u32) -> Scenario {
    Scenario::new(System::Gunicorn(Gunicorn {
        worker_class,
        workers,
        threads,
        ..Gunicorn::default()
    }))
}

fn event_loop(handlers: Handlers) -> Scenario {
    Scenario::new(System::EventLoop(EventLoop {
        handlers,
        ..EventLoop::default()
    }))
}

fn executor(pool: PoolKind, max_workers: u32) -> Scenario {
    Scenario::new(System::Executor(Executor { pool, max_workers }))
}

fn with(mut scenario: Scenario, change: impl FnOnce(&mut Scenario)) -> Run {
    change(&mut scenario);
    run(&scenario)
}

fn makespan(scenario: Scenario) -> f64 {
    run(&scenario).report.makespan_ms
}

#[test]
fn the_contracts_table_holds_exactly() {
    assert_eq!(makespan(gunicorn(WorkerClass::Sync, 4, 2)), 12500.0);
    assert_eq!(makespan(event_loop(Handlers::Async)), 100.0);
    assert_eq!(makespan(executor(PoolKind::Thread, 20)), 5000.0);
    let hundred = with(executor(PoolKind::Thread, 20), |s| {
        s.workload.requests = 100
    });
    assert_eq!(hundred.report.makespan_ms, 500.0);
    let pooled = with(event_loop(Handlers::Async), |s| {
        s.workload.pool_size = Some(10)
    });
    assert_eq!(pooled.report.makespan_ms, 10000.0);
    assert_eq!(makespan(event_loop(Handlers::Sync)), 2500.0);
    assert_eq!(makespan(gunicorn(WorkerClass::Gevent, 1, 1)), 100.0);
}
