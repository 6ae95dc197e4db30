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
        ms if ms < 120.0 * 60e3 => (ms / 60e3, "min"),
        ms if ms < 48.0 * 3600e3 => (ms / 3600e3, "h"),
        ms => (ms / 86_400e3, "days"),
    };
    format!("{}\u{a0}{unit}", significant(value))
}

/// A minute, in nanoseconds.
pub const MINUTE: Nanos = 60_000_000_000;

/// An hour, in nanoseconds.
pub const HOUR: Nanos = 60 * MINUTE;

/// Times at equal steps, in one unit and with the digits that tell them apart.
pub fn ticks(times: &[Nanos]) -> Vec<String> {
    let last = times.last().copied().unwrap_or(0);
    let step = times.windows(2).map(|pair| pair[1] - pair[0]).min();
    let step = step.unwrap_or(last).max(1);
    let (unit, name) = match last {
        t if t < 1_000_000 => (1e3, "µs"),
        t if t < 1_000_000_000 => (1e6, "ms"),
        t if t >= 1_000_000_000_000 && step.is_multiple_of(HOUR) => (HOUR as f64, "h"),
        t if t >= 1_000_000_000_000 && step.is_multiple_of(MINUTE) => (MINUTE as f64, "min"),
        _ => (1e9, "s"),
    };
    let step = step as f64 / unit;
    let mut decimals = 0;
    let mut digit = 1.0;
    // A quarter of a digit's place needs one more.
    while decimals < 6 && (step / digit).fract() > 1e-6 {
        decimals += 1;
        digit /= 10.0;
    }
    let word = |t: &Nanos| match t {
        0 => milliseconds(0.0),
        t => {
            let text = fixed(*t as f64 / unit, decimals);
            let text = match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.'),
                false => &text,
            };
            format!("{text}\u{a0}{name}")
        }
    };
    times.iter().map(word).collect()
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
pub fn within(x: f64, low: f64, high: f64) -> f64 {
    x.max(low).min(high)
}

/// A share of a length for a style sheet: `0%`, `33.333%`.
pub fn percent(share: f64) -> String {
    let text = fixed(share * 100.0, 3);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}%")
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

/// So many of something: `1 slot`, `9 slots`, `2 processes`.
pub fn count(number: String, one: &str) -> String {
    let many = match one.ends_with('s') {
        _ if number == "1" => "",
        true => "es",
        false => "s",
    };
    format!("{number} {one}{many}")
}

/// How many times `b` goes into `a`, in words, if it is more than once: `2.3 times`.
pub fn times(a: f64, b: f64) -> Option<String> {
    match a / b.max(1e-9) {
        r if r > 10.0 => Some(format!("{} times", fixed(r, 0))),
        r if r > 1.05 => Some(format!("{} times", fixed(r, 1))),
        _ => None,
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
            (11_880_000.0, "3.3 h"),
            (7_125_000_000.0, "82.5 days"),
        ] {
            assert_eq!(milliseconds(ms), text.replace(' ', "\u{a0}"), "{ms}");
        }
    }

    #[test]
    fn ticks_share_a_unit_and_can_be_told_apart() {
        let s = |x: f64| (x * 1e9) as Nanos;
        let of = |times: &[f64]| -> Vec<String> {
            let times: Vec<Nanos> = times.iter().map(|x| s(*x)).collect();
            ticks(&times)
                .iter()
                .map(|t| t.replace('\u{a0}', " "))
                .collect()
        };
        assert_eq!(of(&[0.0, 2.5, 5.0]), ["0 s", "2.5 s", "5 s"]);
        assert_eq!(
            of(&[1.234, 1.2345, 1.235]),
            ["1.234 s", "1.2345 s", "1.235 s"]
        );
        assert_eq!(of(&[0.02, 0.04]), ["20 ms", "40 ms"]);
        assert_eq!(of(&[0.0, 600.0, 1200.0]), ["0 s", "10 min", "20 min"]);
        assert_eq!(of(&[1200.0, 1220.0]), ["1200 s", "1220 s"]);
        assert_eq!(of(&[0.0, 9000.0]), ["0 s", "150 min"]);
        assert_eq!(of(&[0.0, 18000.0]), ["0 s", "5 h"]);
        assert_eq!(of(&[]), Vec::<String>::new());
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
