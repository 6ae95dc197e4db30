//! Plotters' SVG made small, and its colours the page's: one path for each shade.

use std::collections::BTreeMap;

/// Rewrites an SVG drawn with white ink on black into paths whose colours the style sheet mixes:
/// a grey of n/255 becomes that share of the model's colour.
pub fn themed(svg: &str, width: u32, height: u32) -> String {
    let mut fills: BTreeMap<u32, String> = BTreeMap::new();
    let mut strokes: BTreeMap<u32, String> = BTreeMap::new();
    for element in svg.split('<') {
        let number = |name: &str| attribute(element, name)?.parse::<i64>().ok();
        if element.starts_with("rect ") {
            if let (Some(x), Some(y), Some(w), Some(h), Some(share)) = (
                number("x"),
                number("y"),
                number("width"),
                number("height"),
                attribute(element, "fill").and_then(percent),
            ) {
                let path = fills.entry(share).or_default();
                path.push_str(&format!("M{x} {y}h{w}v{h}h-{w}z"));
            }
        } else if element.starts_with("polyline ") {
            let points = attribute(element, "points").unwrap_or_default();
            let mut corners = points.split_whitespace();
            if let (Some(from), Some(to), Some(share)) = (
                corners.next(),
                corners.next(),
                attribute(element, "stroke").and_then(percent),
            ) {
                let path = strokes.entry(share).or_default();
                path.push_str(&format!("M{from}L{to}"));
            }
        }
    }
    let mut out = format!("<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\">");
    // The weakest shade first: seams and marks lie on top.
    for (kind, paths) in [("fill", fills), ("stroke", strokes)] {
        for (share, path) in paths {
            out.push_str(&format!("<path {kind}=\"{}\" d=\"{path}\"/>", colour(share)));
        }
    }
    out + "</svg>"
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The share of ink in a grey such as `#3A3A3A`, in percent.
fn percent(grey: &str) -> Option<u32> {
    let level = u32::from_str_radix(grey.get(1..3)?, 16).ok()?;
    Some((level * 100 + 127) / 255)
}

fn colour(share: u32) -> String {
    match share {
        100 => "var(--model)".to_owned(),
        0 => "var(--card)".to_owned(),
        share => format!("color-mix(in srgb,var(--model) {share}%,var(--card))"),
    }
}
