//! What a system amounts to for the engine: processes, slots and interpreters.

use super::memory::Footprint;
use super::trace::Lane;
use crate::scenario::Accept;

/// A system, laid out for the engine.
pub(crate) struct Plan {
    /// Processes, each with its own GIL or loop and its own connection pool.
    pub(crate) processes: u32,
    /// Threads in each process, one request each; `None` where one thread interleaves them.
    pub(crate) threads: Option<u32>,
    /// Requests that one interleaving process takes at most; `u32::MAX` = no limit.
    pub(crate) room: u32,
    /// How requests find their process: [`Accept::Shared`] or [`Accept::Random`].
    pub(crate) accept: Accept,
    /// What it keeps in memory.
    pub(crate) footprint: Footprint,
    /// What the reader should know, in sentences.
    pub(crate) notes: Vec<String>,
}

impl Plan {
    /// The places that handle requests, process by process.
    pub(crate) fn lanes(&self) -> Vec<Lane> {
        let processes = 0..self.processes;
        match self.threads {
            Some(threads) => processes
                .flat_map(|process| {
                    (0..threads).map(move |thread| Lane {
                        process,
                        thread: Some(thread),
                    })
                })
                .collect(),
            None => processes
                .map(|process| Lane {
                    process,
                    thread: None,
                })
                .collect(),
        }
    }
}
