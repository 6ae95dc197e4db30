//! What the reader has and wants.

use crate::scenario::{Arrivals, Machine, Scenario, Spread, System, Value, Workload};
use crate::simulation::{self, Report};

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
}

impl Demand {
    /// The workload and the machine of `scenario`, whatever its system.
    pub fn new(scenario: &Scenario, target_p95_ms: f64, code: Code) -> Self {
        Self {
            workload: scenario.workload.clone(),
            machine: scenario.machine.clone(),
            seed: scenario.seed,
            target_p95_ms,
            code,
        }
    }

    /// The demand served by `system`.
    pub fn scenario(&self, system: System) -> Scenario {
        Scenario {
            workload: self.workload.clone(),
            machine: self.machine.clone(),
            seed: self.seed,
            ..Scenario::new(system)
        }
    }

    /// What `system` makes of the workload; `None` where that cannot be simulated.
    pub fn run(&self, system: System) -> Option<Report> {
        let scenario = self.scenario(system);
        simulation::check(&scenario).ok()?;
        Some(simulation::run(&scenario).report)
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
}

/// The workload of the article's example: 60 requests a second, each 100 ms of waiting and 5 ms of
/// computing.
pub fn example() -> Workload {
    Workload {
        requests: REQUESTS,
        arrivals: Arrivals::Poisson { rate_per_s: 60.0 },
        io_ms: 100.0,
        cpu_ms: 5.0,
        spread: Spread::Constant,
        ..Workload::default()
    }
}
