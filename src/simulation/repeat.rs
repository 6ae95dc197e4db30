//! One scenario over many seeds, one run at a time: medians and bands.

use super::quantiles::{Quantiles, select};
use super::{Report, report};
use scenario::Scenario;

/// A number that differs from run to run: the median over the runs, and where 90 of 100 lie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

/// Reads a number from a report.
pub type Read = fn(&Report) -> f64;

/// What [`Repeat::bands`] tells, in this order, each with its name in the report.
pub const BANDS: [(&str, Read); 7] = [
    ("makespan_ms", |report| report.makespan_ms),
    ("throughput_rps", |report| report.throughput_rps),
    ("completed", |report| report.completed.into()),
    ("latency_ms.mean", |report| report.latency_ms.mean),
    ("latency_ms.p50", |report| report.latency_ms.p50),
    ("latency_ms.p95", |report| report.latency_ms.p95),
    ("latency_ms.p99", |report| report.latency_ms.p99),
];

/// A scenario that is run over the seeds from its own on, as many as are asked for.
///
/// Each [`step`](Repeat::step) is one run, so a page may stop between them to show how far it is,
/// or for good.
pub struct Repeat {
    scenario: Scenario,
    runs: u32,
    /// By measure of [`BANDS`], the value of every run so far.
    values: [Vec<f64>; BANDS.len()],
}

impl Repeat {
    /// `runs` runs of a scenario that is valid and passes [`check`](super::check).
    pub fn new(scenario: Scenario, runs: u32) -> Self {
        Self {
            scenario,
            runs,
            values: Default::default(),
        }
    }

    /// Runs so far.
    pub fn done(&self) -> u32 {
        self.values[0].len() as u32
    }

    /// Runs once more; false if nothing is left to run.
    pub fn step(&mut self) -> bool {
        if self.done() == self.runs {
            return false;
        }
        let report = report(&self.scenario);
        for (values, (_, measure)) in self.values.iter_mut().zip(BANDS) {
            values.push(measure(&report));
        }
        self.scenario.seed += 1;
        self.done() < self.runs
    }

    /// What the runs so far come to, by measure of [`BANDS`]; zeros before the first.
    pub fn bands(&self) -> [Band; BANDS.len()] {
        std::array::from_fn(|measure| {
            // What is not negative is in the order of its bits; whole numbers are sorted already
            // for the quantiles.
            let mut values: Vec<u64> = self.values[measure].iter().map(|x| x.to_bits()).collect();
            let mut rank = |percent| match Quantiles::rank(percent, values.len()) {
                Some(index) => f64::from_bits(select(&mut values, index)),
                None => 0.0,
            };
            Band {
                low: rank(5),
                median: rank(50),
                high: rank(95),
            }
        })
    }
}
