//! Numbers and times as a reader sees them.

use crate::simulation::Nanos;

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

/// `x`, or the end that it lies beyond. For the panic of `f64::clamp` the page would carry the
/// standard library's printer of such numbers.
pub fn between(x: f64, low: f64, high: f64) -> f64 {
    x.max(low).min(high)
}

/// A whole number, from five digits on in groups of three: `1000`, `12,500`; one decimal below ten.
pub fn grouped(x: f64) -> String {
    if x < 10.0 && x.fract() != 0.0 {
        return fixed(x, 1);
    }
    let digits = fixed(x, 0);
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && digits.len() > 4 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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
    fn large_numbers_are_grouped_in_threes() {
        for (x, text) in [
            (0.0, "0"),
            (8.0, "8"),
            (0.5, "0.5"),
            (999.6, "1000"),
            (9999.0, "9999"),
            (10_000.0, "10,000"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(grouped(x), text);
        }
    }
}
