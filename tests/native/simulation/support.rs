//! Scenarios to begin with, and what tests measure on a run.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{Nanos, Run, Span, State, run};

/// Nanoseconds in a millisecond.
pub const MS: Nanos = 1_000_000;

pub fn gunicorn(worker_class: WorkerClass, workers: u32, threads: u32) -> Scenario {
    Scenario::new(System::Gunicorn(Gunicorn {
        worker_class,
        workers,
        threads,
        ..Gunicorn::default()
    }))
}

pub fn sync(workers: u32) -> Scenario {
    gunicorn(WorkerClass::Sync, workers, 1)
}

pub fn gthread(workers: u32, threads: u32) -> Scenario {
    gunicorn(WorkerClass::Gthread, workers, threads)
}

/// `scenario` under a change of its Gunicorn settings.
pub fn tuned(mut scenario: Scenario, change: impl FnOnce(&mut Gunicorn)) -> Scenario {
    if let System::Gunicorn(gunicorn) = &mut scenario.system {
        change(gunicorn);
    }
    scenario
}

pub fn event_loop(handlers: Handlers) -> Scenario {
    Scenario::new(System::EventLoop(EventLoop {
        handlers,
        ..EventLoop::default()
    }))
}

pub fn loops(loops: u32) -> Scenario {
    Scenario::new(System::EventLoop(EventLoop {
        loops,
        ..EventLoop::default()
    }))
}

pub fn threads(max_workers: u32) -> Scenario {
    let pool = PoolKind::Thread;
    Scenario::new(System::Executor(Executor { pool, max_workers }))
}

pub fn processes(max_workers: u32) -> Scenario {
    let pool = PoolKind::Process;
    Scenario::new(System::Executor(Executor { pool, max_workers }))
}

/// Runs a scenario after a change.
pub fn with(mut scenario: Scenario, change: impl FnOnce(&mut Scenario)) -> Run {
    change(&mut scenario);
    run(&scenario)
}

pub fn makespan(scenario: Scenario) -> f64 {
    run(&scenario).report.makespan_ms
}

/// A burst of `n` requests of `io` and `cpu` milliseconds.
pub fn burst(n: u32, io: f64, cpu: f64) -> impl Fn(&mut Scenario) {
    move |s| {
        s.workload.requests = n;
        s.workload.io_ms = io;
        s.workload.cpu_ms = cpu;
    }
}

/// When each request ended, in milliseconds.
pub fn ends(run: &Run) -> Vec<f64> {
    run.requests.iter().map(|r| r.end as f64 / 1e6).collect()
}

/// How long each request was in `state` altogether.
pub fn time_in(run: &Run, state: State) -> Vec<Nanos> {
    let mut time = vec![0; run.requests.len()];
    for span in run.spans.iter().filter(|span| span.state == state) {
        time[span.request as usize] += span.end - span.start;
    }
    time
}

/// The most of some intervals that overlap. An interval that begins where another ends does not
/// overlap it.
pub fn most_at_once(intervals: impl Iterator<Item = (Nanos, Nanos)>) -> usize {
    let mut steps: Vec<_> = intervals
        .filter(|(start, end)| start < end)
        .flat_map(|(start, end)| [(start, 1), (end, -1)])
        .collect();
    steps.sort_unstable();
    let mut now = 0;
    let count = |(_, step): (Nanos, isize)| {
        now += step;
        now
    };
    steps.into_iter().map(count).max().unwrap_or(0) as usize
}

pub fn interval(span: &Span) -> (Nanos, Nanos) {
    (span.start, span.end)
}

/// Requests in the system, summed over time: one side of Little's law.
pub fn requests_over_time(run: &Run) -> Nanos {
    let steps = run.requests.iter();
    let mut steps: Vec<_> = steps.flat_map(|r| [(r.arrival, 1), (r.end, -1)]).collect();
    steps.sort_unstable();
    let (mut area, mut inside, mut before) = (0i64, 0i64, 0);
    for (at, step) in steps {
        area += inside * (at - before) as i64;
        inside += step;
        before = at;
    }
    area as Nanos
}
