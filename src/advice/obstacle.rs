//! What is in the way where no setting will do.

use super::trial::MOST_BUSY;
use super::{Demand, Family, Trial, Verdict};
use crate::scenario::{EventLoop, System};
use crate::simulation::Report;

/// Why no setting will do.
#[derive(Clone, Debug, PartialEq)]
pub enum Obstacle {
    /// Computing needs more cores than there are.
    Cpu,
    /// With a connection for every call this setting would do.
    Pool { freed: Box<Trial> },
    /// Even with nothing in the way the requests take longer than the target.
    Work { p95_ms: f64 },
    /// Lines in front of slots and cores; with nothing in the way p95 would be this.
    Queue { p95_ms: f64 },
}

/// What is in the way of every setting that was tried.
pub(super) fn obstacle(trials: &[Trial], demand: &Demand) -> Obstacle {
    if demand.computing() >= MOST_BUSY * f64::from(demand.machine.cores) {
        return Obstacle::Cpu;
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
    let p95_ms = alone(demand).map_or(0.0, |report| report.latency_ms.p95);
    if p95_ms > demand.target_p95_ms {
        Obstacle::Work { p95_ms }
    } else {
        Obstacle::Queue { p95_ms }
    }
}

/// The same requests with nothing in their way.
fn alone(demand: &Demand) -> Option<Report> {
    let mut free = demand.clone();
    free.workload.pool_size = None;
    free.machine.cores = 256;
    free.run(System::EventLoop(EventLoop {
        loops: 256,
        ..EventLoop::default()
    }))
}
