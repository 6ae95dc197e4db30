//! Numbers as decimal text and back.
//!
//! The standard library's reader and writer would add twenty kilobytes of code and tables to the
//! page, so nothing that reaches it may write an `f64` with `{}` or parse one.

/// Powers of ten up to this one fit in 64 bits.
const STEP: u32 = 19;

/// A number in the fewest digits that mean it: `5`, `0.1`, `1e-7`.
pub fn plain(x: f64) -> String {
    let json = serde_json::to_string(&x).unwrap_or_default();
    match json.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        // A plus would be a blank in a link.
        None => json.replace('+', ""),
    }
}

/// Reads a decimal number as a form control writes it: `5`, `.5`, `08`, `1e3`.
pub fn number(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    let whole = digits.starts_with(|c: char| c.is_ascii_digit());
    let json = if whole {
        digits.to_owned()
    } else {
        format!("0{digits}")
    };
    let length = length(json.as_bytes())?;
    (length == json.len()).then(|| sign * value(&json))
}

/// How many bytes the JSON number takes that `text` begins with; `None` where there is none.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(from + count)
    };
    let is = |at: usize, among: &[u8]| text.get(at).is_some_and(|byte| among.contains(byte));
    let start = usize::from(is(0, b"-"));
    let mut end = match is(start, b"0") {
        true => start + 1,
        false => digits(start)?,
    };
    if is(end, b".") {
        end = digits(end + 1)?;
    }
    if is(end, b"eE") {
        let sign = usize::from(is(end + 1, b"+-"));
        end = digits(end + 1 + sign)?;
    }
    Some(end)
}

/// What a JSON number means, rounded to the nearest; infinite where it is too large.
///
/// Exact for up to 19 digits whose power of ten is as small; others keep 120 bits on the way.
pub(super) fn value(json: &str) -> f64 {
    let (mut digits, mut power, mut after_point) = (0_u64, 0_i32, false);
    let mut bytes = json.bytes();
    for byte in bytes.by_ref() {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                match digits
                    .checked_mul(10)
                    .and_then(|ten| ten.checked_add(digit))
                {
                    Some(more) => {
                        digits = more;
                        power -= i32::from(after_point);
                    }
                    None => power += i32::from(!after_point),
                }
            }
            b'.' => after_point = true,
            b'-' => {}
            _ => break,
        }
    }
    let mut exponent = 0_i32;
    let mut down = false;
    for byte in bytes {
        match byte {
            b'0'..=b'9' => exponent = (exponent * 10 + i32::from(byte - b'0')).min(1_000_000),
            byte => down = byte == b'-',
        }
    }
    power += if down { -exponent } else { exponent };
    let size = scaled(digits, power.clamp(-400, 400));
    if json.starts_with('-') { -size } else { size }
}

/// `digits` times ten to the `power`.
fn scaled(digits: u64, power: i32) -> f64 {
    if digits == 0 {
        return 0.0;
    }
    // The number is `bits` times two to the `shift`, and all 128 bits are in use.
    let zeros = u128::from(digits).leading_zeros();
    let (mut bits, mut shift) = (u128::from(digits) << zeros, -(zeros as i32));
    let mut left = power.unsigned_abs();
    while left > 0 {
        let step = left.min(STEP);
        let ten = 10_u128.pow(step);
        left -= step;
        if power > 0 {
            let (high, low) = ((bits >> 64) * ten, (bits & u128::from(u64::MAX)) * ten);
            bits = (high + (low >> 64)) | u128::from(low << 64 != 0);
            shift += 64;
        } else {
            let (whole, rest) = (bits / ten, bits % ten);
            let room = whole.leading_zeros().min(64);
            let (part, rest) = ((rest << room) / ten, (rest << room) % ten);
            bits = (whole << room) | part | u128::from(rest != 0);
            shift -= room as i32;
        }
        let zeros = bits.leading_zeros();
        bits <<= zeros;
        shift -= zeros as i32;
    }
    // In two halves: a power of two alone may be too small for a number.
    let half = shift / 2;
    bits as f64 * power_of_two(half) * power_of_two(shift - half)
}

fn power_of_two(power: i32) -> f64 {
    f64::from_bits(((power.clamp(-1022, 1023) + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_form_control_writes_is_read() {
        for (text, x) in [
            ("5", 5.0),
            (".5", 0.5),
            ("08", 8.0),
            ("-1.25", -1.25),
            ("+3", 3.0),
            ("1e3", 1000.0),
            ("1E-7", 1e-7),
            ("0", 0.0),
            ("123456789012345678901234567890", 1.2345678901234568e29),
            ("1e308", 1e308),
            ("0e999", 0.0),
        ] {
            assert_eq!(number(text), Some(x), "{text}");
        }
        assert_eq!(number("1e999"), Some(f64::INFINITY));
        for text in [
            "", "-", ".", "5.", "1e", "1e+", "one", "1 2", "--1", "0x1", "NaN",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_agrees_with_the_standard_library(digits in any::<u64>(), power in -19_i32..=19) {
            let text = format!("{digits}e{power}");
            prop_assert_eq!(number(&text), text.parse().ok());
        }

        #[test]
        fn what_is_written_is_read_again(x in -1e18_f64..1e18) {
            prop_assert_eq!(number(&plain(x)), Some(x));
        }

        #[test]
        fn small_numbers_too(x in -1.0_f64..1.0, power in 0_i32..15) {
            let x = x / 10_f64.powi(power);
            prop_assert_eq!(number(&plain(x)), Some(x));
        }
    }
}
