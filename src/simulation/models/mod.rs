//! The systems. Each file lays one out for the engine; this table lists them.

mod event_loop;
mod executor;
mod gunicorn;

use super::plan::Plan;
use scenario::{Fidelity, System};

/// Lays `system` out for the engine, with its costs where `fidelity` asks for them.
pub(crate) fn plan(system: &System, fidelity: Fidelity) -> Plan {
    let calibrated = fidelity == Fidelity::Calibrated;
    match system {
        System::Gunicorn(gunicorn) => gunicorn::plan(gunicorn, calibrated),
        System::EventLoop(event_loop) => event_loop::plan(event_loop, calibrated),
        System::Executor(executor) => executor::plan(executor, calibrated),
    }
}
