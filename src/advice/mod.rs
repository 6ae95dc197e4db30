//! Advice: which setting serves a workload in time by the first of the article's rules that fits,
//! and why.
//!
//! Every setting that is tried faces the very same requests, as it would be deployed and with what
//! real servers cost. Nothing is remembered or looked up: each number comes from the simulator or
//! from Little's law.

mod candidate;
mod demand;
mod goal;
mod obstacle;
#[cfg(test)]
mod tests;
mod trial;
mod verdicts;
mod words;

use crate::scenario::Arrivals;
use candidate::{Candidate, Family};
use demand::planned;
pub use demand::{Code, Demand, example};
pub use goal::{CODE, FIT, TARGET_P95};
use obstacle::{Obstacle, alone, obstacle};
use trial::Runs;
pub use trial::{Trial, Verdict};

/// A setting close to the one that is recommended, or the same under more load.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    pub words: &'static str,
    pub trial: Trial,
}

/// What was tried and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    pub demand: Demand,
    /// Every setting, family by family, those of other kinds of code included.
    pub trials: Vec<Trial>,
    /// The setting to run: in time, with headroom, the first by the article's rules.
    pub pick: Option<Trial>,
    /// The best of each family that was not chosen.
    pub rivals: Vec<Trial>,
    /// Why there is no setting to run.
    pub obstacle: Option<Obstacle>,
    /// The p95 of the same requests with nothing in their way, in milliseconds.
    pub alone_ms: f64,
    pub variations: Vec<Variation>,
}

/// Settings being tried, one run at a time, so that a page may answer its reader in between.
pub struct Inquiry {
    pub demand: Demand,
    /// What is yet to be tried, the first one last.
    open: Vec<Candidate>,
    /// The runs so far of the one before.
    runs: Option<Runs>,
    trials: Vec<Trial>,
    /// What they come to, and what is yet to be tried around that, the first one last.
    advice: Option<Advice>,
    around: Vec<(&'static str, Candidate, Demand)>,
}

impl Inquiry {
    pub fn new(demand: Demand) -> Self {
        let candidates = Family::ALL
            .into_iter()
            .flat_map(|family| family.candidates(&demand));
        let mut open: Vec<_> = candidates.collect();
        open.reverse();
        Self {
            demand,
            open,
            runs: None,
            trials: Vec::new(),
            advice: None,
            around: Vec::new(),
        }
    }

    /// Runs the next setting once; gives the advice when every one was tried.
    pub fn step(&mut self) -> Option<Advice> {
        if let Some(mut runs) = self.runs.take() {
            let demand = match self.around.last() {
                Some((.., demand)) => demand,
                None => &self.demand,
            };
            match (runs.again(demand), &mut self.advice) {
                (None, _) => self.runs = Some(runs),
                (Some(trial), None) => {
                    let rank = trial.candidate.rank();
                    let before = self.trials.iter().filter(|it| it.candidate.rank() < rank);
                    self.trials.insert(before.count(), trial);
                }
                (Some(trial), Some(advice)) => {
                    let words = self.around.pop().map_or("", |(words, ..)| words);
                    advice.variations.push(Variation { words, trial });
                }
            }
        } else if let Some(candidate) = self.open.pop() {
            self.runs = Some(Runs::new(candidate));
        } else if let (None, Some(candidate)) = (&self.advice, between(&self.trials, &self.demand))
        {
            self.runs = Some(Runs::new(candidate));
        } else if let Some(advice) = &mut self.advice {
            let Some((words, candidate, demand)) = self.around.last() else {
                return self.advice.take();
            };
            let same = |trial: &&Trial| trial.candidate == *candidate && *demand == advice.demand;
            match advice.trials.iter().find(same).cloned() {
                Some(trial) => {
                    advice.variations.push(Variation { words, trial });
                    self.around.pop();
                }
                None => self.runs = Some(Runs::new(*candidate)),
            }
        } else {
            let advice = conclude(&self.demand, std::mem::take(&mut self.trials));
            if let Some(pick) = &advice.pick {
                self.around = around(pick.candidate, &self.demand);
            }
            self.advice = Some(advice);
        }
        None
    }
}

/// Tries every setting at once.
#[cfg(any(test, not(feature = "hydrate")))]
pub fn advise(demand: &Demand) -> Advice {
    let mut inquiry = Inquiry::new(demand.clone());
    loop {
        if let Some(advice) = inquiry.step() {
            return advice;
        }
    }
}

/// What `trials`, which are all there are, come to.
fn conclude(demand: &Demand, trials: Vec<Trial>) -> Advice {
    let pick = pick(&trials, demand).cloned();
    let alone_ms = alone(demand);
    let chosen = pick.as_ref().map(|pick| pick.candidate.family);
    let others = Family::ALL
        .into_iter()
        .filter(|family| Some(*family) != chosen);
    Advice {
        rivals: others
            .filter_map(|family| best(&trials, |of| of == family).cloned())
            .collect(),
        obstacle: pick.is_none().then(|| obstacle(&trials, demand, alone_ms)),
        alone_ms,
        variations: Vec::new(),
        pick,
        trials,
        demand: demand.clone(),
    }
}

/// The setting to run, of those that were tried.
fn pick<'a>(trials: &'a [Trial], demand: &Demand) -> Option<&'a Trial> {
    best(trials, |family| family.runs(demand.code)).filter(|trial| trial.verdict == Verdict::Good)
}

/// A size between the one to run and the next smaller one that was tried, if that would not do.
fn between(trials: &[Trial], demand: &Demand) -> Option<Candidate> {
    let pick = pick(trials, demand)?.candidate;
    let smaller = trials.iter().map(|trial| trial.candidate);
    let below = smaller.rev().find(|it| it.rank() < pick.rank())?;
    // With fewer slots than planned it has no headroom.
    let enough = |it: &Candidate| f64::from(it.slots()) >= planned(demand.in_progress());
    pick.halfway_to(below).filter(enough)
}

/// The best setting of the families that `of` names.
fn best(trials: &[Trial], of: impl Fn(Family) -> bool) -> Option<&Trial> {
    let all = trials.iter().filter(|trial| of(trial.candidate.family));
    all.min_by(|a, b| a.before(b))
}

/// What is tried around the recommended setting: its neighbours, and itself under more load; last one first.
fn around(pick: Candidate, demand: &Demand) -> Vec<(&'static str, Candidate, Demand)> {
    let mut busier = demand.clone();
    if let Arrivals::Poisson { rate_per_s } = &mut busier.workload.arrivals {
        *rate_per_s *= 1.2;
    }
    [
        ("20 % more load", Some(pick), &busier),
        ("one size larger", pick.resized(true), demand),
        ("as recommended", Some(pick), demand),
        ("one size smaller", pick.resized(false), demand),
    ]
    .into_iter()
    .filter_map(|(words, candidate, demand)| Some((words, candidate?, demand.clone())))
    .collect()
}
