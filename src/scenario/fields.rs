//! The table of every field: from it come the readers, the writers, the messages and the sliders.

use super::field::{Field, Place};
use super::row::*;
use super::types::{Arrivals, System};

/// Requests in the longest run.
pub const MOST_REQUESTS: u64 = 1_000_000;

const GUNICORN: &[&str] = &["gunicorn"];
const EVENT_LOOP: &[&str] = &["event_loop"];
const EXECUTOR: &[&str] = &["executor"];
const OPEN: &[&str] = &["poisson", "paced"];
const CLOSED: &[&str] = &["closed"];

/// A place that every scenario has.
macro_rules! everywhere {
    ($($name:ident).+) => {
        Place { read: |s| Some(&s.$($name).+), write: |s| Some(&mut s.$($name).+) }
    };
}

/// A place that one kind of system has.
macro_rules! system {
    ($kind:ident.$name:ident) => {
        Place {
            read: |s| match &s.system {
                System::$kind(system) => Some(&system.$name),
                _ => None,
            },
            write: |s| match &mut s.system {
                System::$kind(system) => Some(&mut system.$name),
                _ => None,
            },
        }
    };
}

/// A place that some kinds of arrivals have.
macro_rules! arrivals {
    ($($kind:ident)|+.$name:ident) => {
        Place {
            read: |s| match &s.workload.arrivals {
                $(Arrivals::$kind { $name, .. })|+ => Some($name),
                _ => None,
            },
            write: |s| match &mut s.workload.arrivals {
                $(Arrivals::$kind { $name, .. })|+ => Some($name),
                _ => None,
            },
        }
    };
}

/// Every field, kinds before the fields that depend on them, in the order that a form shows them.
pub static FIELDS: &[Field] = &[
    choice("system.kind", "gunicorn")
        .label("System")
        .at(everywhere!(system))
        .always_said()
        .choices(&[
            ("gunicorn", "Gunicorn"),
            ("event_loop", "Event loop"),
            ("executor", "Executor"),
        ])
        .help("What serves the requests."),
    choice("system.worker_class", "sync")
        .label("Worker class")
        .at(system!(Gunicorn.worker_class))
        .of(GUNICORN)
        .choices(&[
            ("sync", "sync"),
            ("gthread", "gthread"),
            ("gevent", "gevent"),
            ("asgi", "asgi"),
        ])
        .help("How a worker handles requests; sync with several threads becomes gthread."),
    integer("system.workers", 1, 256, 1)
        .label("Workers")
        .at(system!(Gunicorn.workers))
        .of(GUNICORN)
        .slider(1.0, 32.0, 1.0)
        .help("Processes that Gunicorn forks, each with its own interpreter and GIL."),
    integer("system.threads", 1, 512, 1)
        .label("Threads")
        .at(system!(Gunicorn.threads))
        .of(GUNICORN)
        .slider(1.0, 64.0, 1.0)
        .help("Threads that run requests inside each worker; gevent and asgi workers ignore it."),
    integer("system.worker_connections", 1, 100_000, 1000)
        .label("Connections per worker")
        .at(system!(Gunicorn.worker_connections))
        .of(GUNICORN)
        .slider(1.0, 2000.0, 1.0)
        .help("Connections that one gthread or gevent worker may have accepted at a time."),
    integer("system.backlog", 1, 65_535, 2048)
        .label("Backlog")
        .at(system!(Gunicorn.backlog))
        .of(GUNICORN)
        .slider(1.0, 4096.0, 1.0)
        .help("Connections that the kernel holds until a worker accepts them; asgi has 100. On the whiteboard 2048 are no limit."),
    integer("system.timeout_s", 0, 3600, 30)
        .label("Worker timeout")
        .at(system!(Gunicorn.timeout_s))
        .of(GUNICORN)
        .unit("s")
        .slider(0.0, 120.0, 1.0)
        .help("Silence that gets a worker killed, 0 = off; limits each request of a sync worker."),
    optional_choice("system.accept")
        .label("Accept")
        .at(system!(Gunicorn.accept))
        .of(GUNICORN)
        .choices(&[
            ("shared", "Shared queue"),
            ("random", "Random worker"),
            ("skewed", "Uneven shares"),
        ])
        .help("How a connection finds its worker; unset = as the worker class does it."),
    flag("system.async_views", false)
        .label("Async views")
        .at(system!(Gunicorn.async_views))
        .of(GUNICORN)
        .help("Flask async def views: each runs an event loop of its own while its thread waits."),
    integer("system.loops", 1, 256, 1)
        .label("Loops")
        .at(system!(EventLoop.loops))
        .of(EVENT_LOOP)
        .slider(1.0, 32.0, 1.0)
        .help("Processes of one event loop each, as uvicorn --workers starts them."),
    choice("system.handlers", "async")
        .label("Handlers")
        .at(system!(EventLoop.handlers))
        .of(EVENT_LOOP)
        .choices(&[("async", "async def"), ("sync", "def")])
        .help("async def handlers run on the loop, def handlers in a limited set of threads."),
    integer("system.thread_limit", 1, 1024, 40)
        .label("Thread limit")
        .at(system!(EventLoop.thread_limit))
        .of(EVENT_LOOP)
        .slider(1.0, 200.0, 1.0)
        .help("Threads in each process for def handlers; AnyIO allows 40."),
    choice("system.pool", "thread")
        .label("Pool")
        .at(system!(Executor.pool))
        .of(EXECUTOR)
        .choices(&[
            ("thread", "ThreadPoolExecutor"),
            ("process", "ProcessPoolExecutor"),
        ])
        .help("Whether the pool's workers are threads of one process or processes."),
    integer("system.max_workers", 1, 1024, 20)
        .label("Max workers")
        .at(system!(Executor.max_workers))
        .of(EXECUTOR)
        .slider(1.0, 200.0, 1.0)
        .help("The most threads or processes in the pool; further calls wait in its queue."),
    integer("workload.requests", 1, MOST_REQUESTS, 1000)
        .label("Requests")
        .at(everywhere!(workload.requests))
        .slider(1.0, 5000.0, 1.0)
        .help("How many requests the run sends."),
    choice("workload.arrivals.kind", "burst")
        .label("Arrivals")
        .at(everywhere!(workload.arrivals))
        .key("arrivals")
        .choices(&[
            ("burst", "All at once"),
            ("poisson", "Poisson"),
            ("paced", "Paced"),
            ("closed", "Closed loop"),
        ])
        .help("When requests arrive: at once, at random, evenly, or each after the last answer."),
    number("workload.arrivals.rate_per_s", 0.001, 1_000_000.0, 60.0)
        .label("Arrival rate")
        .at(arrivals!(Poisson | Paced.rate_per_s))
        .of(OPEN)
        .always_said()
        .unit("/s")
        .slider(1.0, 500.0, 1.0)
        .help("Requests that arrive in a second on average, whatever the server does."),
    integer("workload.arrivals.clients", 1, 100_000, 20)
        .label("Clients")
        .at(arrivals!(Closed.clients))
        .of(CLOSED)
        .always_said()
        .slider(1.0, 200.0, 1.0)
        .help("Clients that each wait for an answer before they send their next request."),
    number("workload.arrivals.think_ms", 0.0, 60_000.0, 0.0)
        .label("Think time")
        .at(arrivals!(Closed.think_ms))
        .of(CLOSED)
        .unit("ms")
        .slider(0.0, 1000.0, 1.0)
        .help("How long a client pauses between an answer and its next request."),
    number("workload.io_ms", 0.0, 60_000.0, 100.0)
        .label("I/O wait")
        .at(everywhere!(workload.io_ms))
        .unit("ms")
        .slider(0.0, 1000.0, 1.0)
        .help("Time that one request waits for databases and other services."),
    number("workload.cpu_ms", 0.0, 60_000.0, 0.0)
        .label("CPU time")
        .at(everywhere!(workload.cpu_ms))
        .unit("ms")
        .slider(0.0, 100.0, 0.1)
        .help("Time that one request computes, half before its wait and half after."),
    integer("workload.io_calls", 1, 20, 1)
        .label("I/O calls")
        .at(everywhere!(workload.io_calls))
        .slider(1.0, 20.0, 1.0)
        .help("Calls that the I/O wait is divided into, with the CPU time spread between them."),
    choice("workload.spread", "constant")
        .label("Spread")
        .at(everywhere!(workload.spread))
        .choices(&[
            ("constant", "Constant"),
            ("exponential", "Exponential"),
            ("lognormal", "Log-normal"),
        ])
        .help("How I/O wait and CPU time vary from request to request around their means."),
    optional_integer("workload.pool_size", 1, 10_000)
        .label("Pool per process")
        .at(everywhere!(workload.pool_size))
        .slider(1.0, 200.0, 1.0)
        .help("Connections in each process that an I/O call must hold; asyncpg's pool has 10."),
    optional_number("workload.client_timeout_ms", 0.001, 600_000.0)
        .label("Client timeout")
        .at(everywhere!(workload.client_timeout_ms))
        .unit("ms")
        .slider(10.0, 10_000.0, 10.0)
        .help("When a client gives up; the server finishes the work all the same."),
    optional_integer("workload.heavy_every", 1, MOST_REQUESTS)
        .label("A heavy request every")
        .at(everywhere!(workload.heavy_every))
        .slider(1.0, 100.0, 1.0)
        .help("Every so many-th request computes for long, such as a password hash; unset = none."),
    number("workload.heavy_cpu_ms", 0.0, 60_000.0, 280.0)
        .label("Heavy CPU time")
        .at(everywhere!(workload.heavy_cpu_ms))
        .unit("ms")
        .slider(0.0, 1000.0, 5.0)
        .help("CPU time of a heavy request; a bcrypt hash at its default cost takes 280 ms."),
    integer("machine.cores", 1, 256, 4)
        .label("Cores")
        .at(everywhere!(machine.cores))
        .slider(1.0, 64.0, 1.0)
        .help("CPU cores that all processes share."),
    flag("machine.gil", true)
        .label("GIL")
        .at(everywhere!(machine.gil))
        .help("One thread of a process at a time runs Python; off = a free-threaded build."),
    number("machine.switch_interval_ms", 0.01, 1000.0, 5.0)
        .label("Switch interval")
        .at(everywhere!(machine.switch_interval_ms))
        .unit("ms")
        .slider(0.1, 50.0, 0.1)
        .help("How long a computing thread may keep the GIL while another one waits for it."),
    number("machine.context_switch_us", 0.0, 1000.0, 0.0)
        .label("Context switch")
        .at(everywhere!(machine.context_switch_us))
        .unit("µs")
        .slider(0.0, 100.0, 0.5)
        .help("CPU time that each switch from one thread to another costs."),
    number("machine.client_cpu_ms", 0.0, 100.0, 0.0)
        .label("Client CPU per request")
        .at(everywhere!(machine.client_cpu_ms))
        .unit("ms")
        .slider(0.0, 5.0, 0.05)
        .help("CPU time a request costs a single-threaded load generator on the same cores."),
    optional_number("machine.crash_at_ms", 0.0, 600_000.0)
        .label("Kill a worker at")
        .at(everywhere!(machine.crash_at_ms))
        .unit("ms")
        .slider(0.0, 10_000.0, 10.0)
        .help("When one process is killed, with everything that it holds; unset = never."),
    integer("machine.crash_worker", 0, 1023, 0)
        .label("Worker to kill")
        .at(everywhere!(machine.crash_worker))
        .help("Which process is killed, from 0; a number past the last one means the last one."),
    choice("fidelity", "textbook")
        .label("Fidelity")
        .at(everywhere!(fidelity))
        .choices(&[("textbook", "Textbook"), ("calibrated", "Calibrated")])
        .help("Textbook has no overheads; calibrated adds the measured costs of real servers."),
    integer("seed", 0, (1 << 53) - 1, 1)
        .label("Seed")
        .at(everywhere!(seed))
        .help("Starts the random draws; the same seed gives the same run."),
];

/// The field that says what a system is.
pub(super) static KIND: &Field = &FIELDS[0];

/// The field with this key, such as `workers`.
pub fn field(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.key == key)
}

/// The field at this path, such as `system.workers`.
pub(super) fn field_at(path: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.path == path)
}
