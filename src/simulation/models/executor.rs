//! A script that fans work out through `concurrent.futures`: one queue, `max_workers` slots.
//!
//! A `ProcessPoolExecutor` stages at most `max_workers + 1` calls ahead: a worker that ends a call
//! finds the next one in its pipe, which is what one queue without gaps is. A worker that dies
//! breaks the pool, and every pending call fails with it.

use crate::plan::{Death, Plan};
use crate::trace::Outcome;
use crate::{calibration, memory};
use scenario::{Executor, PoolKind};

/// Lays it out; `calibrated` with what it costs.
pub(crate) fn plan(executor: &Executor, calibrated: bool) -> Plan {
    let workers = executor.max_workers;
    let (processes, threads, footprint, costs) = match executor.pool {
        PoolKind::Thread => (1, workers, memory::THREAD_POOL, &calibration::THREAD_POOL),
        PoolKind::Process => (workers, 1, memory::PROCESS_POOL, &calibration::PROCESS_POOL),
    };
    let mut plan = Plan::new(processes, Some(threads), footprint);
    if executor.pool == PoolKind::Process {
        let why = "BrokenProcessPool: a process that dies takes along the others and every call";
        plan.death = Death::Final(Outcome::Crashed, why);
    }
    if calibrated {
        plan.costs = costs;
        plan.lazy = executor.pool == PoolKind::Thread;
    }
    plan
}
