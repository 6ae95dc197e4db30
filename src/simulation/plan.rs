//! What a system amounts to for the engine: processes, slots, costs, and what it does in trouble.

use super::Nanos;
use super::calibration::{Costs, Shares, TEXTBOOK};
use super::memory::Footprint;
use super::trace::{Lane, Outcome};
use scenario::Accept;

/// A system, laid out for the engine.
pub(crate) struct Plan {
    /// Processes, each with its own GIL or loop and its own connection pool.
    pub(crate) processes: u32,
    /// Threads in each process, one request each; `None` where one thread interleaves them.
    pub(crate) threads: Option<u32>,
    /// Requests that one interleaving process takes at most; `u32::MAX` = no limit.
    pub(crate) room: u32,
    /// How requests find their process.
    pub(crate) accept: Accept,
    /// How unevenly early binding shares connections out; `None` = evenly.
    pub(crate) shares: Option<Shares>,
    /// Connections that a process has at most under early binding.
    pub(crate) connections: u32,
    /// Files that a process of several threads has open besides its connections; `None` where
    /// its table of files grows at no cost.
    pub(crate) files: Option<u32>,
    /// Whether each thread that waits for a request's bytes has one more open.
    pub(crate) selectors: bool,
    /// Connections that wait in the kernel at most.
    pub(crate) backlog: u32,
    pub(crate) costs: &'static Costs,
    /// What it costs more than that to accept a connection, and before the handler.
    pub(crate) extra: (u32, u32),
    /// Whether a loop in each process accepts and reads requests, and answers them, beside the threads that run them.
    pub(crate) fronted: bool,
    /// Whether its threads run an event loop for each request.
    pub(crate) async_views: bool,
    /// Whether threads are started one after the other, as calls need them: each takes its turn at the GIL to begin.
    pub(crate) lazy: bool,
    /// The worker timeout, where it has a meaning.
    pub(crate) watch: Option<Watch>,
    pub(crate) death: Death,
    /// What it keeps in memory.
    pub(crate) footprint: Footprint,
    /// What the reader should know, in sentences.
    pub(crate) notes: Vec<String>,
}

/// Nanoseconds in a second.
pub(crate) const SECOND: Nanos = 1_000_000_000;

/// A supervisor that kills a process for its silence: it looks once a second, on the second.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    pub(crate) timeout: Nanos,
    /// From its signal to end to the one that cannot be heeded, if it is still silent; 0 where the first one kills.
    pub(crate) grace: Nanos,
    /// Whether the first signal takes only the request that runs.
    pub(crate) spares: bool,
}

impl Watch {
    /// When it finds that a process last heard of at `beat` has been silent for too long.
    pub(crate) fn finds(&self, beat: Nanos) -> Nanos {
        ((beat + self.timeout) / SECOND + 1) * SECOND
    }
}

/// What follows when a process dies.
#[derive(Clone, Copy)]
pub(crate) enum Death {
    /// Another one takes its place after so many nanoseconds.
    Respawn(Nanos),
    /// Nothing works any more: what waits and what comes fails in this way, and why in a sentence.
    Final(Outcome, &'static str),
}

/// Why nothing works any more where the only process died.
pub(crate) const UNSUPERVISED: &str =
    "no supervisor replaces the process that died: everything after it is lost";

impl Plan {
    /// A system of one queue without costs, limits or supervision, to start from.
    pub(crate) fn new(processes: u32, threads: Option<u32>, footprint: Footprint) -> Self {
        Self {
            processes,
            threads,
            room: u32::MAX,
            accept: Accept::Shared,
            shares: None,
            connections: u32::MAX,
            files: None,
            selectors: false,
            backlog: u32::MAX,
            costs: &TEXTBOOK,
            extra: (0, 0),
            fronted: false,
            async_views: false,
            lazy: false,
            watch: None,
            death: Death::Final(Outcome::Crashed, UNSUPERVISED),
            footprint,
            notes: Vec::new(),
        }
    }

    /// Whether each thread has an interpreter of its own, in a build with or without a `gil`.
    pub(crate) fn free_threaded(&self, gil: bool) -> bool {
        self.threads.is_some() && !gil
    }

    /// Interpreters, each of which runs one request at a time.
    pub(crate) fn interpreters(&self, gil: bool) -> u32 {
        match self.threads {
            Some(threads) if self.free_threaded(gil) => {
                self.processes * (threads + u32::from(self.fronted))
            }
            _ => self.processes,
        }
    }

    /// The places that handle requests, process by process.
    pub(crate) fn lanes(&self) -> Vec<Lane> {
        let threads = self.threads.unwrap_or(1);
        let lane = |number: u32| Lane {
            process: number / threads,
            thread: self.threads.map(|threads| number % threads),
        };
        (0..self.processes * threads).map(lane).collect()
    }
}
