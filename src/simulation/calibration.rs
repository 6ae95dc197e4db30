//! What real servers cost: every calibrated constant, in one table.
//!
//! Measured on a virtual machine with 2 AMD EPYC cores, Linux 6.18, Python 3.11.7, gunicorn
//! 27.0.1 with Flask 3.1.3, gevent 26.9.0, uvicorn 0.54.0 (uvloop, httptools) with FastAPI
//! 0.165.0, over loopback, one connection a request. Each constant is a property of a server or
//! of the machine, in microseconds, and the same for every workload.

/// What one request costs a server beside its handler, in microseconds of CPU time unless the
/// field says otherwise. All zero under textbook fidelity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Costs {
    /// Accepting its connection, a callback of its own on a loop or hub.
    pub(crate) accept: u32,
    /// What each further process that listens on the same socket adds to that: all wake up for a
    /// connection, and one gets it.
    pub(crate) herd: u32,
    /// Reading and parsing it, a callback of its own on a loop.
    pub(crate) parse: u32,
    /// What the server and the framework do right before the handler, in one stretch with it.
    pub(crate) before: u32,
    /// What they do right after it, in one stretch with it.
    pub(crate) after: u32,
    /// Handing the answer from a thread back to the loop, a callback of its own.
    pub(crate) reply: u32,
    /// What a request costs more where its handler's code does not follow straight on another
    /// request's server code: after CPU work of the application's, and after a sleep.
    pub(crate) cold: u32,
    /// Elapsed time from the end of an I/O call until its thread or callback is ready to run: at
    /// least so much,
    pub(crate) wake: u32,
    /// and so much more on average, drawn for each call from an exponential distribution.
    pub(crate) late: u32,
    /// Passing the GIL from one thread to another that has to wake up for it.
    pub(crate) switch: u32,
    /// Starting a thread or a process of a pool, at its first call.
    pub(crate) start: u32,
    /// Whether a thread that ends a request goes on with the next one in the same turn.
    pub(crate) contiguous: bool,
    /// Whether what is back from an I/O call runs ahead of what is ready, but only once a hub has
    /// run a group of it.
    pub(crate) looks: bool,
}

/// The whiteboard: nothing costs anything.
pub(crate) const TEXTBOOK: Costs = Costs {
    accept: 0,
    herd: 0,
    parse: 0,
    before: 0,
    after: 0,
    reply: 0,
    cold: 0,
    wake: 0,
    late: 0,
    switch: 0,
    start: 0,
    contiguous: false,
    looks: false,
};

/// What threads have in common: how long a timer of the kernel and a sleeping virtual CPU take
/// (executor with 20 threads: 100.66 ms a call of 100 ms), and a hand-over of the GIL (200 calls of 10 ms on 20 threads
/// took 39 ms more than 2 s, with 400 hand-overs).
const THREADS: Costs = Costs {
    wake: 250,
    late: 300,
    switch: 80,
    contiguous: true,
    ..TEXTBOOK
};

/// `sync`: 0.3 to 0.5 ms of CPU time a request when it does nothing else, 0.9 around 10 ms of work, 1.0
/// around a sleep; 101.8 to 102.7 ms a request of 100 ms, 47.5 ms one of 5 ms of CPU and 4 calls of 10.
pub(crate) const SYNC: Costs = Costs {
    before: 250,
    after: 250,
    cold: 600,
    late: 400,
    ..THREADS
};

/// `gthread`: the main thread accepts and a pool thread serves. Fitted to 1000 requests of 100 ms on
/// 4 workers of 2 threads that hold 3 connections each (12 968 ms), 200 of 10 ms of CPU on 8
/// threads (2301 ms) and 1000 empty ones (478 ms, 0.5 ms of CPU time each).
pub(crate) const GTHREAD: Costs = Costs {
    before: 200,
    after: 200,
    cold: 800,
    wake: 650,
    late: 600,
    ..THREADS
};

/// What an `async def` view adds under `sync` and `gthread`: a thread and a loop of its own for
/// each request. Server CPU time of 1000 requests rose from 1.2 to 2.1 s.
pub(crate) const ASYNC_VIEW: u32 = 900;

/// `gevent`: 0.4 ms of CPU time a request when 1000 come at once, 0.5 with 4 workers, 0.5 around 3 ms of
/// work and 0.8 to 1.5 around 10.
pub(crate) const GEVENT: Costs = Costs {
    accept: 100,
    herd: 40,
    before: 160,
    after: 160,
    cold: 500,
    wake: 250,
    late: 300,
    looks: true,
    ..TEXTBOOK
};

/// uvicorn and FastAPI: 0.3 ms of CPU time a request when 1000 come at once, 0.4 with 4 workers.
pub(crate) const UVICORN: Costs = Costs {
    accept: 100,
    herd: 65,
    parse: 100,
    before: 100,
    after: 100,
    wake: 250,
    late: 300,
    ..TEXTBOOK
};

/// `def` handlers of FastAPI: from the loop to a thread of the limiter, and back. Server CPU time was
/// 0.5 ms a request of 100 ms, around 2 ms of work, and 0.9 around 10; a wave of 40 took 116 ms, one of 10
/// requests of 50 ms took 53.
pub(crate) const LIMITER: Costs = Costs {
    parse: 150,
    before: 100,
    after: 50,
    reply: 150,
    contiguous: false,
    wake: 1000,
    late: 600,
    ..THREADS
};

/// `ThreadPoolExecutor`: 13 microseconds to submit a call and 10 to take it, 0.15 ms to start a thread.
pub(crate) const THREAD_POOL: Costs = Costs {
    before: 15,
    after: 10,
    start: 150,
    ..THREADS
};

/// `ProcessPoolExecutor`: pickling there and back through the parent's queue, 0.17 ms a call alone and more
/// where the parent has to wait for a core; 3.7 ms to fork.
pub(crate) const PROCESS_POOL: Costs = Costs {
    before: 200,
    after: 200,
    start: 3700,
    ..THREADS
};

/// How connections fall to the workers of one socket, by who is awake.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shares {
    /// A connection that comes alone finds every idle worker asleep, and the kernel wakes them in
    /// one order: of `w` workers the first, second, ... get connections in proportion to
    /// `w + 2/3`, `w - 1/3`, ... down to `5/3`. Where not ranked, equally.
    pub(crate) ranked: bool,
    /// Connections that come within [`CROWD`] of the one before find workers awake, and who gets
    /// how many differs from run to run: shares drawn once a run from a Dirichlet distribution,
    /// the more even the larger this is. Its shape is so much over the number of workers: many are
    /// less even than few, as those that run keep the others from waking.
    pub(crate) evenness: u32,
}

/// `skewed`: three Poisson runs of 60/s gave 4 gthread workers 38, 28, 23 and 12 % on average, and
/// the busiest one within 1.7 % of that each time; in 17 bursts of 200 to 1000 requests it had
/// anything from 26 to 58 %.
pub(crate) const SKEWED: Shares = Shares {
    ranked: true,
    evenness: 28,
};

/// `random` under calibrated fidelity: loops and hubs share more evenly. Two bursts of 200 fell
/// 37/51/55/57 to 4 uvicorn workers and 39/49/49/63 to 4 `asgi` ones, three of 200 fell 105/95,
/// 108/92 and 119/81 to 2 uvicorn workers, three of 1000 gave 32 % to the busiest of 4 gevent ones.
pub(crate) const RANDOM: Shares = Shares {
    ranked: false,
    evenness: 24,
};

/// Nanoseconds between connections up to which they come in a crowd.
pub(crate) const CROWD: u64 = 1_000_000;

/// What the rest of the system takes, in 256ths of a core: kernel threads, interrupts, the
/// hypervisor. It shows only while every core is busy: 200 requests of 10 ms of CPU took one
/// uvicorn 10.35 ms each, and 11.1 to 11.5 ms each in two at once.
pub(crate) const BACKGROUND: u64 = 16;

/// How much the same server's costs differ from run to run: a factor drawn once a run, uniform
/// within so much of 1. 1000 empty requests took `sync` 450 to 588 ms, uvicorn 310 to 368.
pub(crate) const VARIATION: f64 = 0.12;

/// Milliseconds from the death of a worker of Gunicorn to the first answer of the one in its place, as
/// measured: a fork, and importing Flask and a small application. 24 to 44 with `preload_app`.
pub(crate) const GUNICORN_RESPAWN: u32 = 160;

/// The same for `gevent`: 196; 147 with `preload_app`.
pub(crate) const GEVENT_RESPAWN: u32 = 200;

/// The same for `asgi`, with FastAPI: 411; 104 with `preload_app`.
pub(crate) const ASGI_RESPAWN: u32 = 410;

/// The same for `uvicorn --workers`, which looks every 500 ms and starts a new interpreter that imports
/// everything afresh: 699 to 1191, 705 in the middle.
pub(crate) const UVICORN_RESPAWN: u32 = 700;
