//! An asyncio server: every request at once on a loop, or in the thread limiter.

use crate::scenario::{Accept, EventLoop, Handlers};
use crate::simulation::memory;
use crate::simulation::plan::Plan;

pub(crate) fn plan(event_loop: &EventLoop) -> Plan {
    Plan {
        processes: event_loop.loops,
        threads: match event_loop.handlers {
            Handlers::Async => None,
            Handlers::Sync => Some(event_loop.thread_limit),
        },
        room: u32::MAX,
        accept: Accept::Shared,
        footprint: match event_loop.loops {
            1 => memory::UVICORN,
            _ => memory::UVICORN_WORKERS,
        },
        notes: Vec::new(),
    }
}
