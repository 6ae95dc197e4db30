//! An asyncio server: every request at once on a loop, or in the thread limiter.

use crate::plan::{Death, Plan, UNSUPERVISED};
use crate::trace::Outcome;
use crate::{calibration, memory};
use scenario::{Accept, EventLoop, Handlers};

/// uvicorn's default `--backlog`.
const BACKLOG: u32 = 2048;

/// Lays it out; `calibrated` with what it costs, and connections that fall to loops at random.
pub(crate) fn plan(event_loop: &EventLoop, calibrated: bool) -> Plan {
    let loops = event_loop.loops;
    let (threads, costs) = match event_loop.handlers {
        Handlers::Async => (None, &calibration::UVICORN),
        Handlers::Sync => (Some(event_loop.thread_limit), &calibration::LIMITER),
    };
    let (footprint, death) = match loops {
        1 => (
            memory::UVICORN,
            Death::Final(Outcome::Refused, UNSUPERVISED),
        ),
        _ => {
            let respawn = u64::from(calibration::UVICORN_RESPAWN) * 1_000_000;
            (memory::UVICORN_WORKERS, Death::Respawn(respawn))
        }
    };
    let mut plan = Plan::new(loops, threads, footprint);
    plan.death = death;
    if calibrated {
        plan.backlog = BACKLOG;
        plan.costs = costs;
        plan.extra.0 = costs.herd * (loops - 1);
        plan.fronted = threads.is_some();
        if loops > 1 || plan.fronted {
            plan.accept = Accept::Random;
        }
        if loops > 1 {
            plan.shares = Some(calibration::RANDOM);
            plan.files = Some(calibration::UVICORN_FILES);
        }
    }
    plan
}
