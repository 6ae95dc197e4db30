//! Time axes: their extent and their ticks.

use crate::simulation::Nanos;

/// A stretch of simulated time from zero that a chart shows from edge to edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The time at the right edge, in nanoseconds; never 0.
    pub end: Nanos,
}

impl Axis {
    /// An axis that shows everything up to `end`.
    pub fn to(end: Nanos) -> Self {
        Self { end: end.max(1) }
    }

    /// Where `t` stands, from 0 (left edge) to 1 (right edge).
    pub fn position(self, t: Nanos) -> f64 {
        (t as f64 / self.end as f64).min(1.0)
    }

    /// About `most` round times along the axis, zero first, never more than `most + 1`.
    pub fn ticks(self, most: u32) -> Vec<Nanos> {
        let rough = self.end as f64 / f64::from(most.max(1));
        let mut magnitude = 1.0;
        while magnitude * 10.0 <= rough {
            magnitude *= 10.0;
        }
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * magnitude)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(10.0 * magnitude)
            .max(1.0);
        (0..)
            .map(|i| (f64::from(i) * step) as Nanos)
            .take_while(|t| *t <= self.end)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_start_at_zero_and_stay_on_the_axis() {
        let axis = Axis::to(12_500_000_000);
        let seconds: Vec<_> = axis.ticks(7).iter().map(|t| t / 1_000_000_000).collect();
        assert_eq!(seconds, [0, 2, 4, 6, 8, 10, 12]);
        for end in [1, 7, 999, 123_456_789, u64::MAX / 2] {
            let ticks = Axis::to(end).ticks(6);
            assert_eq!(ticks[0], 0);
            assert!(ticks.len() <= 8 && ticks.iter().all(|t| *t <= end), "{end}");
        }
    }
}
