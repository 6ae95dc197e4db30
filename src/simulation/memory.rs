//! Resident memory, estimated from measurements, in megabytes of 2^20 bytes.
//!
//! Measured on a virtual machine with 2 AMD EPYC cores and Linux 6.18, Python 3.11.7, as
//! proportional set size (pages shared after a fork count once), with a hello-world application:
//! gunicorn 27.0.1 + Flask 3.1.3, gevent 26.9.0, uvicorn 0.54.0 + FastAPI 0.165.0. A real
//! application is larger; the differences between models are what these numbers are good for.

/// Kibibytes in the report's megabyte.
const KB: f64 = 1.0 / 1024.0;

/// What a system keeps in memory, in megabytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Footprint {
    /// Whatever runs beside the processes that serve: a master, a parent.
    pub(crate) base: f64,
    /// One process that serves.
    pub(crate) process: f64,
    /// One thread of a pool.
    pub(crate) thread: f64,
    /// One request in hand.
    pub(crate) request: f64,
    /// `base` and `process` where `preload_app` imports the application before the fork.
    pub(crate) preloaded: Option<(f64, f64)>,
}

/// A thread after some work; its 8 MB stack is address space, not memory.
const THREAD: f64 = 23.0 * KB;

/// A thread of `gthread` with a request in its hands.
const GTHREAD: f64 = 31.0 * KB;

/// `sync` and `gthread`: 40.7, 90 to 92 and 160.1 MB with 1, 4 and 8 workers; with `preload_app` 55 to 58 with 4, each of
/// which has 6.4 to 7 to itself.
pub(crate) const GUNICORN: Footprint = Footprint {
    base: 23.6,
    process: 17.0,
    thread: GTHREAD,
    request: 0.0,
    preloaded: Some((29.9, 6.5)),
};

/// `gevent`: 51.5 and 115 to 117 MB idle with 1 and 4 workers; 14 kB more for each of 1000 requests,
/// 18 for each of 500. With `preload_app` 106 with 4 workers, each of which has 17.8 to itself.
pub(crate) const GEVENT: Footprint = Footprint {
    base: 29.6,
    process: 21.9,
    thread: 0.0,
    request: 16.0 * KB,
    preloaded: Some((35.4, 17.8)),
};

/// `asgi`: 144.9 MB idle with 4 workers; 28 kB more for each of 500 requests. The master's part is as
/// under `sync`. With `preload_app` 130 with 4 workers, each of which has 21.5 to itself.
pub(crate) const ASGI: Footprint = Footprint {
    base: 23.6,
    process: 30.5,
    thread: 0.0,
    request: 28.0 * KB,
    preloaded: Some((44.5, 21.5)),
};

/// uvicorn in one process: 45 MB idle; 24 kB more for each of 1000 requests in flight, 14 for each of
/// 500.
pub(crate) const UVICORN: Footprint = Footprint {
    base: 0.0,
    process: 45.0,
    thread: THREAD,
    request: 20.0 * KB,
    preloaded: None,
};

/// `uvicorn --workers`: 99.9 MB with 2 workers, 161.5 and 166.7 with 4, a parent and a tracker
/// included.
pub(crate) const UVICORN_WORKERS: Footprint = Footprint {
    base: 37.0,
    process: 31.7,
    ..UVICORN
};

/// A script with a `ThreadPoolExecutor`: 12.7 MB before it starts a thread.
pub(crate) const THREAD_POOL: Footprint = Footprint {
    base: 0.0,
    process: 12.7,
    thread: THREAD,
    request: 0.0,
    preloaded: None,
};

/// A script with a `ProcessPoolExecutor` (fork): 22.2, 29.1 and 37.6 MB with 1, 4 and 8 workers.
pub(crate) const PROCESS_POOL: Footprint = Footprint {
    base: 20.0,
    process: 2.2,
    thread: 0.0,
    request: 0.0,
    preloaded: None,
};

impl Footprint {
    /// Megabytes with so many processes, threads and requests in hand at once.
    pub(crate) fn megabytes(&self, processes: u32, threads: u32, requests: u32) -> f64 {
        self.base
            + self.process * f64::from(processes)
            + self.thread * f64::from(threads)
            + self.request * f64::from(requests)
    }

    /// What that comes to with `preload_app`, where there is such a thing.
    pub(crate) fn preloaded(&self, megabytes: f64, processes: u32) -> Option<f64> {
        let (base, process) = self.preloaded?;
        Some(megabytes + base - self.base + (process - self.process) * f64::from(processes))
    }
}
