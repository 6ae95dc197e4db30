//! The scenario: one run's system, workload and machine, as plain data.
//!
//! Durations are milliseconds unless a name says otherwise. Ranges and defaults stand in
//! [`super::fields`]; the `Default` impls here hold the same defaults as typed values.

use serde::Serialize;

/// Everything one run needs; the same scenario and seed give the same run on every platform.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// The format's version, always 1.
    pub version: u32,
    pub system: System,
    pub workload: Workload,
    pub machine: Machine,
    pub fidelity: Fidelity,
    /// Seeds every draw of arrivals and work.
    pub seed: u64,
}

/// What serves the requests.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum System {
    Gunicorn(Gunicorn),
    EventLoop(EventLoop),
    Executor(Executor),
}

/// A pre-fork Gunicorn server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gunicorn {
    pub worker_class: WorkerClass,
    /// Worker processes.
    pub workers: u32,
    /// Threads in each worker.
    pub threads: u32,
    /// Connections one worker may hold.
    pub worker_connections: u32,
    /// Connections the kernel holds for the listening socket.
    pub backlog: u32,
    /// The heartbeat's limit in seconds, 0 = off.
    pub timeout_s: u32,
    /// How a connection finds its worker; `None` = what the worker class does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept: Option<Accept>,
    /// Flask `async def` views.
    pub async_views: bool,
}

/// Gunicorn's worker classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerClass {
    Sync,
    Gthread,
    Gevent,
    Asgi,
}

impl WorkerClass {
    /// Whether its workers handle each request in a thread: there views may be `async def`, each in a loop of its own.
    pub fn is_threaded(self) -> bool {
        matches!(self, Self::Sync | Self::Gthread)
    }
}

/// How a connection finds its worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Accept {
    /// Late binding: an idle slot takes the head of one queue.
    Shared,
    /// Early binding: a worker drawn uniformly at arrival; calibrated, hardly one that computes, and of a throng many in a
    /// row fall to one.
    Random,
    /// Early binding with the uneven shares seen on real machines.
    Skewed,
}

/// An asyncio server such as uvicorn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventLoop {
    /// Processes of one loop each (`uvicorn --workers`).
    pub loops: u32,
    pub handlers: Handlers,
    /// Threads for `def` handlers in each process.
    pub thread_limit: u32,
}

/// How an asyncio application's handlers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handlers {
    /// `async def`: on the loop.
    Async,
    /// `def`: in the thread limiter.
    Sync,
}

/// A script that fans work out through `concurrent.futures`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Executor {
    pub pool: PoolKind,
    /// Threads or processes in the pool.
    pub max_workers: u32,
}

/// What an executor's workers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolKind {
    Thread,
    Process,
}

/// The requests: how many, when they arrive, what each one does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Workload {
    pub requests: u32,
    pub arrivals: Arrivals,
    /// Mean I/O wait of one request, in milliseconds.
    pub io_ms: f64,
    /// Mean CPU time of one request, in milliseconds.
    pub cpu_ms: f64,
    /// Calls that the I/O wait is divided into.
    pub io_calls: u32,
    pub spread: Spread,
    /// Connections in each process that an I/O call must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool_size: Option<u32>,
    /// When the client gives up, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_timeout_ms: Option<f64>,
    /// Every so many-th request computes for `heavy_cpu_ms` instead; `None` = none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heavy_every: Option<u32>,
    /// CPU time of a heavy request, in milliseconds, whatever the spread.
    pub heavy_cpu_ms: f64,
}

/// When requests arrive.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Arrivals {
    /// All at t = 0.
    Burst,
    /// Exponential gaps.
    Poisson { rate_per_s: f64 },
    /// Equal gaps.
    Paced { rate_per_s: f64 },
    /// Each client sends its next request `think_ms` after its last answer.
    Closed { clients: u32, think_ms: f64 },
}

/// The distribution of each request's `io_ms` and `cpu_ms` around their means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    Constant,
    Exponential,
    /// Log-normal with a coefficient of variation of 1.
    Lognormal,
}

/// The machine and its Python.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Machine {
    pub cores: u32,
    /// False = a free-threaded build.
    pub gil: bool,
    pub switch_interval_ms: f64,
    pub context_switch_us: f64,
    /// CPU time a request costs a load generator on the same cores, in milliseconds.
    pub client_cpu_ms: f64,
    /// When a worker is killed, in milliseconds; `None` = never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash_at_ms: Option<f64>,
    /// The worker that is killed then, from 0; a number past the last one means the last one.
    #[serde(skip_serializing_if = "is_zero")]
    pub crash_worker: u32,
}

/// Whether a number is the default, and so is not written.
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// How true to a real server the run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fidelity {
    /// The arithmetic of a whiteboard, no overheads.
    Textbook,
    /// Adds what real servers cost, as measured.
    Calibrated,
}

impl Scenario {
    /// The documented defaults around `system`.
    pub fn new(system: System) -> Self {
        Self {
            version: 1,
            system,
            workload: Workload::default(),
            machine: Machine::default(),
            fidelity: Fidelity::Textbook,
            seed: 1,
        }
    }
}

impl Default for Gunicorn {
    fn default() -> Self {
        Self {
            worker_class: WorkerClass::Sync,
            workers: 1,
            threads: 1,
            worker_connections: 1000,
            backlog: 2048,
            timeout_s: 30,
            accept: None,
            async_views: false,
        }
    }
}

impl Default for EventLoop {
    fn default() -> Self {
        Self {
            loops: 1,
            handlers: Handlers::Async,
            thread_limit: 40,
        }
    }
}

impl Default for Executor {
    fn default() -> Self {
        Self {
            pool: PoolKind::Thread,
            max_workers: 20,
        }
    }
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            requests: 1000,
            arrivals: Arrivals::Burst,
            io_ms: 100.0,
            cpu_ms: 0.0,
            io_calls: 1,
            spread: Spread::Constant,
            pool_size: None,
            client_timeout_ms: None,
            heavy_every: None,
            heavy_cpu_ms: 280.0,
        }
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            cores: 4,
            gil: true,
            switch_interval_ms: 5.0,
            context_switch_us: 0.0,
            client_cpu_ms: 0.0,
            crash_at_ms: None,
            crash_worker: 0,
        }
    }
}

impl System {
    /// The kind's name in a scenario.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gunicorn(_) => "gunicorn",
            Self::EventLoop(_) => "event_loop",
            Self::Executor(_) => "executor",
        }
    }
}
