//! Time axes: their extent, their ticks, and how a time reads in words.

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
        let magnitude = libm::pow(10.0, libm::floor(libm::log10(rough)));
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

/// A time in words, to three significant digits: `0 s`, `250 µs`, `12.5 s`, `3 min`.
pub fn duration(t: Nanos) -> String {
    milliseconds(t as f64 / 1e6)
}

/// As [`duration`], from milliseconds.
pub fn milliseconds(ms: f64) -> String {
    let (value, unit) = match ms {
        ms if ms <= 0.0 => (0.0, "s"),
        ms if ms < 0.9995 => (ms * 1e3, "µs"),
        ms if ms < 999.5 => (ms, "ms"),
        ms if ms < 999_500.0 => (ms / 1e3, "s"),
        ms => (ms / 60e3, "min"),
    };
    format!("{}\u{a0}{unit}", significant(value))
}

/// Three significant digits, without trailing zeros after the point.
fn significant(value: f64) -> String {
    let decimals = match value {
        v if v >= 99.95 => 0,
        v if v >= 9.995 => 1,
        _ => 2,
    };
    let text = fixed(value, decimals);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number with so many decimals, as `{:.n}` would write it; the standard library's exact
/// printing is many times the code.
pub fn fixed(x: f64, decimals: u32) -> String {
    let one = 10_u64.pow(decimals);
    let digits = (x.abs() * one as f64).round() as u64;
    let sign = if x < 0.0 && digits > 0 { "-" } else { "" };
    let (whole, part) = (digits / one, digits % one);
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = decimals as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_in_three_digits_and_the_fitting_unit() {
        for (ms, text) in [
            (0.0, "0 s"),
            (0.25, "250 µs"),
            (0.9996, "1 ms"),
            (100.0, "100 ms"),
            (99.96, "100 ms"),
            (2.345, "2.35 ms"),
            (999.6, "1 s"),
            (12_500.0, "12.5 s"),
            (100_000.0, "100 s"),
            (600_000.0, "600 s"),
            (1_200_000.0, "20 min"),
        ] {
            assert_eq!(milliseconds(ms), text.replace(' ', "\u{a0}"), "{ms}");
        }
    }

    #[test]
    fn decimals_are_kept_and_rounded() {
        for (x, decimals, text) in [
            (0.0, 0, "0"),
            (12.345, 2, "12.35"),
            (0.049, 1, "0.0"),
            (-0.04, 1, "0.0"),
            (-1.25, 1, "-1.3"),
            (99.999, 2, "100.00"),
        ] {
            assert_eq!(fixed(x, decimals), text);
        }
    }

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
