//! Plotters' SVG made small, and its colours the page's: one path for each shade.

use std::collections::BTreeMap;
use std::fmt::Write;

/// A bar's left end, top and length.
type Bar = (i64, i64, i64);

/// Rewrites an SVG drawn with white ink on black as a few paths in the style sheet's colours: a grey of n/255
/// becomes the model's colour with that opacity.
///
/// A bar becomes a thick stroke, which takes a third of the characters. Hatches are left out, and
/// seams that most rows share become one line across all of them.
pub fn themed(svg: &str, width: u32, height: u32) -> String {
    let mut strokes: BTreeMap<(u32, i64), Vec<Bar>> = BTreeMap::new();
    let mut seams: BTreeMap<i64, i64> = BTreeMap::new();
    for element in svg
        .split('<')
        .filter(|element| element.starts_with("rect "))
    {
        let number = |name: &str| attribute(element, name)?.parse::<i64>().ok();
        let share = attribute(element, "fill").and_then(percent);
        let (Some(x), Some(y), Some(w), Some(h), Some(share)) = (
            number("x"),
            number("y"),
            number("width"),
            number("height"),
            share,
        ) else {
            continue;
        };
        match share {
            // Too small to be seen at this size.
            _ if w == 0 || h == 0 => {}
            0 => *seams.entry(x).or_default() += h,
            _ => strokes.entry((share, h)).or_default().push((x, y, w)),
        }
    }
    if strokes.is_empty() {
        return String::new();
    }
    let mut out = format!("<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\">");
    for ((share, thick), mut bars) in strokes {
        bars.sort_unstable_by_key(|(x, y, _)| (*y, *x));
        let mut path = String::new();
        // A stroke lies to both sides of its line; the style sheet moves one that is a unit thick.
        let mut at = (0.0, (1 - thick) as f64 / 2.0);
        for (x, y, w) in bars {
            let (x, y) = (x as f64, y as f64);
            // Writing to a String cannot fail.
            let _ = write!(path, "m{} {}h{w}", x - at.0, y - at.1);
            at = (x + w as f64, y);
        }
        let thickness = match thick {
            1 => String::new(),
            _ => format!(" stroke-width=\"{thick}\""),
        };
        let opacity = match share {
            100 => String::new(),
            _ => format!(" opacity=\".{share:02}\""),
        };
        out.push_str(&format!("<path{opacity}{thickness} d=\"{path}\"/>"));
    }
    let common: Vec<i64> = seams
        .into_iter()
        .filter(|(_, covered)| *covered * 2 > i64::from(height))
        .map(|(x, _)| x)
        .collect();
    if !common.is_empty() {
        let path: String = common.iter().map(|x| format!("M{x}-1V{height}")).collect();
        out.push_str(&format!(
            "<path stroke=\"var(--card)\" stroke-width=\".2\" d=\"{path}\"/>"
        ));
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

#[cfg(test)]
mod tests {
    use super::themed;

    #[test]
    fn bars_become_strokes_in_the_pages_colours_and_common_seams_one_line() {
        let svg = "<svg><rect x=\"0\" y=\"0\" width=\"9\" height=\"6\" opacity=\"1\" fill=\"#FFFFFF\"/>\
                   <rect x=\"4\" y=\"0\" width=\"1\" height=\"6\" opacity=\"1\" fill=\"#000000\"/></svg>";
        assert_eq!(
            themed(svg, 9, 6),
            "<svg viewBox=\"0 0 9 6\" preserveAspectRatio=\"none\">\
             <path stroke-width=\"6\" d=\"m0 2.5h9\"/>\
             <path stroke=\"var(--card)\" stroke-width=\".2\" d=\"M4-1V6\"/></svg>"
        );
    }
}
