//! The table of every field: from it come the readers, the writers, the messages and the sliders.

use super::field::{Field, Kind, Place, Scale, Slider};
use super::slot::Value;
use super::types::{Arrivals, System};

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
    choice("system.kind", "System", "gunicorn", everywhere!(system))
        .choices(&[
            ("gunicorn", "Gunicorn"),
            ("event_loop", "Event loop"),
            ("executor", "Executor"),
        ])
        .help("What serves the requests."),
    choice("system.worker_class", "Worker class", "sync", system!(Gunicorn.worker_class))
        .of(GUNICORN)
        .choices(&[
            ("sync", "sync"),
            ("gthread", "gthread"),
            ("gevent", "gevent"),
            ("asgi", "asgi"),
        ])
        .help("How a worker handles requests; sync with more than one thread becomes gthread."),
    integer("system.workers", "Workers", 1, 256, 1, system!(Gunicorn.workers))
        .of(GUNICORN)
        .slider(1.0, 32.0, 1.0)
        .help("Processes that Gunicorn forks, each with its own interpreter and GIL."),
    integer("system.threads", "Threads per worker", 1, 512, 1, system!(Gunicorn.threads))
        .of(GUNICORN)
        .slider(1.0, 64.0, 1.0)
        .help("Threads that run requests inside each worker; gevent and asgi workers ignore it."),
    integer(
        "system.worker_connections",
        "Connections per worker",
        1,
        100_000,
        1000,
        system!(Gunicorn.worker_connections),
    )
    .of(GUNICORN)
    .logarithmic(1.0, 10_000.0, 1.0)
    .help("Connections that one gthread or gevent worker may have accepted at a time."),
    integer("system.backlog", "Backlog", 1, 65_535, 2048, system!(Gunicorn.backlog))
        .of(GUNICORN)
        .logarithmic(1.0, 65_535.0, 1.0)
        .help("Connections that the kernel holds until a worker accepts them."),
    integer("system.timeout_s", "Worker timeout", 0, 3600, 30, system!(Gunicorn.timeout_s))
        .of(GUNICORN)
        .unit("s")
        .slider(0.0, 120.0, 1.0)
        .help("Silence after which the master kills a worker, 0 = never; in a sync worker it limits each request."),
    choice("system.accept", "Accept", "", system!(Gunicorn.accept))
        .of(GUNICORN)
        .optional()
        .choices(&[
            ("shared", "Shared queue"),
            ("random", "Random worker"),
            ("skewed", "Uneven shares"),
        ])
        .help("How a connection finds its worker; unset, it does what the worker class does."),
    flag("system.async_views", "Async views", false, system!(Gunicorn.async_views))
        .of(GUNICORN)
        .help("Flask async def views, each of which runs its own event loop while its thread waits."),
    integer("system.loops", "Loops", 1, 256, 1, system!(EventLoop.loops))
        .of(EVENT_LOOP)
        .slider(1.0, 32.0, 1.0)
        .help("Processes of one event loop each, as uvicorn --workers starts them."),
    choice("system.handlers", "Handlers", "async", system!(EventLoop.handlers))
        .of(EVENT_LOOP)
        .choices(&[("async", "async def"), ("sync", "def")])
        .help("async def handlers run on the loop, def handlers in a limited number of threads."),
    integer("system.thread_limit", "Thread limit", 1, 1024, 40, system!(EventLoop.thread_limit))
        .of(EVENT_LOOP)
        .slider(1.0, 200.0, 1.0)
        .help("Threads in each process for def handlers; AnyIO allows 40."),
    choice("system.pool", "Pool", "thread", system!(Executor.pool))
        .of(EXECUTOR)
        .choices(&[
            ("thread", "ThreadPoolExecutor"),
            ("process", "ProcessPoolExecutor"),
        ])
        .help("Whether the pool's workers are threads of one process or processes."),
    integer("system.max_workers", "Max workers", 1, 1024, 20, system!(Executor.max_workers))
        .of(EXECUTOR)
        .slider(1.0, 200.0, 1.0)
        .help("The most threads or processes in the pool; further calls wait in its queue."),
    integer("workload.requests", "Requests", 1, 1_000_000, 1000, everywhere!(workload.requests))
        .logarithmic(1.0, 1_000_000.0, 1.0)
        .help("How many requests the run sends."),
    choice("workload.arrivals.kind", "Arrivals", "burst", everywhere!(workload.arrivals))
        .key("arrivals")
        .choices(&[
            ("burst", "All at once"),
            ("poisson", "Poisson"),
            ("paced", "Paced"),
            ("closed", "Closed loop"),
        ])
        .help("When requests arrive: all at t = 0, at random, at equal gaps, or each after the last answer."),
    number(
        "workload.arrivals.rate_per_s",
        "Arrival rate",
        0.001,
        1_000_000.0,
        60.0,
        arrivals!(Poisson | Paced.rate_per_s),
    )
    .of(OPEN)
    .unit("requests/s")
    .logarithmic(1.0, 10_000.0, 0.1)
    .help("Requests that arrive in a second on average, whatever the server does."),
    integer("workload.arrivals.clients", "Clients", 1, 100_000, 20, arrivals!(Closed.clients))
        .of(CLOSED)
        .logarithmic(1.0, 10_000.0, 1.0)
        .help("Clients that each wait for an answer before they send their next request."),
    number(
        "workload.arrivals.think_ms",
        "Think time",
        0.0,
        60_000.0,
        0.0,
        arrivals!(Closed.think_ms),
    )
    .of(CLOSED)
    .unit("ms")
    .slider(0.0, 1000.0, 1.0)
    .help("How long a client pauses between an answer and its next request."),
    number("workload.io_ms", "I/O wait per request", 0.0, 60_000.0, 100.0, everywhere!(workload.io_ms))
        .unit("ms")
        .slider(0.0, 1000.0, 1.0)
        .help("Time that one request waits for databases and other services."),
    number("workload.cpu_ms", "CPU time per request", 0.0, 60_000.0, 0.0, everywhere!(workload.cpu_ms))
        .unit("ms")
        .slider(0.0, 100.0, 0.1)
        .help("Time that one request computes, half before its wait and half after."),
    integer("workload.io_calls", "I/O calls per request", 1, 20, 1, everywhere!(workload.io_calls))
        .slider(1.0, 20.0, 1.0)
        .help("Calls that the I/O wait is divided into, with the CPU time spread between them."),
    choice("workload.spread", "Spread", "constant", everywhere!(workload.spread))
        .choices(&[
            ("constant", "Constant"),
            ("exponential", "Exponential"),
            ("lognormal", "Log-normal"),
        ])
        .help("How I/O wait and CPU time vary from request to request around their means."),
    optional_integer(
        "workload.pool_size",
        "Connection pool",
        1,
        10_000,
        everywhere!(workload.pool_size),
    )
    .slider(1.0, 200.0, 1.0)
    .help("Connections in each process that an I/O call must hold; asyncpg's pool has 10."),
    optional_number(
        "workload.client_timeout_ms",
        "Client timeout",
        0.001,
        600_000.0,
        everywhere!(workload.client_timeout_ms),
    )
    .unit("ms")
    .logarithmic(10.0, 60_000.0, 1.0)
    .help("When a client gives up; the server finishes the work all the same."),
    integer("machine.cores", "Cores", 1, 256, 4, everywhere!(machine.cores))
        .slider(1.0, 64.0, 1.0)
        .help("CPU cores that all processes share."),
    flag("machine.gil", "GIL", true, everywhere!(machine.gil))
        .help("Whether one thread of a process at a time runs Python; off = a free-threaded build."),
    number(
        "machine.switch_interval_ms",
        "Switch interval",
        0.01,
        1000.0,
        5.0,
        everywhere!(machine.switch_interval_ms),
    )
    .unit("ms")
    .logarithmic(0.01, 100.0, 0.01)
    .help("How long a computing thread may keep the GIL while another one waits for it."),
    number(
        "machine.context_switch_us",
        "Context switch",
        0.0,
        1000.0,
        0.0,
        everywhere!(machine.context_switch_us),
    )
    .unit("µs")
    .slider(0.0, 100.0, 0.5)
    .help("CPU time that each switch from one thread to another costs."),
    number(
        "machine.client_cpu_ms",
        "Client CPU per request",
        0.0,
        100.0,
        0.0,
        everywhere!(machine.client_cpu_ms),
    )
    .unit("ms")
    .slider(0.0, 5.0, 0.05)
    .help("CPU time a request costs a single-threaded load generator on the same cores."),
    choice("fidelity", "Fidelity", "textbook", everywhere!(fidelity))
        .choices(&[("textbook", "Textbook"), ("calibrated", "Calibrated")])
        .help("Textbook has no overheads; calibrated adds what real servers were measured to cost."),
    integer("seed", "Seed", 0, (1 << 53) - 1, 1, everywhere!(seed))
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

const fn row(
    path: &'static str,
    label: &'static str,
    kind: Kind,
    default: Value,
    place: Place,
) -> Field {
    Field {
        path,
        key: last_part(path),
        label,
        unit: "",
        help: "",
        kind,
        default,
        optional: false,
        slider: None,
        kinds: &[],
        place,
    }
}

const fn integer(
    path: &'static str,
    label: &'static str,
    min: u64,
    max: u64,
    default: u64,
    place: Place,
) -> Field {
    row(
        path,
        label,
        Kind::Integer { min, max },
        Value::Integer(default),
        place,
    )
}

const fn optional_integer(
    path: &'static str,
    label: &'static str,
    min: u64,
    max: u64,
    place: Place,
) -> Field {
    row(path, label, Kind::Integer { min, max }, Value::None, place).optional()
}

const fn number(
    path: &'static str,
    label: &'static str,
    min: f64,
    max: f64,
    default: f64,
    place: Place,
) -> Field {
    row(
        path,
        label,
        Kind::Number { min, max },
        Value::Number(default),
        place,
    )
}

const fn optional_number(
    path: &'static str,
    label: &'static str,
    min: f64,
    max: f64,
    place: Place,
) -> Field {
    row(path, label, Kind::Number { min, max }, Value::None, place).optional()
}

const fn choice(
    path: &'static str,
    label: &'static str,
    default: &'static str,
    place: Place,
) -> Field {
    row(path, label, Kind::Choice(&[]), Value::Text(default), place)
}

const fn flag(path: &'static str, label: &'static str, default: bool, place: Place) -> Field {
    row(path, label, Kind::Flag, Value::Flag(default), place)
}

impl Field {
    const fn key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    const fn of(self, kinds: &'static [&'static str]) -> Self {
        Self { kinds, ..self }
    }

    const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    const fn choices(self, choices: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            kind: Kind::Choice(choices),
            ..self
        }
    }

    /// May be left unset, which is then the default.
    const fn optional(self) -> Self {
        Self {
            optional: true,
            default: Value::None,
            ..self
        }
    }

    const fn slider(self, min: f64, max: f64, step: f64) -> Self {
        let scale = Scale::Linear;
        Self {
            slider: Some(Slider {
                min,
                max,
                step,
                scale,
            }),
            ..self
        }
    }

    const fn logarithmic(self, min: f64, max: f64, step: f64) -> Self {
        let scale = Scale::Logarithmic;
        Self {
            slider: Some(Slider {
                min,
                max,
                step,
                scale,
            }),
            ..self
        }
    }
}

/// What follows the last dot.
const fn last_part(path: &'static str) -> &'static str {
    let mut start = path.len();
    while start > 0 && path.as_bytes()[start - 1] != b'.' {
        start -= 1;
    }
    path.split_at(start).1
}
