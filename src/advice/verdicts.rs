//! What is said of each setting: in a few words, and of a rival against the recommendation.

use super::trial::Part;
use super::words::{busy, decimal};
use super::{Advice, Demand, Family, Rival, Trial, Verdict};
use crate::words::{fixed, milliseconds};

/// How many times the least memory a setting may take to be worth a recommendation.
const WORTH: f64 = 4.0;

impl Advice {
    /// The best of another family against the pick; nothing where no family will do.
    pub(super) fn compare(&self, rival: &Rival) -> Option<String> {
        let pick = self.pick.as_ref()?;
        let trial = &rival.trial;
        let (command, family) = (trial.candidate.command(), trial.candidate.family);
        let (p95, target) = (
            milliseconds(trial.p95()),
            milliseconds(self.demand.target_p95_ms),
        );
        let runs = family.runs(self.demand.code);
        let verdict = match (trial.verdict, rival.shared_p95_ms) {
            (Verdict::Good, _) => format!(
                "`{command}` {} meet the target too, with a p95 of {p95} for {}\u{a0}MB instead \
                 of {}",
                if runs { "would" } else { "could" },
                fixed(trial.memory(), 0),
                fixed(pick.memory(), 0),
            ),
            (Verdict::Slow, Some(shared)) => format!(
                "`{command}` misses the target with {p95}, because requests are bound to a worker \
                 on arrival: in one shared line p95 would be {}",
                milliseconds(shared)
            ),
            (Verdict::Slow, None) => {
                format!(
                    "`{command}` misses {target} with a p95 of {p95}; {}",
                    busy(trial)
                )
            }
            (Verdict::Tight, _) => {
                format!(
                    "`{command}` has a p95 of {p95}, but no headroom: {}",
                    busy(trial)
                )
            }
            (Verdict::Overloaded, _) => {
                format!(
                    "`{command}` falls behind: {}",
                    falls_behind(trial, &self.demand)
                )
            }
            (Verdict::Unknown, _) => format!("`{command}` would take too long to simulate"),
        };
        let worth_it = trial.verdict == Verdict::Good && trial.memory() < WORTH * pick.memory();
        let more = match family {
            Family::EventLoop if !runs => ", if the code and its libraries were async.",
            _ if !runs => ", if the code were synchronous.",
            Family::Sync if worth_it => ". The rest buys one fair line and cheap crashes.",
            Family::Gthread if worth_it => ", for synchronous code that is safe in threads.",
            Family::Gevent if worth_it => ", for synchronous code whose libraries cooperate.",
            _ => ".",
        };
        Some(verdict + more)
    }
}

impl Trial {
    /// The verdict in a few words.
    pub fn verdict_words(&self, demand: &Demand) -> String {
        match self.verdict {
            _ if !self.candidate.family.runs(demand.code) => match self.candidate.family {
                Family::EventLoop => "needs async code".to_owned(),
                _ => "needs synchronous code".to_owned(),
            },
            Verdict::Good => "meets the target".to_owned(),
            Verdict::Slow => "too slow".to_owned(),
            Verdict::Tight => format!("no headroom, {}", busy(self)),
            Verdict::Overloaded => falls_behind(self, demand),
            Verdict::Unknown => "too long to simulate".to_owned(),
        }
    }
}

fn falls_behind(trial: &Trial, demand: &Demand) -> String {
    let part = match trial.load.part {
        Part::Slots => "slots",
        Part::Cpu => "cores",
        Part::Pool => "connections",
    };
    let rate = demand.rate();
    format!(
        "its {part} answer {} of {} a second",
        decimal(rate / trial.load.busy),
        decimal(rate)
    )
}
