//! A few words of SVG for the diagrams: boxes in a request's state, dots, labels, arrows.

use std::fmt::Write;

use crate::scenario::plain;
use crate::simulation::State;

/// A drawing under way, in a view box of CSS-pixel-like units.
pub struct Svg {
    /// The figure's name, which keeps its patterns' ids apart from other figures'.
    name: &'static str,
    /// The request that the reader follows.
    followed: Option<u32>,
    /// The hatches in use, by the names of their states, each with the gap between its lines.
    hatches: Vec<(&'static str, u32)>,
    out: String,
}

impl Svg {
    /// An empty drawing; `name` sets its patterns apart from other drawings' on the page.
    pub fn new(name: &'static str, followed: Option<u32>) -> Self {
        Self {
            name,
            followed,
            hatches: Vec::new(),
            out: String::with_capacity(8192),
        }
    }

    fn put(&mut self, args: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(args);
    }

    /// The drawing as the inner HTML of an `<svg>`, with the hatches that it uses.
    pub fn finish(mut self) -> String {
        let name = self.name;
        for (state, gap) in std::mem::take(&mut self.hatches) {
            self.put(format_args!(
                "<pattern id=\"{name}-{state}\" width=\"{gap}\" height=\"{gap}\" \
                 patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
                 <rect width=\"{gap}\" height=\"{gap}\" class=\"tint\"/>\
                 <rect width=\"1\" height=\"{gap}\" class=\"hatch\"/></pattern>"
            ));
        }
        self.out
    }

    /// A frame around a process, a queue, a pool.
    pub fn frame(&mut self, x: f64, y: f64, w: f64, h: f64, class: &str) {
        let [x, y, w, h] = [x, y, w, h].map(plain);
        self.put(format_args!(
            "<rect class=\"frame {class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>"
        ));
    }

    /// Words at a point, which is their baseline's start unless `class` says otherwise.
    pub fn text(&mut self, x: f64, y: f64, class: &str, words: &str) {
        let [x, y] = [x, y].map(plain);
        self.put(format_args!(
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{words}</text>"
        ));
    }

    /// A slot: empty, or with a request in its state.
    pub fn slot(&mut self, x: f64, y: f64, w: f64, h: f64, holds: Option<(u32, State)>) {
        let (roomy, cx, cy) = (w >= 26.0, x + w / 2.0, y + h / 2.0 + 3.3);
        let [x, y, w, h] = [x, y, w, h].map(plain);
        let Some((request, state)) = holds else {
            self.put(format_args!(
                "<rect class=\"slot\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\"/>"
            ));
            return;
        };
        let followed = if self.followed == Some(request) {
            " followed"
        } else {
            ""
        };
        let hatch = match state {
            State::Running => None,
            State::Ready => Some(("ready", 3)),
            State::Connection => Some(("connection", 10)),
            State::Io => Some(("io", 6)),
        };
        if let Some(hatch) = hatch.filter(|hatch| !self.hatches.contains(hatch)) {
            self.hatches.push(hatch);
        }
        let (class, fill) = match hatch {
            None => ("running", String::new()),
            Some((state, _)) => ("held", format!(" fill=\"url(#{}-{state})\"", self.name)),
        };
        self.put(format_args!(
            "<rect class=\"{class}{followed}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\"{fill}/>"
        ));
        if roomy {
            let [cx, cy] = [cx, cy].map(plain);
            self.put(format_args!(
                "<text class=\"in {class}\" x=\"{cx}\" y=\"{cy}\">#{}</text>",
                request + 1
            ));
        }
    }

    /// A curved arrow from one point to another, level at both.
    pub fn arrow(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, class: &str) {
        let middle = (x1 + x2) / 2.0;
        let [x1, y1, x2, y2, middle] = [x1, y1, x2, y2, middle].map(plain);
        self.put(format_args!(
            "<path class=\"arrow {class}\" d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}\"/>"
        ));
    }

    /// A grid of queued requests, as many as fit; the followed one stands out, at the end where it
    /// is further back than the grid reaches.
    pub fn queue(
        &mut self,
        (x, y): (f64, f64),
        (columns, rows): (u32, u32),
        count: u32,
        named: &[u32],
    ) {
        const PITCH: u32 = 10;
        // Where they are more than there is room for, the last row counts the rest.
        let room = columns * rows;
        let shown = if count > room { room - columns } else { count };
        let corner = |i: u32| (i % columns * PITCH, i / columns * PITCH);
        let [x, y] = [x, y].map(plain);
        // Relative steps: the same text again and again makes a small page.
        let mut path = "m0 0".to_owned();
        let back = (columns - 1) * PITCH;
        for i in 1..=shown {
            // Writing to a String cannot fail.
            let _ = match i % columns {
                0 => write!(path, "h7v7h-7zm-{back} {PITCH}"),
                _ => write!(path, "h7v7h-7zm{PITCH} 0"),
            };
        }
        self.put(format_args!(
            "<g transform=\"translate({x} {y})\"><path class=\"queued\" d=\"{path}\"/>"
        ));
        let place = self
            .followed
            .and_then(|followed| named.iter().position(|request| *request == followed));
        if let Some(place) = place {
            let (x, y) = corner((place as u32).min(shown.saturating_sub(1)));
            self.put(format_args!(
                "<rect class=\"queued followed\" x=\"{x}\" y=\"{y}\" width=\"7\" height=\"7\"/>"
            ));
        }
        if count > room {
            let y = rows * PITCH - 1;
            self.put(format_args!("<text y=\"{y}\">+{}</text>", count - shown));
        }
        self.put(format_args!("</g>"));
    }
}
