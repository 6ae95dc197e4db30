//! A stretch of a run in numbers of its own.

use super::{Nanos, Outcome, Quantiles, Run};

/// What happened between two moments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Requests that arrived, the first moment included.
    pub arrived: u32,
    /// Requests that were answered, the last moment included.
    pub answered: u32,
    /// Answers per second of the stretch.
    pub throughput_rps: f64,
    /// Latency of those answered, in milliseconds.
    pub latency_ms: Quantiles,
    /// Requests whose handler had started and not ended, on average over the stretch.
    pub mean_in_flight: f64,
}

impl Run {
    /// The stretch from `from` to `to`, which is later.
    pub fn between(&self, from: Nanos, to: Nanos) -> Stretch {
        let first = self.first_open(from);
        let last = self.requests.partition_point(|r| r.arrival <= to);
        let mut answered = Vec::new();
        let (mut arrived, mut in_flight) = (0, 0);
        for request in &self.requests[first.min(last)..last] {
            arrived += u32::from((from..to).contains(&request.arrival));
            if request.outcome == Outcome::Answered && request.end > from && request.end <= to {
                answered.push(request.end - request.arrival);
            }
            let served = request.left.min(to).saturating_sub(request.start.max(from));
            in_flight += u128::from(served);
        }
        let length = (to - from).max(1) as f64;
        Stretch {
            arrived,
            answered: answered.len() as u32,
            throughput_rps: answered.len() as f64 / (length / 1e9),
            latency_ms: Quantiles::of(&mut answered),
            mean_in_flight: in_flight as f64 / length,
        }
    }
}
