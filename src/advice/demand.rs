//! What the reader has and wants.

use crate::scenario::{Arrivals, Fidelity, Machine, Scenario, Spread, System, Value, Workload};
use crate::simulation::{self, Report};

/// The share of slots, cores and connections that is planned to be busy; the rest is headroom.
pub(super) const PLANNED: f64 = 0.7;
/// What rounding may add to a share.
const CRUMB: f64 = 1e-9;

/// Requests of each run: enough for a p95, few enough to try every setting at each slider step.
pub const REQUESTS: u32 = 2000;

/// What kind of code has to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Sync,
    Async,
    Either,
}

impl Code {
    /// The code that a form's value names.
    pub fn named(value: Value) -> Self {
        match value {
            Value::Text("sync") => Self::Sync,
            Value::Text("async") => Self::Async,
            _ => Self::Either,
        }
    }
}

/// What the reader has and wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    pub workload: Workload,
    pub machine: Machine,
    pub seed: u64,
    pub target_p95_ms: f64,
    pub code: Code,
    /// Worker processes that memory has room for.
    pub fit: u32,
}

impl Demand {
    /// The workload and the machine of `scenario`, whatever its system.
    pub fn new(scenario: &Scenario, target_p95_ms: f64, code: Code, fit: u32) -> Self {
        Self {
            workload: scenario.workload.clone(),
            machine: scenario.machine.clone(),
            seed: scenario.seed,
            target_p95_ms,
            code,
            fit,
        }
    }

    /// The demand served by `system`, with what a real server costs.
    pub fn scenario(&self, system: System) -> Scenario {
        Scenario {
            workload: self.workload.clone(),
            machine: self.machine.clone(),
            fidelity: Fidelity::Calibrated,
            seed: self.seed,
            ..Scenario::new(system)
        }
    }

    /// Requests per second.
    pub fn rate(&self) -> f64 {
        match self.workload.arrivals {
            Arrivals::Poisson { rate_per_s } | Arrivals::Paced { rate_per_s } => rate_per_s,
            Arrivals::Burst | Arrivals::Closed { .. } => 0.0,
        }
    }

    /// Requests that compute at the same moment, on average: cores kept busy.
    pub fn computing(&self) -> f64 {
        self.rate() * self.workload.cpu_ms / 1e3
    }

    /// Requests that wait for I/O at the same moment, on average.
    pub fn waiting(&self) -> f64 {
        self.rate() * self.workload.io_ms / 1e3
    }

    /// Requests in progress at the same moment, on average, where none queues.
    pub fn in_progress(&self) -> f64 {
        self.computing() + self.waiting()
    }

    /// Whether computing is most of a request.
    pub fn computes(&self) -> bool {
        self.workload.cpu_ms > self.workload.io_ms
    }

    /// The fewest processes to run: two, so that one may fail, and one a core for computing.
    pub fn least_processes(&self) -> u32 {
        match self.computes() {
            true => self.machine.cores.max(2),
            false => 2,
        }
    }
}

/// Places for `busy` of them to be in use on average, with headroom.
pub(super) fn planned(busy: f64) -> f64 {
    (busy / PLANNED - CRUMB).ceil().max(1.0)
}

/// Whether a part that is so busy has less headroom than planned.
pub(super) fn is_tight(busy: f64) -> bool {
    busy > PLANNED + CRUMB
}

/// The report of a scenario; `None` where that cannot be simulated.
pub(super) fn report(scenario: &Scenario) -> Option<Report> {
    simulation::check(scenario).ok()?;
    Some(simulation::report(scenario))
}

/// The workload of the article's example: 60 requests a second of 100 ms, of which 5 ms are
/// computing.
pub fn example() -> Workload {
    Workload {
        requests: REQUESTS,
        arrivals: Arrivals::Poisson { rate_per_s: 60.0 },
        io_ms: 95.0,
        cpu_ms: 5.0,
        spread: Spread::Constant,
        ..Workload::default()
    }
}
