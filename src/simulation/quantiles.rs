//! Distributions, summed up.

use serde::Serialize;

use super::Nanos;

/// A distribution in milliseconds. Quantiles are nearest rank: the value at index
/// `ceil(q * n) - 1` of the sorted values; all are 0 where nothing completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

/// Nanoseconds as milliseconds: one correctly rounded division, so whole ones stay whole.
pub(crate) fn millis(ns: Nanos) -> f64 {
    ns as f64 / 1e6
}

impl Quantiles {
    /// The index of the nearest rank among `n` sorted values, if there are any.
    pub(crate) fn rank(percent: usize, n: usize) -> Option<usize> {
        (percent * n).div_ceil(100).checked_sub(1)
    }

    /// Sums up `values`, which end up in another order.
    pub fn of(values: &mut [Nanos]) -> Self {
        let Some(&max) = values.iter().max() else {
            return Self::default();
        };
        let n = values.len();
        let sum: u128 = values.iter().copied().map(u128::from).sum();
        // Selecting one quantile leaves all larger values behind it, where the next ones are.
        let mut sorted = 0;
        let mut nearest_rank = |percent: usize| {
            let index = (percent * n).div_ceil(100) - 1;
            if index >= sorted {
                values[sorted..].select_nth_unstable(index - sorted);
                sorted = index + 1;
            }
            millis(values[index])
        };
        Self {
            mean: sum as f64 / (n as f64 * 1e6),
            p50: nearest_rank(50),
            p90: nearest_rank(90),
            p95: nearest_rank(95),
            p99: nearest_rank(99),
            max: millis(max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_rank() {
        const MS: Nanos = 1_000_000;
        // 1..=20 ms, shuffled: 7 generates the group of 20 under addition.
        let mut values: Vec<Nanos> = (0..20).map(|i| (i * 7 % 20 + 1) * MS).collect();
        let q = Quantiles::of(&mut values);
        assert_eq!((q.mean, q.p50, q.p90), (10.5, 10.0, 18.0));
        assert_eq!((q.p95, q.p99, q.max), (19.0, 20.0, 20.0));
        let single = Quantiles::of(&mut [3 * MS]);
        assert_eq!((single.mean, single.p50, single.p99), (3.0, 3.0, 3.0));
        assert_eq!(Quantiles::of(&mut []), Quantiles::default());
    }
}
