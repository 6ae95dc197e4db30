//! How fast the engine is: nanoseconds a request, simulation and report.
//!
//! `cargo bench --bench engine`

use std::time::{Duration, Instant};

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::run;

/// The best of several runs: what the machine's other work did not disturb.
fn best(runs: u32, mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

fn main() {
    let mut mm8 = Scenario::new(System::Gunicorn(Gunicorn {
        workers: 8,
        ..Gunicorn::default()
    }));
    mm8.workload.requests = 1_000_000;
    mm8.workload.arrivals = Arrivals::Poisson { rate_per_s: 72.0 };
    mm8.workload.spread = Spread::Exponential;
    let time = best(5, || drop(std::hint::black_box(run(&mm8))));
    let each = time.as_nanos() as f64 / f64::from(mm8.workload.requests);
    println!("M/M/8 at 90 %, 1 000 000 requests: {each:.0} ns a request");

    // The more processes, the longer the search for the least busy one with room.
    let mut many = Scenario::new(System::Executor(Executor {
        pool: PoolKind::Process,
        max_workers: 1024,
    }));
    many.workload.requests = 1_000_000;
    many.workload.arrivals = Arrivals::Poisson { rate_per_s: 8000.0 };
    let time = best(3, || drop(std::hint::black_box(run(&many))));
    let each = time.as_nanos() as f64 / f64::from(many.workload.requests);
    println!("1024 processes at 78 %, 1 000 000 requests: {each:.0} ns a request");

    let models = [
        System::Gunicorn(Gunicorn {
            workers: 4,
            threads: 2,
            ..Gunicorn::default()
        }),
        System::EventLoop(EventLoop::default()),
        System::Executor(Executor::default()),
    ]
    .map(Scenario::new);
    for cpu_ms in [0.0, 5.0] {
        let time = best(50, || {
            for model in &models {
                let mut scenario = model.clone();
                scenario.workload.cpu_ms = cpu_ms;
                drop(std::hint::black_box(run(&scenario)));
            }
        });
        println!("three models, 1000 requests each, {cpu_ms} ms of CPU: {time:?}");
    }

    // Everything at once: real costs, a load generator, uneven shares, clients that give up.
    for (cpu_ms, io_calls) in [(0.0, 1), (5.0, 1), (5.0, 20)] {
        let times = models.iter().map(|model| {
            let mut scenario = model.clone();
            scenario.workload.cpu_ms = cpu_ms;
            scenario.workload.io_calls = io_calls;
            scenario.workload.pool_size = Some(10);
            scenario.workload.client_timeout_ms = Some(5000.0);
            scenario.machine.client_cpu_ms = 0.2;
            scenario.machine.crash_at_ms = Some(1000.0);
            scenario.fidelity = Fidelity::Calibrated;
            best(50, || drop(std::hint::black_box(run(&scenario))))
        });
        let worst = times.max().unwrap_or_default();
        println!(
            "1000 calibrated requests with every option, {cpu_ms} ms of CPU, {io_calls} I/O \
             calls: at most {worst:?}"
        );
    }

    // The dearest of those that `tests/browser/bench.mjs` times: most of it are turns at the GIL.
    let dearest = Scenario::from_json(
        r#"{"fidelity": "calibrated",
            "system": {"kind": "gunicorn", "worker_class": "gthread", "workers": 16, "threads": 16,
                "worker_connections": 17},
            "workload": {"requests": 1000, "arrivals": {"kind": "burst"}, "io_ms": 100, "cpu_ms": 5,
                "io_calls": 20, "spread": "lognormal", "pool_size": 10, "client_timeout_ms": 5000,
                "heavy_every": 50},
            "machine": {"cores": 2, "client_cpu_ms": 0.2, "context_switch_us": 2,
                "crash_at_ms": 1000}}"#,
    )
    .expect("it is a valid scenario");
    let time = best(50, || drop(std::hint::black_box(run(&dearest))));
    let spans = run(&dearest).spans.len();
    println!("1000 requests, the browser's dearest: {time:?}, {spans} spans");
}
