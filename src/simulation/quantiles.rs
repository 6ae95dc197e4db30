//! Distributions, summed up.

use serde::Serialize;

use super::Nanos;
use super::random::mix;

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
        let mut from = 0;
        let mut nearest_rank = |percent| {
            let rank = Self::rank(percent, n).unwrap_or(0);
            let value = select(&mut values[from..], rank - from);
            from = rank;
            millis(value)
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

/// The value at `index` of the sorted `values`, which end up in another order: smaller ones before it, larger ones behind.
///
/// Hoare, "Algorithm 65: FIND" (1961). The standard library's own is 2.4 KB of the page's download.
pub(crate) fn select(values: &mut [u64], index: usize) -> u64 {
    let (mut start, mut end) = (0, values.len());
    loop {
        // Anywhere, as no order of the values is bad for all pivots.
        let anywhere = mix((start as u64) << 32 | end as u64) as usize;
        let pivot = values[start + anywhere % (end - start)];
        let (mut low, mut high) = (start, end);
        while low < high {
            while values[low] < pivot {
                low += 1;
            }
            while values[high - 1] > pivot {
                high -= 1;
            }
            if low < high {
                values.swap(low, high - 1);
                low += 1;
                high -= 1;
            }
        }
        if index < high {
            end = high;
        } else if index >= low {
            start = low;
        } else {
            return pivot;
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

    #[test]
    fn what_is_selected_is_what_sorting_puts_there() {
        let mut state = 0;
        let mut draw = |below: usize| {
            state += 1;
            mix(state) as usize % below
        };
        for _ in 0..2000 {
            // From all equal to nearly all different.
            let kinds = 1 << draw(10);
            let mut values: Vec<u64> = (0..=draw(200)).map(|_| draw(kinds) as u64).collect();
            let index = draw(values.len());
            let mut sorted = values.clone();
            sorted.sort_unstable();
            assert_eq!(select(&mut values, index), sorted[index]);
            let (before, from) = values.split_at(index);
            assert!(before.iter().all(|x| *x <= sorted[index]));
            assert!(from.iter().all(|x| *x >= sorted[index]));
            values.sort_unstable();
            assert_eq!(values, sorted);
        }
    }

    #[test]
    fn no_order_of_the_values_takes_long() {
        const N: u64 = 1 << 18;
        let pipe = |i: u64| i.min(N - 1 - i);
        for order in [|i| i, |i| N - i, |i| i % (N / 2), pipe] {
            let mut values: Vec<u64> = (0..N).map(order).collect();
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let middle = N as usize / 2;
            assert_eq!(select(&mut values, middle), sorted[middle]);
        }
    }
}
