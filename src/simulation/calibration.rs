//! What real servers cost: every calibrated constant, in one table that the engine and, through
//! [`constants`], the article's notes read: the words above a constant are the page's.
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
    /// Accepting its connection, a callback of its own on a loop or hub.
    pub(crate) accept: u32,
    /// What each further process on the same socket adds to that: all wake up, one gets it.
    pub(crate) herd: u32,
    /// Reading and parsing it, a callback of its own on a loop.
    pub(crate) parse: u32,
    /// Server and framework right before the handler, in one stretch with it.
    pub(crate) before: u32,
    /// The same right after it.
    pub(crate) after: u32,
    /// Handing the answer from a thread back to the loop, a callback of its own.
    pub(crate) reply: u32,
    /// What a request costs more after other code than a server's: an application's, or a sleep.
    pub(crate) cold: u32,
    /// Elapsed time from the end of an I/O call until its thread or callback may run, at least,
    pub(crate) wake: u32,
    /// and so much more on average, exponentially distributed.
    pub(crate) late: u32,
    /// Passing the GIL to a thread that has to wake up for it.
    pub(crate) switch: u32,
    /// Starting a thread or process of a pool, at its first call.
    pub(crate) start: u32,
    /// 1 = a thread that ends a request goes on with the next one in the same turn.
    pub(crate) contiguous: bool,
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
};

parts! {
/// How connections fall to the workers of one socket, by who is awake.
pub(crate) struct Shares {
    /// A connection that comes alone finds every idle worker asleep, and the kernel wakes them in
    /// one order: of `w` workers the first, second, ... get connections in proportion to
    /// `w + 2/3`, `w - 1/3`, ... down to `5/3`. Where not ranked, equally.
    pub(crate) ranked: bool,
    /// Connections that come within [`CROWD`] of the one before find workers awake, and who gets
    /// how many differs from run to run: shares drawn once a run from a Dirichlet distribution of
    /// this shape, the more even the larger.
    pub(crate) shape: u32,
}
}

constants! {
/// What threads have in common. A timer of the kernel and a sleeping virtual CPU: an executor with
/// 20 threads took 100.66 ms a call of 100 ms. The GIL: 200 calls of 10 ms on 20 threads took
/// 39 ms more than 2 s, with 400 hand-overs.
pub(crate) const THREADS: Costs = Costs {
    wake: 250,
    late: 300,
    switch: 80,
    contiguous: true,
    ..TEXTBOOK
};

/// 0.3 to 0.5 ms of CPU time a request when it does nothing else; 102.0 ms a request of 100 ms, with
/// 4 as with 8 workers.
pub(crate) const SYNC: Costs = Costs {
    before: 250,
    after: 250,
    cold: 900,
    late: 600,
    ..THREADS
};

/// 1000 requests of 100 ms on 4 workers of 2 threads that hold 3 connections each took 12,968 ms, 200
/// of 10 ms of CPU on 8 threads 2301 ms, 1000 empty ones 478 ms, at 0.5 ms of CPU time each.
pub(crate) const GTHREAD: Costs = Costs {
    before: 200,
    after: 200,
    cold: 800,
    wake: 650,
    late: 600,
    ..THREADS
};

/// 0.4 ms of CPU time a request when 1000 come at once, 0.5 with 4 workers.
pub(crate) const GEVENT: Costs = Costs {
    accept: 100,
    herd: 40,
    before: 160,
    after: 160,
    cold: 900,
    wake: 250,
    late: 300,
    ..TEXTBOOK
};

/// And Gunicorn's `asgi`: 0.3 ms of CPU time a request when 1000 come at once, 0.4 with 4 workers.
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

/// `def` handlers of FastAPI, from the loop to a thread of the limiter and back: 1000 requests of 100 ms
/// took 0.7 s of CPU time, each wave of 40 105 to 110 ms.
pub(crate) const LIMITER: Costs = Costs {
    parse: 250,
    before: 200,
    after: 100,
    reply: 300,
    contiguous: false,
    ..THREADS
};

/// 13 microseconds to submit a call and 10 to take it, 0.15 ms to start a thread.
pub(crate) const THREAD_POOL: Costs = Costs {
    before: 15,
    after: 10,
    start: 150,
    ..THREADS
};

/// Pickling there and back through the parent's queue; 3.7 ms to fork.
pub(crate) const PROCESS_POOL: Costs = Costs {
    before: 350,
    after: 350,
    start: 3700,
    ..THREADS
};

/// Microseconds that an `async def` view adds under `sync` and `gthread`, for a thread and a loop of
/// its own: CPU time of 1000 requests rose from 1.2 to 2.1 s.
pub(crate) const ASYNC_VIEW: u32 = 900;

/// Shares of `gthread` workers. Three Poisson runs of 60/s gave four of them 38, 28, 23 and 12 % on
/// average, and the busiest within 1.7 % of that each time; in 17 bursts of 200 to 1000 requests it
/// had 26 to 58 %.
pub(crate) const SKEWED: Shares = Shares {
    ranked: true,
    shape: 7,
};

/// Shares of loops and hubs, more even. Bursts of 200 fell 37/51/55/57 to 4 uvicorn workers, 39/49/49/63
/// to 4 `asgi` ones, 105/95, 108/92 and 119/81 to 2 uvicorn workers; three of 1000 gave 32 % to the
/// busiest of 4 gevent ones.
pub(crate) const RANDOM: Shares = Shares {
    ranked: false,
    shape: 12,
};

/// Nanoseconds between connections up to which they come in a crowd.
pub(crate) const CROWD: u64 = 1_000_000;

/// What the rest of the system takes of a core while all are busy, in 256ths: kernel threads,
/// interrupts, the hypervisor. 200 requests of 10 ms of CPU took one uvicorn 10.35 ms each, two at
/// once 11.1 to 11.5 ms.
pub(crate) const BACKGROUND: u64 = 16;

/// How much the same server's costs differ from run to run: a factor uniform within so much of 1.
/// 1000 empty requests took `sync` 450 to 588 ms, uvicorn 310 to 368.
pub(crate) const VARIATION: f64 = 0.12;

/// Milliseconds until a killed worker of Gunicorn is replaced: 4 for the fork as measured, the rest
/// an estimate for importing Flask and a small application; with `preload_app` there is nothing to import.
pub(crate) const GUNICORN_RESPAWN: u32 = 300;

/// Milliseconds until `uvicorn --workers` has replaced a dead worker, an estimate: it looks every 500 ms
/// and starts a new interpreter that imports everything afresh.
pub(crate) const UVICORN_RESPAWN: u32 = 1000;
}
