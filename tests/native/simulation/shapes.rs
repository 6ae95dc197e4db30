//! Random small scenarios, and what their systems allow.

use concurrency_explained::scenario::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The same cases every time.
pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(0x5eed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any system that is simulated, small enough for queues to form.
pub fn system() -> impl Strategy<Value = System> {
    let class = prop::sample::select(vec![
        WorkerClass::Sync,
        WorkerClass::Gthread,
        WorkerClass::Gevent,
        WorkerClass::Asgi,
    ]);
    let accept = prop::sample::select(vec![None, Some(Accept::Shared), Some(Accept::Random)]);
    let gunicorn = (class, 1..5u32, 1..5u32, 1..9u32, accept).prop_map(
        |(worker_class, workers, threads, connections, accept)| {
            let capped = worker_class == WorkerClass::Gevent;
            System::Gunicorn(Gunicorn {
                worker_class,
                workers,
                threads,
                worker_connections: if capped { connections } else { 1000 },
                accept,
                ..Gunicorn::default()
            })
        },
    );
    let handlers = prop::sample::select(vec![Handlers::Async, Handlers::Sync]);
    let event_loop = (1..4u32, handlers, 1..6u32).prop_map(|(loops, handlers, thread_limit)| {
        System::EventLoop(EventLoop {
            loops,
            handlers,
            thread_limit,
        })
    });
    let pool = prop::sample::select(vec![PoolKind::Thread, PoolKind::Process]);
    let executor = (pool, 1..9u32)
        .prop_map(|(pool, max_workers)| System::Executor(Executor { pool, max_workers }));
    prop_oneof![2 => gunicorn, 1 => event_loop, 1 => executor]
}

/// Any workload, with durations that collide and durations that do not.
pub fn workload() -> impl Strategy<Value = Workload> {
    let arrivals = prop_oneof![
        Just(Arrivals::Burst),
        (1.0..2000.0).prop_map(|rate_per_s| Arrivals::Poisson { rate_per_s }),
        (1u32..20).prop_map(|n| Arrivals::Paced {
            rate_per_s: f64::from(n) * 50.0
        }),
        (1..30u32, 0..3u32).prop_map(|(clients, think)| Arrivals::Closed {
            clients,
            think_ms: f64::from(think) * 5.0
        }),
    ];
    let whole = || (0..30u32).prop_map(f64::from);
    let duration = || prop_oneof![1 => Just(0.0), 3 => whole(), 3 => 0.0..30.0];
    let spread = prop::sample::select(vec![
        Spread::Constant,
        Spread::Exponential,
        Spread::Lognormal,
    ]);
    let pool_size = prop::option::weighted(0.3, 1..6u32);
    (
        1..60u32,
        arrivals,
        duration(),
        duration(),
        1..4u32,
        spread,
        pool_size,
    )
        .prop_map(
            |(requests, arrivals, io_ms, cpu_ms, io_calls, spread, pool_size)| Workload {
                requests,
                arrivals,
                io_ms,
                cpu_ms,
                io_calls,
                spread,
                pool_size,
                client_timeout_ms: None,
                heavy_every: None,
                heavy_cpu_ms: 280.0,
            },
        )
}

pub fn scenario() -> impl Strategy<Value = Scenario> {
    let machine = (1..5u32, any::<bool>(), 1..12u32).prop_map(|(cores, gil, interval)| Machine {
        cores,
        gil,
        switch_interval_ms: f64::from(interval),
        ..Machine::default()
    });
    (system(), workload(), machine, 0..1000u64).prop_map(|(system, workload, machine, seed)| {
        Scenario {
            workload,
            machine,
            seed,
            ..Scenario::new(system)
        }
    })
}

/// Any scenario with trouble of every kind, under either fidelity.
pub fn troubled() -> impl Strategy<Value = Scenario> {
    let accept = prop::sample::select(vec![None, Some(Accept::Random), Some(Accept::Skewed)]);
    let limits = (accept, 1..9u32, 1..9u32, 0..3u32);
    let patience = prop::option::of(1.0..200.0);
    let crash = (prop::option::of(0.0..200.0), 0..5u32);
    let costs = (0..3u32, 0..3u32, any::<bool>());
    (scenario(), limits, patience, crash, costs).prop_map(
        |(mut s, (accept, connections, backlog, timeout), patience, crash, costs)| {
            if let System::Gunicorn(g) = &mut s.system {
                (g.accept, g.worker_connections) = (accept, connections);
                (g.backlog, g.timeout_s) = (backlog, timeout);
                // So that timeouts of whole seconds expire now and then.
                s.workload.io_ms *= f64::from(timeout) * 20.0;
            }
            s.workload.client_timeout_ms = patience;
            (s.machine.crash_at_ms, s.machine.crash_worker) = crash;
            s.machine.context_switch_us = f64::from(costs.0) * 50.0;
            s.machine.client_cpu_ms = f64::from(costs.1) * 0.7;
            if costs.2 {
                s.fidelity = Fidelity::Calibrated;
            }
            s
        },
    )
}

/// What a system allows, said without the simulator.
pub struct Shape {
    pub processes: u32,
    /// Requests that one process has in hand at most.
    pub slots: Option<u32>,
    /// Whether its slots are threads.
    pub threaded: bool,
    /// Whether all requests wait in one queue.
    pub shared: bool,
}

impl Shape {
    pub fn of(system: &System) -> Self {
        let (processes, slots, threaded, accept) = match system {
            System::Gunicorn(g) => {
                let (slots, threaded) = match g.worker_class {
                    WorkerClass::Sync | WorkerClass::Gthread => (Some(g.threads), true),
                    WorkerClass::Gevent => (Some(g.worker_connections), false),
                    WorkerClass::Asgi => (None, false),
                };
                (g.workers, slots, threaded, g.accept)
            }
            System::EventLoop(e) => match e.handlers {
                Handlers::Async => (e.loops, None, false, None),
                Handlers::Sync => (e.loops, Some(e.thread_limit), true, None),
            },
            System::Executor(e) => match e.pool {
                PoolKind::Thread => (1, Some(e.max_workers), true, None),
                PoolKind::Process => (e.max_workers, Some(1), true, None),
            },
        };
        Self {
            processes,
            slots,
            threaded,
            shared: match system {
                // A plain sync worker takes a connection only when it is idle.
                System::Gunicorn(g) if g.worker_class == WorkerClass::Sync && g.threads == 1 => {
                    true
                }
                System::Gunicorn(g) if accept.is_none() && g.workers == 1 => {
                    g.worker_class != WorkerClass::Gthread
                        && (g.worker_class != WorkerClass::Sync || g.threads == 1)
                }
                _ => accept.is_none_or(|accept| accept == Accept::Shared),
            },
        }
    }

    /// Requests in hand at most; `None` = no limit.
    pub fn capacity(&self) -> Option<u32> {
        self.slots.map(|slots| slots * self.processes)
    }
}
