//! Time axes: their extent, the part of it that is looked at, and their ticks.

use crate::simulation::Nanos;
use crate::words::{HOUR, MINUTE, within};

/// A stretch of simulated time that a chart shows from edge to edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The time at the left edge, in nanoseconds.
    pub start: Nanos,
    /// The time at the right edge, in nanoseconds; later than `start`.
    pub end: Nanos,
}

impl Axis {
    /// An axis that shows everything up to `end`.
    pub fn to(end: Nanos) -> Self {
        Self {
            start: 0,
            end: end.max(1),
        }
    }

    /// The part of this axis that `window` shows.
    pub fn part(self, window: Window) -> Self {
        let start = self.time(window.from).min(self.end - 1);
        Self {
            start,
            end: self.time(window.to).max(start + 1),
        }
    }

    /// How long it is, in nanoseconds; never 0.
    pub fn length(self) -> Nanos {
        self.end - self.start
    }

    /// Where `t` stands: from 0 (left edge) to 1 (right edge), beyond them outside.
    pub fn position(self, t: Nanos) -> f64 {
        (t as f64 - self.start as f64) / self.length() as f64
    }

    /// The time at `share` of the axis, from 0 (left edge) to 1 (right edge).
    pub fn time(self, share: f64) -> Nanos {
        self.start + (within(share, 0.0, 1.0) * self.length() as f64).round() as Nanos
    }

    /// About `most` round times along the axis, never more than `most + 1`.
    pub fn ticks(self, most: u32) -> Vec<Nanos> {
        let rough = self.length() as f64 / f64::from(most.max(1));
        // Minutes and hours have round numbers of their own.
        let mut magnitude = match rough as Nanos {
            t if t >= HOUR => HOUR as f64,
            t if t >= MINUTE => MINUTE as f64,
            _ => 1.0,
        };
        while magnitude * 10.0 <= rough {
            magnitude *= 10.0;
        }
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * magnitude)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(10.0 * magnitude)
            .max(1.0);
        let first = (self.start as f64 / step).ceil() as u64;
        (first..)
            .map(|i| (i as f64 * step) as Nanos)
            .take_while(|t| *t <= self.end)
            .collect()
    }
}

/// The part of an axis that is looked at, in shares of the whole: `0 <= from < to <= 1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub from: f64,
    pub to: f64,
}

impl Window {
    /// All of it.
    pub const WHOLE: Self = Self { from: 0.0, to: 1.0 };

    /// The shortest stretch of time that fills a chart, in nanoseconds.
    const LEAST: f64 = 10_000.0;

    /// From one share to another, in whatever order, as far as they lie on the axis.
    pub fn between(a: f64, b: f64) -> Self {
        Self {
            from: within(a.min(b), 0.0, 1.0),
            to: within(a.max(b), 0.0, 1.0),
        }
    }

    /// The share of the whole that it is, from 0 to 1.
    pub fn width(self) -> f64 {
        self.to - self.from
    }

    /// The share of the whole that stands at `at` of the window.
    pub fn share(self, at: f64) -> f64 {
        self.from + at * self.width()
    }

    /// Where a share of the whole stands in the window; below 0 or above 1 outside of it.
    pub fn place(self, share: f64) -> f64 {
        (share - self.from) / self.width()
    }

    /// A window `factor` times as wide, in which what stands at `at` (0 to 1) stays where it is as
    /// far as the axis allows. It shows no less than 10 µs of an axis that ends at `end`.
    pub fn zoom(self, factor: f64, at: f64, end: Nanos) -> Self {
        let least = (Self::LEAST / end.max(1) as f64).min(1.0);
        let width = within(self.width() * factor, least, 1.0);
        Self::placed(self.share(at) - at * width, width)
    }

    /// A window that has moved to the right by `by` of its own width, as far as the axis allows.
    pub fn pan(self, by: f64) -> Self {
        Self::placed(self.from + by * self.width(), self.width())
    }

    /// The window with the share `share` of the whole in it, moved no further than it has to be.
    pub fn holding(self, share: f64) -> Self {
        let from = self.from.min(share).max(share - self.width());
        Self::placed(from, self.width())
    }

    fn placed(from: f64, width: f64) -> Self {
        let from = within(from, 0.0, 1.0 - width);
        Self {
            from,
            to: from + width,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_and_stay_on_the_axis() {
        let axis = Axis::to(12_500_000_000);
        let seconds = |axis: Axis| -> Vec<_> {
            let ticks = axis.ticks(7).into_iter();
            ticks.map(|t| t / 1_000_000_000).collect()
        };
        assert_eq!(seconds(axis), [0, 2, 4, 6, 8, 10, 12]);
        let late = axis.part(Window {
            from: 0.52,
            to: 1.0,
        });
        assert_eq!(seconds(late), [7, 8, 9, 10, 11, 12]);
        for end in [1, 7, 999, 123_456_789, u64::MAX / 2] {
            let ticks = Axis::to(end).ticks(6);
            assert_eq!(ticks[0], 0);
            assert!(ticks.len() <= 8 && ticks.iter().all(|t| *t <= end), "{end}");
        }
    }

    fn windows() -> impl Strategy<Value = Window> {
        (0.0..0.9, 0.001..0.1_f64).prop_map(|(from, width)| Window {
            from,
            to: from + width,
        })
    }

    const END: Nanos = 12_500_000_000;

    proptest! {
        #[test]
        fn zooming_keeps_what_is_under_the_pointer_where_the_axis_allows(
            window in windows(), factor in 0.5..2.0_f64, at in 0.0..=1.0_f64,
        ) {
            let after = window.zoom(factor, at, END);
            prop_assert!(after.from >= 0.0 && after.to <= 1.0 + 1e-12 && after.width() > 0.0);
            if after.from > 0.0 && after.to < 1.0 {
                prop_assert!((after.place(window.share(at)) - at).abs() < 1e-6);
            }
        }

        #[test]
        fn panning_there_and_back_changes_nothing_within_the_axis(window in windows(), by in -2.0..2.0_f64) {
            let there = window.pan(by);
            prop_assert!((there.width() - window.width()).abs() < 1e-12);
            if there.from > 0.0 && there.to < 1.0 {
                let back = there.pan(-by);
                prop_assert!((back.from - window.from).abs() < 1e-12);
            }
        }

        #[test]
        fn a_time_on_the_axis_is_found_where_it_is_drawn(window in windows(), at in 0.0..=1.0_f64) {
            let axis = Axis::to(END).part(window);
            let t = axis.time(at);
            prop_assert!((axis.position(t) - at).abs() < 1e-6);
        }

        #[test]
        fn what_is_asked_for_is_held(window in windows(), share in 0.0..=1.0_f64) {
            let held = window.holding(share);
            prop_assert!(held.from <= share + 1e-12 && share <= held.to + 1e-12);
            if window.from <= share && share <= window.to {
                prop_assert!((held.from - window.from).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn no_zoom_goes_deeper_than_ten_microseconds_or_past_the_whole() {
        let mut window = Window::WHOLE;
        for _ in 0..100 {
            window = window.zoom(0.5, 0.3, END);
        }
        assert!((Axis::to(END).part(window).length() as f64 - 10_000.0).abs() < 2.0);
        for _ in 0..100 {
            window = window.zoom(2.0, 0.3, END);
        }
        assert_eq!(window, Window::WHOLE);
    }
}
