//! Numbers as decimal text and back.
//!
//! JSON's reader and writer serve here: the standard library's would add twenty kilobytes of code
//! and tables to the page. So nothing in the crate that reaches the page may write an `f64` with
//! `{}`.

use super::node::Node;

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
///
/// The last digit that JSON's reader makes of it may be off, so of what it read and the neighbours
/// the one counts that is written like `text`.
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
    // As any JSON value: a reader for numbers alone would be one more.
    let Ok(Node::Number(near)) = serde_json::from_str(&json) else {
        return None;
    };
    let exact = [near, near.next_up(), near.next_down()]
        .into_iter()
        .find(|x| plain(*x) == json);
    Some(sign * exact.unwrap_or(near))
}
