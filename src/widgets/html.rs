//! HTML as text, for the parts of a figure that only show something.
//!
//! What listens to the reader is a Leptos view. What merely shows numbers is written as text and
//! set as inner HTML: it is compiled once, not once for every element and type in it.

use crate::scenario::plain;

/// `text` with the characters that HTML reserves written out.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Escaped text in which what stands between backticks is code.
pub fn rich(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('`').enumerate() {
        match i % 2 {
            0 => out.push_str(&escape(part)),
            _ => out.push_str(&format!("<code>{}</code>", escape(part))),
        }
    }
    out
}

/// A headline number with the page's hooks: raw in `value`, readable in the text.
pub fn number(metric: &str, system: &str, (raw, text): (f64, String)) -> String {
    // To the nanosecond, where it is a time.
    let raw = (raw * 1e6).round() / 1e6;
    format!(
        "<data data-metric=\"{metric}\" data-system=\"{system}\" value=\"{}\">{text}</data>",
        plain(raw)
    )
}

/// A code sample with a title and a copy button; `code` is HTML.
pub fn sample(title: &str, code: &str) -> String {
    let title = escape(title);
    format!(
        "<div class=\"code\"><div class=\"code-head\"><span>{title}</span>\
         <button type=\"button\" class=\"copy\">Copy</button></div>\
         <pre tabindex=\"0\" role=\"group\"><code>{code}</code></pre></div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_reserves_is_written_out_and_backticks_are_code() {
        assert_eq!(
            rich("a < b `x\"y` & c"),
            "a &lt; b <code>x&quot;y</code> &amp; c"
        );
    }
}
