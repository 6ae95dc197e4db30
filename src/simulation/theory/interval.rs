//! How sure a simulated mean is: confidence intervals by batch means.

use super::Measure;
use crate::{Outcome, Request, Run};

/// A mean and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// In milliseconds.
    pub mean: f64,
    /// The true mean lies within so much of it in 99 of 100 runs that are long enough.
    pub half_width: f64,
}

/// Batches that a run is divided into.
const BATCHES: usize = 10;
/// Student's t for 9 degrees of freedom, 99.9 % two-sided: means of batches are skewed, and remember a little of each
/// other, so that up to a hundredth of such intervals misses.
const T: f64 = 4.781;
/// The part of a run left out while its queue fills: a tenth.
const WARM_UP: usize = 10;
/// Requests in the shortest run that has batches.
pub(super) const SHORTEST: f64 = 111.0;

/// The long-run mean of `measure`, a wait or a latency, from one run: its requests in 10 batches,
/// the first tenth left out. `None` for other measures, and for fewer than 111 answers: 10 batches of 10.
///
/// Batches must be long against the time that the queue remembers: [`Theory::least`](super::Theory::least) requests.
/// Law and Kelton, "Simulation modeling and analysis".
pub fn interval(run: &Run, measure: Measure) -> Option<Interval> {
    let stay: fn(&Request) -> u64 = match measure {
        Measure::MeanWait => |r| r.start - r.arrival,
        Measure::MeanLatency => |r| r.end - r.arrival,
        _ => return None,
    };
    let answered = run
        .requests
        .iter()
        .filter(|r| r.outcome == Outcome::Answered);
    let stays: Vec<f64> = answered.map(|r| stay(r) as f64 / 1e6).collect();
    let steady = &stays[stays.len() / WARM_UP..];
    let size = steady.len() / BATCHES;
    if size < 10 {
        return None;
    }
    let batches = steady.chunks_exact(size).take(BATCHES);
    let means: Vec<f64> = batches
        .map(|batch| batch.iter().sum::<f64>() / size as f64)
        .collect();
    let n = BATCHES as f64;
    let mean = means.iter().sum::<f64>() / n;
    let variance = means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / (n - 1.0);
    Some(Interval {
        mean,
        half_width: T * (variance / n).sqrt(),
    })
}
