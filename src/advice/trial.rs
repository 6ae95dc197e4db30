//! One setting under the workload: what it has to carry, what the simulator says, the verdict.

use std::cmp::Ordering;

use super::demand::{is_tight, report};
use super::{Candidate, Demand};
use crate::simulation::Report;

/// Runs that a setting has to be in time in, each with draws of its own.
pub(super) const RUNS: u64 = 3;

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
    /// In time, but with a part busier than planned.
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
    /// Cores that a run kept busy, what the server costs included.
    pub(super) computing: Option<f64>,
    /// The slowest of its runs; `None` if there was none.
    pub report: Option<Report>,
    /// That run's seed.
    pub seed: u64,
    pub verdict: Verdict,
}

impl Trial {
    /// Tries the setting until a run is not in time.
    pub(super) fn new(candidate: Candidate, demand: &Demand) -> Self {
        let mut runs = Runs::new(candidate);
        loop {
            if let Some(trial) = runs.again(demand) {
                return trial;
            }
        }
    }

    /// One run of the setting.
    pub(super) fn once(candidate: Candidate, demand: &Demand) -> Self {
        let mut load = busiest(candidate, demand, demand.computing());
        let mut run = (load.busy < 1.0)
            .then(|| report(&demand.scenario(candidate.system())))
            .flatten();
        // What each request kept busy in this run, at the rate of all.
        let computing = run.as_ref().map(|run| {
            let busy_s = run.cpu_utilisation * run.makespan_ms / 1e3;
            let each = busy_s / f64::from(demand.workload.requests);
            demand.rate() * each * f64::from(demand.machine.cores)
        });
        if let Some(computing) = computing {
            load = busiest(candidate, demand, computing);
            run = run.filter(|_| load.busy < 1.0);
        }
        let verdict = match &run {
            None if load.busy >= 1.0 => Verdict::Overloaded,
            None => Verdict::Unknown,
            Some(report) if lost(report, demand) > 0 => Verdict::Slow,
            Some(report) if report.latency_ms.p95 > demand.target_p95_ms => Verdict::Slow,
            Some(_) if is_tight(load.busy) => Verdict::Tight,
            Some(_) => Verdict::Good,
        };
        Self {
            candidate,
            load,
            computing,
            report: run,
            seed: demand.seed,
            verdict,
        }
    }

    /// Its p95 in milliseconds; infinite if it is overloaded.
    pub fn p95(&self) -> f64 {
        let report = self.report.as_ref();
        report.map_or(f64::INFINITY, |report| report.latency_ms.p95)
    }

    /// How many requests have no answer.
    pub fn lost(&self, demand: &Demand) -> u32 {
        let report = self.report.as_ref();
        report.map_or(0, |report| lost(report, demand))
    }

    /// Its memory in megabytes; infinite if it is overloaded.
    pub fn memory(&self) -> f64 {
        let report = self.report.as_ref();
        report.map_or(f64::INFINITY, |report| report.memory_mb)
    }

    /// Which of two settings is the better one. Of those that will do it is the first by the
    /// article's rules, then the one with no more processes and slots than needed, then the one with
    /// less memory; of others the fastest with headroom, or the one that carries most.
    pub(super) fn before(&self, other: &Self) -> Ordering {
        let key = |trial: &Self| match trial.verdict {
            Verdict::Good => [
                f64::from(trial.candidate.family as u8),
                trial.candidate.processes.into(),
                trial.candidate.slots().into(),
                trial.memory(),
            ],
            _ => {
                let tight = 10 + u8::from(is_tight(trial.load.busy));
                [tight.into(), trial.p95(), trial.load.busy, 0.0]
            }
        };
        let order = key(self).partial_cmp(&key(other));
        order.unwrap_or(Ordering::Equal)
    }
}

/// A setting's runs so far.
pub(super) struct Runs {
    candidate: Candidate,
    done: u64,
    /// One that was not in time, or the slowest.
    worst: Option<Trial>,
}

impl Runs {
    /// None so far.
    pub(super) fn new(candidate: Candidate) -> Self {
        Self {
            candidate,
            done: 0,
            worst: None,
        }
    }

    /// Runs the setting once more; gives the worst run when there is nothing more to learn.
    pub(super) fn again(&mut self, demand: &Demand) -> Option<Trial> {
        let demand = Demand {
            seed: demand.seed + self.done,
            ..demand.clone()
        };
        let run = Trial::once(self.candidate, &demand);
        self.done += 1;
        let is_over = run.verdict != Verdict::Good || self.done == RUNS;
        let slower = |worst: &Trial| worst.p95() >= run.p95() && run.verdict == Verdict::Good;
        let worst = match self.worst.take().filter(slower) {
            Some(worst) => worst,
            None => run,
        };
        if is_over {
            return Some(worst);
        }
        self.worst = Some(worst);
        None
    }
}

fn lost(report: &Report, demand: &Demand) -> u32 {
    demand.workload.requests - report.completed
}

/// The busiest part of a setting, by Little's law, with `computing` cores busy.
fn busiest(candidate: Candidate, demand: &Demand, computing: f64) -> Load {
    let processes = f64::from(candidate.processes);
    let cores = processes.min(demand.machine.cores.into());
    let mut loads = vec![
        (
            Part::Slots,
            demand.in_progress() / f64::from(candidate.slots()),
        ),
        (Part::Cpu, computing / cores),
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
