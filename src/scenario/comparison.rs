//! Several systems under the same workload on the same machine.

use super::types::{Fidelity, Machine, Scenario, System, Workload};

/// The most systems of one comparison.
pub const MOST_SYSTEMS: usize = 4;

/// One to four systems that face the very same requests; a scenario is a comparison of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub systems: Vec<System>,
    pub workload: Workload,
    pub machine: Machine,
    pub fidelity: Fidelity,
    pub seed: u64,
}

impl Comparison {
    /// One scenario for each system.
    pub fn scenarios(&self) -> impl Iterator<Item = Scenario> + '_ {
        self.systems.iter().map(|system| self.with(system.clone()))
    }

    /// The first system's scenario.
    pub(super) fn first(self) -> Scenario {
        self.with(self.systems[0].clone())
    }

    /// The scenario of `system` under this workload on this machine.
    pub fn with(&self, system: System) -> Scenario {
        Scenario {
            version: 1,
            system,
            workload: self.workload.clone(),
            machine: self.machine.clone(),
            fidelity: self.fidelity,
            seed: self.seed,
        }
    }
}

impl From<Scenario> for Comparison {
    fn from(scenario: Scenario) -> Self {
        Self {
            systems: vec![scenario.system],
            workload: scenario.workload,
            machine: scenario.machine,
            fidelity: scenario.fidelity,
            seed: scenario.seed,
        }
    }
}
