//! What is in the way where no setting will do.

use super::demand::{is_tight, report};
use super::trial::RUNS;
use super::{Demand, Family, Trial, Verdict};
use crate::scenario::{Arrivals, EventLoop, Fidelity, System};

/// Why no setting will do.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// Computing needs more cores than there are: the server's part included, so many.
    Cpu { computing: f64 },
    /// With a connection for every call this setting would do.
    Pool { freed: Box<Trial> },
    /// Even with nothing in the way the requests take longer than the target.
    Work { p95_ms: f64 },
    /// Lines in front of slots and cores; with nothing in the way p95 would be this.
    Queue { p95_ms: f64 },
}

/// What is in the way of every setting that was tried; with nothing in the way p95 would be `p95_ms`.
pub(super) fn obstacle(trials: &[Trial], demand: &Demand, p95_ms: f64) -> Obstacle {
    // Neither cores nor connections help then.
    if p95_ms > demand.target_p95_ms {
        return Obstacle::Work { p95_ms };
    }
    let usable = trials
        .iter()
        .filter(|trial| trial.candidate.family.runs(demand.code));
    let computing = usable.filter_map(|trial| trial.computing);
    let computing = computing.min_by(f64::total_cmp).unwrap_or(0.0);
    let computing = computing.max(demand.computing());
    if is_tight(computing / f64::from(demand.machine.cores)) {
        return Obstacle::Cpu { computing };
    }
    if demand.workload.pool_size.is_some() {
        let mut free = demand.clone();
        free.workload.pool_size = None;
        let freed = trials
            .iter()
            .rev()
            .filter(|trial| trial.candidate.family.runs(demand.code))
            .filter(|trial| trial.candidate.family != Family::Sync)
            .map(|trial| Trial::new(trial.candidate, &free))
            .find(|trial| trial.verdict == Verdict::Good);
        if let Some(freed) = freed {
            return Obstacle::Pool {
                freed: Box::new(freed),
            };
        }
    }
    Obstacle::Queue { p95_ms }
}

/// The p95 of the same requests with nothing in their way, in the slowest of as many runs as a setting has.
pub(super) fn alone(demand: &Demand) -> f64 {
    let mut free = demand.scenario(System::EventLoop(EventLoop {
        loops: 256,
        ..EventLoop::default()
    }));
    free.fidelity = Fidelity::Textbook;
    // So far apart that few are there at a time: more than 256 cores can do would wait.
    free.workload.arrivals = Arrivals::Paced { rate_per_s: 1.0 };
    free.workload.pool_size = None;
    free.machine.cores = 256;
    let runs = (0..RUNS).filter_map(|run| {
        free.seed = demand.seed + run;
        report(&free)
    });
    runs.map(|run| run.latency_ms.p95).fold(0.0, f64::max)
}
