//! A script that fans work out through `concurrent.futures`: one queue, `max_workers` slots.

use crate::scenario::{Accept, Executor, PoolKind};
use crate::simulation::memory;
use crate::simulation::plan::Plan;

pub(crate) fn plan(executor: &Executor) -> Plan {
    let (processes, threads, footprint) = match executor.pool {
        PoolKind::Thread => (1, executor.max_workers, memory::THREAD_POOL),
        PoolKind::Process => (executor.max_workers, 1, memory::PROCESS_POOL),
    };
    Plan {
        processes,
        threads: Some(threads),
        room: 0,
        accept: Accept::Shared,
        footprint,
        notes: Vec::new(),
    }
}
