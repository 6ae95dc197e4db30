//! The simulator: a discrete-event engine, the systems it models, traces and reports.
//!
//! # Layout
//!
//! - `models/`: one file a system; each lays its system out as a `plan`.
//! - `engine`: takes every request through queue, interpreter, connection and I/O to its end,
//!   with `arrivals`, `client` and `workload` (what comes), `admission` (who handles it),
//!   `handler`, `tasks`, `cpu`, `turns`, `cores` and `ranking` (who runs), `pool` (who has a connection),
//!   `front` (a loop before threads), `failure` (what goes wrong) and `queue` (what happens next).
//! - `calibration`: what real servers cost.
//! - `trace`, `snapshot`, `stretch`, `fingerprint`, `report`, `quantiles`, `memory`: what a run leaves behind.
//! - `repeat`: many runs of one scenario.
//! - [`theory`]: what queueing theory says, to compare with.
//!
//! Time is counted in integer nanoseconds and draws depend on seed and request alone, so a
//! scenario gives the same run on every platform.

mod admission;
mod arrivals;
mod calibration;
mod check;
mod client;
mod cores;
mod cpu;
mod engine;
mod failure;
mod fingerprint;
mod front;
mod handler;
mod heap;
mod memory;
mod models;
mod plan;
mod pool;
mod quantiles;
mod queue;
mod random;
mod ranking;
mod repeat;
mod report;
mod snapshot;
mod stretch;
mod tasks;
pub mod theory;
mod trace;
mod turns;
mod workload;

#[cfg(feature = "notes")]
pub use calibration::{Constant, Part, constants};
pub use check::{check, check_all};
pub use quantiles::Quantiles;
pub use repeat::{BANDS, Band, Read, Repeat};
pub use report::{Failed, Report};
pub use snapshot::{InHand, Snapshot};
pub use stretch::Stretch;
pub use trace::{Death, Lane, NEVER, Nanos, Outcome, Request, Span, State};

use scenario::{Accept, Scenario};

/// One simulated run: [`Run::at`] shows a moment, [`Run::story`] a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Every request, in order of arrival.
    pub requests: Vec<Request>,
    /// Everything requests did, in order of each span's end.
    pub spans: Vec<Span>,
    /// Where requests were handled.
    pub lanes: Vec<Lane>,
    /// Processes that died, in order of time.
    pub deaths: Vec<Death>,
    /// Whether each process has a queue of its own, chosen at arrival.
    pub early_binding: bool,
    pub report: Report,
    /// The report's memory with `preload_app`; `None` where there is no such setting.
    pub preloaded_mb: Option<f64>,
    /// When the last request had its answer or failed.
    pub end: Nanos,
    /// The longest time that a request was in the system, or its client waited.
    longest_stay: Nanos,
}

/// Runs a scenario that is valid and passes [`check`].
pub fn run(scenario: &Scenario) -> Run {
    let (plan, trail) = trail(scenario, true);
    let early_binding = plan.accept != Accept::Shared;
    let end = trail.end();
    let stays = trail.requests.iter().map(|r| r.left.max(r.end) - r.arrival);
    let longest_stay = stays.max().unwrap_or(0);
    let (footprint, processes) = (plan.footprint, plan.processes);
    let report = Report::new(plan, scenario.machine.cores, end, &trail);
    Run {
        early_binding,
        end,
        longest_stay,
        preloaded_mb: footprint.preloaded(report.memory_mb, processes),
        report,
        requests: trail.requests,
        spans: trail.spans,
        lanes: trail.lanes,
        deaths: trail.deaths,
    }
}

/// The report of [`run`], in less time: nothing is recorded of what requests do meanwhile.
pub fn report(scenario: &Scenario) -> Report {
    let (plan, trail) = trail(scenario, false);
    Report::new(plan, scenario.machine.cores, trail.end(), &trail)
}

/// What a scenario amounts to, and what its run left behind; spans only where it is `traced`.
fn trail(scenario: &Scenario, traced: bool) -> (plan::Plan, engine::Trail) {
    let plan = models::plan(&scenario.system, scenario.fidelity);
    let trail = engine::Engine::new(scenario, &plan, traced).run();
    (plan, trail)
}
