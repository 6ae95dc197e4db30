//! The systems. Each file lays one out for the engine; this table lists them.

mod event_loop;
mod executor;
mod gunicorn;

use super::plan::Plan;
use crate::scenario::System;

/// Lays `system` out for the engine.
pub(crate) fn plan(system: &System) -> Plan {
    match system {
        System::Gunicorn(gunicorn) => gunicorn::plan(gunicorn),
        System::EventLoop(event_loop) => event_loop::plan(event_loop),
        System::Executor(executor) => executor::plan(executor),
    }
}
