//! What real servers cost: every calibrated constant, in one table that the engine and, through
//! [`constants`], the article's notes read. Doc comments are the page's words; plain comments say what
//! only who changes a constant wants to know.
//!
//! Measured on a virtual machine with 2 AMD EPYC cores, Linux 6.18, Python 3.11.7, gunicorn
//! 27.0.1 with Flask 3.1.3, gevent 26.9.0, uvicorn 0.54.0 (uvloop, httptools) with FastAPI
//! 0.165.0, over loopback, one connection a request. Each constant is a property of a server or
//! of the machine, in microseconds, and the same for every workload.

/// A constant as the notes tell it.
#[cfg(feature = "notes")]
pub struct Constant {
    pub name: &'static str,
    /// What it is and where it comes from.
    pub words: &'static str,
    pub parts: Vec<Part>,
}

/// One number of a constant.
#[cfg(feature = "notes")]
pub struct Part {
    /// Its field; empty for a constant that is a number.
    pub name: &'static str,
    pub words: &'static str,
    pub value: f64,
}

/// What a constant is made of.
#[cfg(feature = "notes")]
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

        #[cfg(feature = "notes")]
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
        #[cfg(feature = "notes")]
        pub fn constants() -> Vec<Constant> {
            vec![$(Constant {
                name: stringify!($name),
                words: concat!($($words),+),
                parts: $name.parts(),
            }),+]
        }
    };
}

#[cfg(feature = "notes")]
fn number(value: f64) -> Vec<Part> {
    let (name, words) = ("", "");
    vec![Part { name, words, value }]
}

#[cfg(feature = "notes")]
impl Parts for u32 {
    fn parts(&self) -> Vec<Part> {
        number((*self).into())
    }
}

#[cfg(feature = "notes")]
impl Parts for u64 {
    fn parts(&self) -> Vec<Part> {
        number(*self as f64)
    }
}

#[cfg(feature = "notes")]
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
    /// Going on with a connection that a loop's request has waited for.
    // A callback of its own: who waits together and goes on together drifts apart by it. Fitted to 300 requests
    // of 4 calls at a pool of 10.
    pub(crate) step: u32,
    /// Handing an answer from a thread to the loop.
    // A callback of its own.
    pub(crate) reply: u32,
    /// More where a handler follows other code, or a sleep; and for a loop that slept, at most.
    // Where its code does not follow straight on another request's server code; with a loop before threads, for a GIL that was idle.
    pub(crate) cold: u32,
    /// More around a loop's computing, at most: the caches hold other things.
    // Or that of threads behind a loop.
    pub(crate) busy: u32,
    /// The same after a callback of another kind.
    pub(crate) change: u32,
    /// Elapsed, from the end of a wait until code may run,
    pub(crate) wake: u32,
    /// more on average, exponentially distributed,
    // Drawn for each call.
    pub(crate) late: u32,
    /// and at most so much more after a long wait, as cores sleep deeper.
    pub(crate) doze: u32,
    /// A loop's clock ticks so often: calls that begin between two ticks end together.
    pub(crate) tick: u32,
    /// Passing the GIL.
    // To a thread that has to wake up for it, with another request; from a loop to the thread that handles what it has read it
    // is in their own costs.
    pub(crate) switch: u32,
    /// Starting a thread or process.
    // At the first call that needs it.
    pub(crate) start: u32,
    /// 1 = a thread goes on with the next request in the same turn.
    pub(crate) contiguous: bool,
    /// What is back from an I/O call waits for a look at it: a hub has one after a group of what is ready,
    pub(crate) looks: bool,
    /// a loop after all that was ready at the look before.
    pub(crate) passes: bool,
    /// Objects of a request; 0 = few.
    // A seventh as it is accepted and one as it is read.
    // Counted by looks at the young generation, of 700 each: 21, 18 and 98 on uvicorn, 30, 40 and 106 on asgi.
    pub(crate) objects: u32,
}
}

/// The whiteboard: nothing costs anything.
pub(crate) const TEXTBOOK: Costs = Costs {
    accept: 0,
    herd: 0,
    parse: 0,
    before: 0,
    after: 0,
    step: 0,
    reply: 0,
    cold: 0,
    busy: 0,
    change: 0,
    wake: 0,
    late: 0,
    doze: 0,
    tick: 0,
    switch: 0,
    start: 0,
    contiguous: false,
    looks: false,
    passes: false,
    objects: 0,
};

parts! {
/// How connections fall to the workers of one socket.
pub(crate) struct Shares {
    /// 1 = one that comes alone, or right after an answer, falls to workers by the order in which it wakes them, and by who has just run.
    // Where not ranked, equally.
    pub(crate) ranked: bool,
    /// Connections of a throng that one worker takes in a row, on average.
    // Where nothing else ends that, as `TURN` and `STUCK` do. The number is geometric, then any one takes over.
    pub(crate) stretch: u32,
}
}

constants! {
/// Waits of 1 ms end 0.08 ms late, of 100 ms 0.2 to 0.7; 39 ms for 400 hand-overs of the GIL.
// What threads have in common: how long a timer of the kernel and a sleeping virtual CPU take (content/measured/waits.json;
// 100.66 ms a call of 100 ms in another hour), and a hand-over of the GIL (200 calls of 10 ms on 20 threads took 39 ms more
// than 2 s, `LINE_UP` included; 2000 of 1 ms on 20 threads 60 µs each).
pub(crate) const THREADS: Costs = Costs {
    wake: 70,
    late: 50,
    doze: 380,
    switch: 22,
    contiguous: true,
    ..TEXTBOOK
};

/// 0.4 ms of CPU time a request, 0.9 around 10 ms of work, 1.1 around a sleep.
// 102.3 to 103 ms a request of 100 ms.
// 47.5 ms one of 5 ms of CPU and 4 calls of 10.
pub(crate) const SYNC: Costs = Costs {
    before: 250,
    after: 250,
    cold: 660,
    late: 300,
    doze: 700,
    ..THREADS
};

/// 0.5 ms of CPU time a request, 0.8 to 1.1 around a sleep.
// Fitted to 4 × 2 with 3 connections, and 1 × 8 computing.
// The main thread accepts and a pool thread serves. 1000 requests of 100 ms took 12 968 ms, 400 of 50 ms
// 2668 ms, 200 of 10 ms of CPU 2301 ms.
pub(crate) const GTHREAD: Costs = Costs {
    before: 240,
    after: 240,
    cold: 850,
    wake: 100,
    late: 150,
    doze: 620,
    contiguous: false,
    ..THREADS
};

/// 0.4 ms of CPU time a request in a burst, 0.5 with 4 workers, 0.8 to 1.5 around 10 ms of work.
// 0.5 around 3 ms of work. Waits of requests that come alone were 1.2 to 1.3 ms too long, and 3 at the 95th percentile: libev
// waits for whole milliseconds.
pub(crate) const GEVENT: Costs = Costs {
    accept: 95,
    herd: 35,
    before: 172,
    after: 172,
    cold: 700,
    wake: 400,
    late: 700,
    tick: 1000,
    looks: true,
    ..TEXTBOOK
};

/// 0.2 ms of CPU time a request in a burst; 0.5 for requests that come alone and compute.
// 600 at once took 217 ms in all; 1000 took 310 and, on other days, 405 to 427. Of a burst's 0.3 on such a
// day, 45 µs went into accepting, 20 into reading, 75 to 100 in front of the handler and 100 to 145 behind it; in
// a closed loop, where each pass has one of each, they were half as much again. 1000 that had all been sent when
// a stopped server went on took 0.47 to 0.51: it accepts one a pass, and so begins one a pass.
pub(crate) const UVICORN: Costs = Costs {
    accept: 35,
    herd: 5,
    parse: 20,
    before: 78,
    after: 140,
    step: 30,
    cold: 500,
    busy: 195,
    change: 20,
    wake: 100,
    late: 100,
    tick: 1000,
    looks: true,
    passes: true,
    objects: 138,
    ..TEXTBOOK
};

/// 0.3 to 0.4 ms of CPU time a request in a burst.
// By a parser of Gunicorn's; what a loop's steps cost is uvicorn's. Until a backlog of 100 was full it accepted one every 68 to
// 117 µs, what each pass costs included.
pub(crate) const ASGI: Costs = Costs {
    accept: 74,
    herd: 10,
    parse: 50,
    before: 80,
    after: 105,
    objects: 176,
    busy: 80,
    ..UVICORN
};

/// `def` handlers: 0.3 to 0.6 ms of CPU time a request in a burst.
// From the loop to a thread of the limiter, and back. 0.9 around 10 ms of work; a wave of 40 requests of 100 ms took 111 to 116, one
// of 10 of 50 ms 53. The loop is a thread beside those of the limiter; its callbacks follow each other in the
// same turn. Fitted to all records of `def` handlers; 0.27 to 0.31 ms where they compute all the time, 0.4 to 0.5 in waves of
// a wait.
pub(crate) const LIMITER: Costs = Costs {
    accept: 35,
    parse: 140,
    before: 35,
    after: 25,
    reply: 90,
    cold: 300,
    busy: 150,
    wake: 70,
    late: 200,
    contiguous: false,
    objects: 138,
    doze: 900,
    ..THREADS
};

/// 13 µs to submit a call, 10 to take it, 150 for a thread.
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

/// Microseconds for the thread and the loop of an `async def` view: 0.9 to 1 ms of CPU time.
// And the thread has to wake up.
pub(crate) const ASYNC_VIEW: u32 = 1300;

/// `gthread`: eight Poisson runs gave four workers 36, 28, 24 and 12 %.
// 60 requests/s; 38, 28, 23 and 12 % in three, 35, 28, 24 and 12 % in five.
pub(crate) const SKEWED: Shares = Shares {
    ranked: true,
    stretch: 40,
};

/// Loops and hubs: the busier of two had 303 to 407 of 600 in 25 bursts.
// And 11 to 20 of 20. Of 80 at once one of two asgi workers had 76 to 80 in 19 of 25 bursts, 41 to 72 in the others.
pub(crate) const RANDOM: Shares = Shares {
    ranked: false,
    stretch: 100,
};

/// A connection wakes every `gthread` worker, the last to listen first, and falls to one by weight: the second to wake
/// has 1, each later one 1 more, and these all this on top.
// content/measured/shares.json: of 60 connections a second, in the order of waking, eight workers got 12, 5, 8, 9, 12, 16, 17
// and 20 %, five 29, 11, 14, 20 and 27 %, three 38, 29 and 33 %: the later preempt the earlier. On another hour of that day
// the second got 7 % of five, and the first 40 % of three.
pub(crate) const ALIKE: f64 = 0.5;

/// or this, and the first to wake too, right after an answer.
// On two CPUs none is idle then.
// content/measured/shares-closed.json: of connections that follow an answer, in the order of waking, six workers got 10, 14, 15,
// 17, 21 and 23 %, four 21, 24, 26 and 29 % where requests wait 5 ms, 24, 24, 25 and 27 % where they wait 100;
// but three 34, 34 and 31 %.
pub(crate) const EVEN: f64 = 7.0;

/// A worker that is tired, as it had the last connection or has answered last since, has this part of its weight.
// Right after an answer only who gave it.
// It has had CPU time lately. Each of the upper two of five got 12 to 16 % of the next, and 29 to 35 % of those that followed
// another's; once anyone had answered, 6 to 7 and 23 to 24 %. That alone asks for less; fitted to the shares of all.
pub(crate) const TIRED: f64 = 0.44;

/// One that is not tired, but had a connection lately, is warm: it weighs so many times more at first,
// content/measured/turns.json: who had the one before the last got the next 1.8, 1.7 and 1.45 times as often as else, of eight,
// ten and four workers at 90, 120 and 60/s; beside its place, by likelihood, it weighed 2.1, 2.1 and 1.6 times as much, the one
// before 1.5, 1.8 and 1.0 times.
pub(crate) const WARM: f64 = 2.4;

/// and e times less of that after so many nanoseconds.
// Weights were 2.1 after 16 to 22 ms, 1.8 after 25, 1.5 to 1.6 after 33, 1.2 after 44 and 1.0 to 1.1 after 50 to 67.
pub(crate) const COOLS: f64 = 21_000_000.0;

/// Who is woken first has the idle CPU and weighs so much, or as many as the others are,
// Four of five connections made it change its CPU, two of five the others.
pub(crate) const ALONE: f64 = 3.0;

/// times this,
pub(crate) const FRESH: f64 = 0.86;

/// and, if anyone has answered since the last connection, 1 more for so many nanoseconds since that; not with async views,
// With those the first of two to wake got 32 to 35 % of 20 to 40 connections a second, and of four 30 % of 50.
// Without, the first of four to six weighed 2.5 to 3.1 if nobody had, however long that was; else 3.1 within 6 ms, 4.9 after 10 to
// 20, 8 after 20 to 40 and 12 after 40 to 80. That alone asks for less; fitted to the shares of all.
pub(crate) const RESTED: f64 = 30_000_000.0;

/// up to this.
// It had 33 to 38 % of 60 connections a second with four workers on several days, or hours, and p95 of 4 x 2 with 100 ms each
// was 1049 to 2247 ms: here it has 36.
pub(crate) const MOST: f64 = 2.25;

/// Other connections that come so many nanoseconds apart, or less, fall to all alike,
// Within 0.3 ms of the last one half to nine tenths fell to the same worker, which this leaves out.
pub(crate) const CROWD: u64 = 300_000;

/// and are a throng below this.
// They come faster than they are accepted.
pub(crate) const THRONG: u64 = 200_000;

/// Nanoseconds that are right after an answer; who gave it is tired, on loops and hubs too.
// The next connection fell to who had answered just before in 19 % with four workers, and in 33 % with two that
// computed 1 ms a request; in 12 % where requests took 5 ms; in a closed loop in 15, 8 and 5 % with three, four and six.
pub(crate) const LATELY: u64 = 1_000_000;

/// Who computes for so many nanoseconds has half its weight.
// Others are there first. A third where requests compute for 1 ms on each side of a wait, on gthread.
// content/measured/cases/stall-uvicorn-2.json: of two loops the idle one takes what comes while the other computes for 280 ms.
pub(crate) const COMPUTES: f64 = 500_000.0;

/// So many that come close upon another fall to any worker, before one of them takes several in a row.
// Of 16 at once 15 fell to one of two gthread workers and 12 or 13 to one of four, of 24 20 to one of six, on average; on
// another day 11 of 16 to one of four, and 18 of 24.
pub(crate) const QUEUE: u32 = 3;

/// On loops and hubs for so many nanoseconds at most,
// Then another has its turn: at a look of the kernel's (`LOOK`) or a slice (`SLICE`) later. Runs of 600 connections at once
// had 97 to 137 on two asgi workers, opened 36 µs apart, where they were not cut short.
pub(crate) const TURN: u64 = 5_000_000;

/// and unless it has yet to accept so many.
// Others are there first then. Of 80 at once one of two hubs had 44 to 80, 63 in the middle of 17 bursts. None of 600
// found the backlog of two or four asgi workers full, in eight bursts.
pub(crate) const STUCK: u32 = 32;

/// A table of open files has room for so many, then doubles; others take connections then.
// Who has to make it grow for its threads waits for every CPU.
// By `synchronize_rcu` in `expand_fdtable`, in a burst: 52, 116 and 244 are frequent shares of a gthread worker with 2 threads.
pub(crate) const FILES: u32 = 64;

/// Milliseconds that takes: 4 to 20.
// Or a part of it. 4 to 15 on one day, 10 to 20 on another.
// With both CPUs busy 16 of a loop took 9.7 to 19.8, 14.8 on average, and five of gthread 11 to 19; shares of
// other days' bursts need shorter ones. Fitted to the shares of all.
pub(crate) const GROW: f64 = 8.0;

/// Files that a `gthread` worker has open, and one for each thread that waits for a request's bytes.
// With a selector of its own: 240 requests fell to two workers of 4 threads as 122 and 118 or 126 and 114.
pub(crate) const GTHREAD_FILES: u32 = 10;

/// The same for each of several uvicorn workers.
// One of its threads answers its parent's pings. 236 and 364 of 600 are frequent shares of two.
pub(crate) const UVICORN_FILES: u32 = 20;

/// Nanoseconds in which the load generator opens a connection of a burst.
// 5 to 2, and no more than three eighths and a fifth of its time: who reads many answers at once needs less.
// Of 1000 it opened all in 85 to 95 ms, set them up in 43 to 52 and sent on them in 20.
pub(crate) const CONNECT: f64 = 105_000.0;

/// times 1.1, or up to so much less where one process accepts.
// If that is awake nobody has to be woken.
// The rest of its time goes into reading answers, so that a request costs it the same. 1000 in 42 to 93 ms, 600 in 28 to 75. In
// 18 of 42 and seven of 20 runs that was 100 more than one asgi worker had accepted meanwhile; with two and four in four of 29.
pub(crate) const AWAKE: f64 = 0.55;

/// Nanoseconds between connections that the kernel tries again in one go.
// A second in all at most. As far apart as they were opened: 1000 in 37 to 57 ms while no server ran. content/measured/backlog-asgi.json.
pub(crate) const APART: u64 = 45_000;

/// Nanoseconds between connections accepted from the kernel's queue.
pub(crate) const ACCEPT: u64 = 50_000;

/// Objects that FastAPI brings.
pub(crate) const IMPORTED: u32 = 52_000;

/// Nanoseconds that a full collection takes for each object: 69 to 94 ms with 217 000.
// 15 to 29 as a process starts, 36 to 73 with 132 000.
pub(crate) const COLLECT: u64 = 380;

/// 256ths that the system takes of a core while all are busy.
// Requests of 10 ms of CPU took one uvicorn 10.35 ms, two at once 11.1 to 11.5. Kernel threads, interrupts, the hypervisor.
pub(crate) const BACKGROUND: u64 = 16;

/// Times the CPU time without a GIL: 1.05 to 1.1 with 3.14 (PEP 779).
// Not measured here. What servers cost themselves is left as it is.
pub(crate) const FREE_THREADED: f64 = 1.075;

/// Nanoseconds between the kernel's looks at who runs: who has had more CPU time than one that waits goes.
// `CONFIG_HZ`, `PREEMPT_NONE`; three busy processes on two CPUs ran for 3.9 ms at a time.
pub(crate) const LOOK: u64 = 4_000_000;

/// Nanoseconds that whoever runs may run at least: `base_slice_ns` of Linux 6.18 on two CPUs.
pub(crate) const SLICE: u64 = 1_400_000;

/// Who asks for the GIL of one that has had to let go before gets it in so many of 100 turns, though others wait longer.
// It is awake, on the other CPU, and takes the signal that was meant to wake up another: in 91 to 95 % of 2 000 turns of
// one that computed beside 3 to 12 that waited for I/O in between, 85 to 93 of three and four that all compute (Python 3.11,
// 2 CPUs). Beside two that compute, which ask in turns, others wait as long as in content/measured/convoy.json.
// Before that it has just come from I/O, and shares its CPU with who asks in two of five turns, which end a `SLICE` later: here
// nobody who asks gets it then, as `turns-executor-5` and `-10` want it. A thread that goes on with its next call counts as new.
// Who had to let go lines up a `SLICE` later if the next one is woken up on its CPU: on one CPU turns are 6.45 ms.
pub(crate) const ASKER: u32 = 95;

/// Nanoseconds until who let go lines up again.
// Two that compute have the GIL for 5.09 ms each, timers and hand-over included.
pub(crate) const LINE_UP: u64 = 50_000;

/// Nanoseconds of computing, or of a loop's sleep, that take half of what a server needs from the caches.
pub(crate) const RINSING: u64 = 2_000_000;

/// Nanoseconds of sleep that do the same, where a handler computes nothing.
pub(crate) const COOLING: u64 = 10_000_000;

/// Nanoseconds of a wait that put cores half as deep asleep as they get.
pub(crate) const DOZING: u64 = 15_000_000;

/// How far a server's costs differ from run to run and day to day.
// An empty request took uvicorn 0.22 to 0.37 ms, and gthread 4 × 2 0.40 to 0.56; one that came alone took a loop 1.8 to 3.5 ms beside its work.
// A factor of the run's, uniform within so much of 1 over the seeds, and 1 under seed 1.
pub(crate) const VARIATION: f64 = 0.4;

/// Milliseconds until one that answers takes a killed worker's place: a fork, and importing an app.
// 10 with `preload_app`.
pub(crate) const SYNC_RESPAWN: u32 = 85;

/// The same for `gthread`.
// 27 with `preload_app`.
pub(crate) const GTHREAD_RESPAWN: u32 = 107;

/// The same for `gevent`.
// 84 with `preload_app`.
pub(crate) const GEVENT_RESPAWN: u32 = 144;

/// The same for `asgi`, with FastAPI.
// 54 with `preload_app`.
pub(crate) const ASGI_RESPAWN: u32 = 248;

/// The same for `uvicorn --workers`, which looks every 500 ms.
// Then it starts a new interpreter.
// 661 to 722; it imports everything afresh.
pub(crate) const UVICORN_RESPAWN: u32 = 673;
}

/// How long a table of files takes to grow, in milliseconds: in one run a seventh of [`GROW`], in another 1.85
/// times as long, mostly short, and a third more or less each time. `run` and `time` are uniform in (0, 1].
pub(crate) fn grow_ms(run: f64, time: f64) -> f64 {
    GROW * (0.15 + 1.7 * run * run * run) * (2.0 + 2.0 * time) / 3.0
}
