//! What is said of each setting: in a few words, and of a rival against the recommendation.

use super::trial::Part;
use super::words::{busy, decimal};
use super::{Advice, Demand, Family, Trial, Verdict};
use crate::words::{fixed, milliseconds};

impl Advice {
    /// The best of another family against the pick; nothing where no family will do.
    pub(super) fn compare(&self, trial: &Trial) -> Option<String> {
        self.pick.as_ref()?;
        let family = trial.candidate.family;
        let runs = family.runs(self.demand.code);
        let good = trial.verdict == Verdict::Good;
        let p95 = milliseconds(trial.p95());
        let verdict = match trial.verdict {
            Verdict::Good => format!(
                "{} meet the target too, with a p95 of {p95} and {}\u{a0}MiB",
                if runs { "would" } else { "could" },
                fixed(trial.memory(), 0),
            ),
            Verdict::Slow if trial.lost(&self.demand) > 0 => {
                let (lost, all) = (trial.lost(&self.demand), self.demand.workload.requests);
                let outlast = trial.report.as_ref().map_or(0, |r| r.failed.worker_timeout);
                let why = match outlast {
                    0 => "",
                    _ => ", as they outlast its `timeout`",
                };
                format!("loses {lost} of {all} requests{why}")
            }
            Verdict::Slow if p95 == milliseconds(self.demand.target_p95_ms) => {
                format!("just misses the target of {p95}; {}", busy(trial))
            }
            Verdict::Slow => format!("misses the target with a p95 of {p95}; {}", busy(trial)),
            Verdict::Tight => format!("is in time, but has no headroom: {}", busy(trial)),
            Verdict::Overloaded => format!("falls behind: {}", falls_behind(trial, &self.demand)),
            Verdict::Unknown => "would take too long to simulate".to_owned(),
        };
        let more = match family {
            _ if !good => ".",
            Family::EventLoop if !runs => ", if the code and its libraries were async.",
            _ if !runs => ", if the code were synchronous.",
            Family::Gthread => ", for synchronous code that is safe in threads.",
            Family::Gevent => ", for synchronous code whose libraries cooperate.",
            _ => ".",
        };
        Some(format!(
            "`{}` {verdict}{more}",
            trial.candidate.capped_command()
        ))
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
            Verdict::Slow if self.lost(demand) > 0 => "loses requests".to_owned(),
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
