//! One setting under the workload: what it has to carry, what the simulator says, the verdict.

use super::{Candidate, Demand};
use crate::simulation::Report;

/// How busy a setting's busiest part may be. A run that ends cannot show what a line does that
/// grows, so a p95 below the target is not enough.
pub(super) const MOST_BUSY: f64 = 0.85;

/// What a setting may run out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Slots,
    Cpu,
    Pool,
}

/// A part of a setting and how busy the workload keeps it; 1 = all of it, all the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    pub part: Part,
    pub busy: f64,
}

/// Whether a setting will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Its p95 is above the target.
    Slow,
    /// In time, but with a part busier than [`MOST_BUSY`].
    Tight,
    /// More arrives than it can answer. Not simulated: the longer the run, the worse its numbers.
    Overloaded,
    /// It would take too long to simulate.
    Unknown,
}

/// A setting and how it fares.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    pub candidate: Candidate,
    /// Its busiest part.
    pub load: Load,
    /// What the run came to; `None` if there was none.
    pub report: Option<Report>,
    pub verdict: Verdict,
}

impl Trial {
    pub(super) fn new(candidate: Candidate, demand: &Demand) -> Self {
        let load = busiest(candidate, demand);
        let report = (load.busy < 1.0)
            .then(|| demand.run(candidate.system()))
            .flatten();
        let verdict = match &report {
            None if load.busy >= 1.0 => Verdict::Overloaded,
            None => Verdict::Unknown,
            Some(report) if report.completed < demand.workload.requests => Verdict::Slow,
            Some(report) if report.latency_ms.p95 > demand.target_p95_ms => Verdict::Slow,
            Some(_) if load.busy >= MOST_BUSY => Verdict::Tight,
            Some(_) => Verdict::Good,
        };
        Self {
            candidate,
            load,
            report,
            verdict,
        }
    }

    /// Its p95 in milliseconds; infinite if it is overloaded.
    pub fn p95(&self) -> f64 {
        let report = self.report.as_ref();
        report.map_or(f64::INFINITY, |report| report.latency_ms.p95)
    }

    /// Its memory in megabytes; infinite if it is overloaded.
    pub fn memory(&self) -> f64 {
        let report = self.report.as_ref();
        report.map_or(f64::INFINITY, |report| report.memory_mb)
    }

    /// Which of two settings that will do is the cheaper one.
    pub(super) fn cheaper(&self, other: &Self) -> std::cmp::Ordering {
        let size = |trial: &Self| (trial.candidate.processes, trial.candidate.slots());
        self.memory()
            .total_cmp(&other.memory())
            .then(size(self).cmp(&size(other)))
    }
}

/// The busiest part of a setting, by Little's law.
fn busiest(candidate: Candidate, demand: &Demand) -> Load {
    let processes = f64::from(candidate.processes);
    let computing = processes.min(demand.machine.cores.into());
    let mut loads = vec![
        (
            Part::Slots,
            demand.in_progress() / f64::from(candidate.slots()),
        ),
        (Part::Cpu, demand.computing() / computing),
    ];
    if let Some(size) = demand.workload.pool_size {
        loads.push((Part::Pool, demand.waiting() / (f64::from(size) * processes)));
    }
    let (part, busy) = loads
        .into_iter()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("every setting has slots and cores");
    Load { part, busy }
}
