//! What real servers cost: every calibrated constant, in one table that the engine and, through
//! [`constants`], the article's notes read. Doc comments are the page's words; plain comments say what
//! only who changes a constant wants to know.
//!
//! Measured on a virtual machine with 2 AMD EPYC cores, Linux 6.18, Python 3.11.7, gunicorn
//! 27.0.1 with Flask 3.1.3, gevent 26.9.0, uvicorn 0.54.0 (uvloop, httptools) with FastAPI
//! 0.165.0, over loopback, one connection a request. Each constant is a property of a server or
//! of the machine, in microseconds, and the same for every workload.

/// A constant as the notes tell it.
#[cfg(feature = "ssr")]
pub struct Constant {
    pub name: &'static str,
    /// What it is and where it comes from.
    pub words: &'static str,
    pub parts: Vec<Part>,
}

/// One number of a constant.
#[cfg(feature = "ssr")]
pub struct Part {
    /// Its field; empty for a constant that is a number.
    pub name: &'static str,
    pub words: &'static str,
    pub value: f64,
}

/// What a constant is made of.
#[cfg(feature = "ssr")]
trait Parts {
    fn parts(&self) -> Vec<Part>;
}

/// A struct whose fields' words the notes can read.
macro_rules! parts {
    (
        $(#[doc = $about:literal])+
        pub(crate) struct $name:ident {
            $($(#[doc = $words:literal])+ pub(crate) $field:ident: $kind:ty,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) struct $name {
            $($(#[doc = $words])+ pub(crate) $field: $kind,)+
        }

        #[cfg(feature = "ssr")]
        impl Parts for $name {
            fn parts(&self) -> Vec<Part> {
                vec![$(Part {
                    name: stringify!($field),
                    words: concat!($($words),+),
                    value: self.$field.into(),
                }),+]
            }
        }
    };
}

/// Constants whose words the notes can read.
macro_rules! constants {
    ($($(#[doc = $words:literal])+ pub(crate) const $name:ident: $kind:ty = $value:expr;)+) => {
        $($(#[doc = $words])+ pub(crate) const $name: $kind = $value;)+

        /// Every calibrated constant, in this order.
        #[cfg(feature = "ssr")]
        pub fn constants() -> Vec<Constant> {
            vec![$(Constant {
                name: stringify!($name),
                words: concat!($($words),+),
                parts: $name.parts(),
            }),+]
        }
    };
}

#[cfg(feature = "ssr")]
fn number(value: f64) -> Vec<Part> {
    let (name, words) = ("", "");
    vec![Part { name, words, value }]
}

#[cfg(feature = "ssr")]
impl Parts for u32 {
    fn parts(&self) -> Vec<Part> {
        number((*self).into())
    }
}

#[cfg(feature = "ssr")]
impl Parts for u64 {
    fn parts(&self) -> Vec<Part> {
        number(*self as f64)
    }
}

#[cfg(feature = "ssr")]
impl Parts for f64 {
    fn parts(&self) -> Vec<Part> {
        number(*self)
    }
}

parts! {
/// What one request costs a server beside its handler, in microseconds of CPU time unless the
/// field says otherwise. All zero under textbook fidelity.
pub(crate) struct Costs {
    /// Accepting a connection.
    // A callback of its own on a loop or hub.
    pub(crate) accept: u32,
    /// The same for each further process on the socket: all wake up, one gets it.
    pub(crate) herd: u32,
    /// Reading and parsing.
    // A callback of its own on a loop.
    pub(crate) parse: u32,
    /// Server and framework before the handler,
    // in one stretch with it,
    pub(crate) before: u32,
    /// and after it.
    pub(crate) after: u32,
    /// Handing an answer from a thread to the loop.
    // A callback of its own.
    pub(crate) reply: u32,
    /// More where a handler follows other code, or a sleep.
    // Where its code does not follow straight on another request's server code.
    pub(crate) cold: u32,
    /// Elapsed, from the end of a wait until code may run,
    pub(crate) wake: u32,
    /// and more on average, exponentially distributed.
    // Drawn for each call.
    pub(crate) late: u32,
    /// Passing the GIL.
    // To a thread that has to wake up for it.
    pub(crate) switch: u32,
    /// Starting a thread or process.
    // At the first call that needs it.
    pub(crate) start: u32,
    /// 1 = a thread goes on with the next request in the same turn.
    pub(crate) contiguous: bool,
    /// Whether what is back from an I/O call runs ahead of what is ready, but only once a hub has
    /// run a group of it.
    pub(crate) looks: bool,
}
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

parts! {
/// How connections fall to the workers of one socket, by who is awake.
pub(crate) struct Shares {
    /// 1 = idle workers wake in one order: of `w` the first, second, ... get connections that come alone in
    /// proportion to `w + 2/3`, `w - 1/3`, ... down to `5/3`.
    // Where not ranked, equally.
    pub(crate) ranked: bool,
    /// Shares of a crowd, drawn once a run from a Dirichlet distribution: the larger, the more even.
    // Connections that come within `CROWD` of the one before find workers awake, and who gets how many
    // differs from run to run. The distribution's shape is this over the number of workers: many are less
    // even than few, as those that run keep the others from waking.
    pub(crate) evenness: u32,
}
}

constants! {
/// On 20 threads 100.66 ms a call of 100 ms; 39 ms for 400 hand-overs of the GIL.
// What threads have in common: how long a timer of the kernel and a sleeping virtual CPU take, and a
// hand-over of the GIL (200 calls of 10 ms on 20 threads took 39 ms more than 2 s).
pub(crate) const THREADS: Costs = Costs {
    wake: 250,
    late: 300,
    switch: 80,
    contiguous: true,
    ..TEXTBOOK
};

/// 0.3 to 0.5 ms of CPU time a request; 101.8 to 102.7 ms a request of 100 ms.
// When it does nothing else; 0.9 around 10 ms of work, 1.0 around a sleep; 47.5 ms one of 5 ms of CPU and
// 4 calls of 10.
pub(crate) const SYNC: Costs = Costs {
    before: 250,
    after: 250,
    cold: 600,
    late: 400,
    ..THREADS
};

/// 0.5 ms of CPU time a request. Fitted to 4 × 2 with 3 connections, 1 × 8 computing, 4 × 2 with nothing
/// to do.
// The main thread accepts and a pool thread serves. 1000 requests of 100 ms took 12 968 ms, 200 of 10 ms
// of CPU 2301 ms, 1000 empty ones 478 ms.
pub(crate) const GTHREAD: Costs = Costs {
    before: 200,
    after: 200,
    cold: 800,
    wake: 650,
    late: 600,
    ..THREADS
};

/// 0.4 ms of CPU time a request in a burst, 0.5 with 4 workers, 0.8 to 1.5 around 10 ms of work.
// 0.5 around 3 ms of work.
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

/// And `asgi`: 0.3 ms of CPU time a request in a burst, 0.4 with 4 workers.
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

/// `def` handlers: 0.5 ms of CPU time a request, 116 ms a wave of 40.
// From the loop to a thread of the limiter, and back; requests of 100 ms. 0.9 around 10 ms of work; a wave
// of 10 requests of 50 ms took 53.
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

/// 13 µs to submit a call, 10 to take it, 150 to start a thread.
pub(crate) const THREAD_POOL: Costs = Costs {
    before: 15,
    after: 10,
    start: 150,
    ..THREADS
};

/// Pickling there and back, 0.17 ms a call alone and more where the parent waits for a core; 3.7 ms to fork.
// Through the parent's queue.
pub(crate) const PROCESS_POOL: Costs = Costs {
    before: 200,
    after: 200,
    start: 3700,
    ..THREADS
};

/// Microseconds for the thread and the loop of an `async def` view: 1000 took 2.1 s of CPU time, not 1.2.
pub(crate) const ASYNC_VIEW: u32 = 900;

/// `gthread`: three Poisson runs gave four workers 38, 28, 23 and 12 %; in 17 bursts the busiest had 26
/// to 58 %.
// 60 requests/s, on average, and the busiest within 1.7 % of that each time; 200 to 1000 requests.
pub(crate) const SKEWED: Shares = Shares {
    ranked: true,
    evenness: 28,
};

/// Loops and hubs: bursts of 200 fell 37/51/55/57 and 39/49/49/63 to four, 105/95 to 119/81 to two.
// To uvicorn, `asgi` and uvicorn workers; the third for two was 108/92. Three of 1000 gave 32 % to the
// busiest of 4 gevent ones.
pub(crate) const RANDOM: Shares = Shares {
    ranked: false,
    evenness: 24,
};

/// Nanoseconds between connections of a crowd, at most.
pub(crate) const CROWD: u64 = 1_000_000;

/// What the system itself takes of a core while all are busy, in 256ths: requests of 10 ms of CPU took one
/// uvicorn 10.35 ms, two at once 11.1 to 11.5.
// Kernel threads, interrupts, the hypervisor.
pub(crate) const BACKGROUND: u64 = 16;

/// How far a server's costs differ from run to run: 1000 empty requests took `sync` 450 to 588 ms.
// A factor drawn once a run, uniform within so much of 1. uvicorn took 310 to 368 ms.
pub(crate) const VARIATION: f64 = 0.12;

/// Milliseconds until a killed worker's place is taken by one that answers, as measured: a fork, and
/// importing Flask and a small application.
// 24 to 44 with `preload_app`.
pub(crate) const GUNICORN_RESPAWN: u32 = 160;

/// The same for `gevent`.
// 196; 147 with `preload_app`.
pub(crate) const GEVENT_RESPAWN: u32 = 200;

/// The same for `asgi`, with FastAPI.
// 411; 104 with `preload_app`.
pub(crate) const ASGI_RESPAWN: u32 = 410;

/// The same for `uvicorn --workers`, which looks every 500 ms, then starts a new interpreter.
// 699 to 1191, 705 in the middle; it imports everything afresh.
pub(crate) const UVICORN_RESPAWN: u32 = 700;
}
