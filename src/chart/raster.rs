//! Which state fills which pixel, so that drawing costs by pixels and never by requests.

use super::axis::Axis;
use crate::simulation::{Nanos, State};
use crate::words::within;

/// What a pixel of a timeline shows, in order of precedence where several share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    Running,
    Ready,
    /// Whatever a request does or waits for that will never have an answer.
    Failed,
    Connection,
    Io,
    Queued,
}

impl Shade {
    /// Each of them, in order of precedence.
    pub const ALL: [Self; SHADES] = [
        Self::Running,
        Self::Ready,
        Self::Failed,
        Self::Connection,
        Self::Io,
        Self::Queued,
    ];
}

/// How many shades there are.
pub const SHADES: usize = 6;

impl From<State> for Shade {
    fn from(state: State) -> Self {
        match state {
            State::Ready => Self::Ready,
            State::Running => Self::Running,
            State::Connection => Self::Connection,
            State::Io => Self::Io,
        }
    }
}

/// A set of shades: those that are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades(u8);

impl Shades {
    /// All of them.
    pub const ALL: Self = Self(u8::MAX);

    /// Whether `shade` is among them.
    pub fn has(self, shade: Shade) -> bool {
        self.0 & 1 << shade as u8 != 0
    }

    /// The set with `shade` in it if it was not, or the other way round.
    pub fn toggled(self, shade: Shade) -> Self {
        Self(self.0 ^ 1 << shade as u8)
    }
}

/// How much of a pixel each shade covers: 1 where one interval covers it whole.
pub type Cover = [f32; SHADES];

/// A run of pixels of one row that show one state, from `from` up to but not including `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub row: u32,
    pub from: u32,
    pub to: u32,
    pub shade: Shade,
}

/// How a pixel's shade is chosen among those that cover it.
#[derive(Clone, Copy)]
pub struct Choice {
    /// How many intervals may cover a row at the same time.
    pub sharing: f32,
    pub shown: Shades,
}

impl Choice {
    /// The state that a pixel with this coverage shows; `None` where nothing to speak of covers it.
    ///
    /// It is the first in the order of [`Shade`] that covers at least half of the pixel, or half of
    /// all that may share it, else the one that covers most of it, so that nothing at least a
    /// pixel wide is lost.
    pub fn shade(self, cover: &Cover) -> Option<Shade> {
        // Less than that nobody sees.
        let noise = 1e-3;
        let half = self.sharing / 2.0;
        let part = |shade: Shade| match self.shown.has(shade) {
            true => cover[shade as usize],
            false => 0.0,
        };
        let most = Shade::ALL.into_iter().map(part).fold(0.0, f32::max);
        let least = most.min(half - noise);
        let first = Shade::ALL.into_iter().find(|shade| part(*shade) >= least);
        first.filter(|_| most > noise)
    }

    /// `rows` rows of `width` pixels as bars, rows from the top, each row from the left. `cover` is
    /// asked for each pixel in that order.
    pub fn bars(
        self,
        width: u32,
        rows: u32,
        cover: &mut dyn FnMut(usize, usize, &mut Cover),
    ) -> Vec<Bar> {
        let mut bars: Vec<Bar> = Vec::new();
        for row in 0..rows {
            let mut pixel = Cover::default();
            let mut open: Option<Bar> = None;
            for x in 0..width {
                cover(row as usize, x as usize, &mut pixel);
                let shade = self.shade(&pixel);
                match (&mut open, shade) {
                    (Some(bar), Some(shade)) if bar.shade == shade => bar.to = x + 1,
                    _ => {
                        bars.extend(open.take());
                        open = shade.map(|shade| Bar {
                            row,
                            from: x,
                            to: x + 1,
                            shade,
                        });
                    }
                }
            }
            bars.extend(open);
        }
        bars
    }
}

/// Parts of a pixel in which coverage is counted, a power of two: whole numbers, because sums of many fractions leave
/// a remainder where nothing is. A million intervals on one pixel fit an `i32`.
const PARTS: i32 = 1 << 11;

/// How much of a pixel each shade covers, in [`PARTS`].
type Sum = [i32; SHADES];

/// How much of each pixel of a grid each state covers, filled one interval at a time.
///
/// Each cell holds, per state, the change in coverage against the cell to its left, in [`PARTS`], so that an
/// interval costs four additions however long it is.
pub struct Raster {
    axis: Axis,
    width: usize,
    rows: usize,
    /// Parts of a pixel to a nanosecond.
    scale: f64,
    steps: Vec<i32>,
}

impl Raster {
    /// An empty grid of `width` pixels by `rows`, with `axis` across it.
    pub fn new(axis: Axis, width: u32, rows: u32) -> Self {
        let (width, rows) = (width.max(1) as usize, rows.max(1) as usize);
        Self {
            axis,
            width,
            rows,
            scale: f64::from(PARTS) * width as f64 / axis.length() as f64,
            steps: vec![0; rows * (width + 2) * SHADES],
        }
    }

    /// The axis across it.
    pub fn axis(&self) -> Axis {
        self.axis
    }

    /// Covers `row` with `shade` from `start` to `end`.
    pub fn add(&mut self, row: u32, shade: Shade, start: Nanos, end: Nanos) {
        let (start, end) = (start.max(self.axis.start), end.min(self.axis.end));
        if start >= end || row as usize >= self.rows {
            return;
        }
        let x = |t: Nanos| ((t - self.axis.start) as f64 * self.scale + 0.5) as usize;
        let (from, to) = (x(start), x(end));
        self.ramp(row, shade, from, 1);
        self.ramp(row, shade, to, -1);
    }

    /// Raises the coverage from `x`, in parts of a pixel, to the right by `by`; the pixel under `x` by its part.
    fn ramp(&mut self, row: u32, shade: Shade, x: usize, by: i32) {
        let (pixel, part) = (x / PARTS as usize, (x % PARTS as usize) as i32);
        let cell = (row as usize * (self.width + 2) + pixel) * SHADES + shade as usize;
        self.steps[cell] += by * (PARTS - part);
        self.steps[cell + SHADES] += by * part;
    }

    /// Takes `sum` from the pixel to the left of (`row`, `x`), or from nothing, to that one's.
    fn advance(&self, row: usize, x: usize, sum: &mut Sum) {
        let cell = (row * (self.width + 2) + x) * SHADES;
        for (total, step) in sum.iter_mut().zip(&self.steps[cell..]) {
            *total += step;
        }
    }

    /// What covers each pixel of a row, from the left.
    pub fn covers(&self, row: usize) -> Vec<Cover> {
        let mut sum = Sum::default();
        let pixel = |x| {
            self.advance(row, x, &mut sum);
            sum.map(|parts| parts as f32 / PARTS as f32)
        };
        (0..self.width).map(pixel).collect()
    }

    /// The grid as bars.
    pub fn bars(&self, choice: Choice) -> Vec<Bar> {
        let mut sum = Sum::default();
        choice.bars(self.width as u32, self.rows as u32, &mut |row, x, cover| {
            if x == 0 {
                sum = Sum::default();
            }
            self.advance(row, x, &mut sum);
            *cover = sum.map(|parts| parts as f32 / PARTS as f32);
        })
    }
}

/// A whole run rastered once, coarsely, so that looking at any large part of it costs by pixels.
///
/// Each cell holds the coverage of all cells to its left, so that the coverage of any stretch is a
/// difference of two.
pub struct Grid {
    whole: Axis,
    columns: usize,
    pub rows: u32,
    /// Intervals that cover a row at a time, at most.
    sharing: f64,
    /// In [`PARTS`].
    sums: Vec<i64>,
}

impl Grid {
    /// Sums up `raster`, in rows that up to `sharing` intervals cover at a time.
    pub fn new(raster: &Raster, sharing: u32) -> Self {
        let mut sums = Vec::with_capacity(raster.rows * (raster.width + 1) * SHADES);
        for row in 0..raster.rows {
            let (mut cover, mut sum) = (Sum::default(), [0; SHADES]);
            sums.extend(sum);
            for x in 0..raster.width {
                raster.advance(row, x, &mut cover);
                for (sum, parts) in sum.iter_mut().zip(cover) {
                    *sum += i64::from(parts);
                }
                sums.extend(sum);
            }
        }
        Self {
            whole: raster.axis,
            columns: raster.width,
            rows: raster.rows as u32,
            sharing: sharing.into(),
            sums,
        }
    }

    /// Whether a cell is at most two and a half pixels wide, with `width` of them across `axis`: finer
    /// than a reader tells apart on a screen with so many.
    pub fn serves(&self, axis: Axis, width: u32) -> bool {
        let cell = self.whole.length() as f64 / self.columns as f64;
        2.5 * axis.length() as f64 / f64::from(width.max(1)) >= cell
    }

    /// What covers the pixel `x` of `width` across `axis`, in a row of the grid: 1 where as many cover it
    /// as may share the row.
    pub fn cover(&self, row: usize, axis: Axis, x: usize, width: u32) -> Cover {
        let pixel = axis.length() as f64 / f64::from(width.max(1));
        let cells = self.columns as f64 / self.whole.length() as f64;
        let at = |x: usize| {
            let t = axis.start as f64 + x as f64 * pixel - self.whole.start as f64;
            within(t * cells, 0.0, self.columns as f64)
        };
        let (from, to) = (at(x), at(x + 1));
        let per = (to - from).max(1e-9) * f64::from(PARTS) * self.sharing;
        std::array::from_fn(|shade| {
            ((self.sum(row, to, shade) - self.sum(row, from, shade)) / per) as f32
        })
    }

    /// What covers the pixel in all rows together: 1 for each interval that covers it whole.
    pub fn total(&self, axis: Axis, x: usize, width: u32) -> Cover {
        let mut total = Cover::default();
        for row in 0..self.rows as usize {
            let cover = self.cover(row, axis, x, width);
            for (total, part) in total.iter_mut().zip(cover) {
                *total += part * self.sharing as f32;
            }
        }
        total
    }

    /// The coverage by a shade of everything to the left of `at`, in cells; in [`PARTS`].
    fn sum(&self, row: usize, at: f64, shade: usize) -> f64 {
        let cell = (at as usize).min(self.columns - 1);
        let index = (row * (self.columns + 1) + cell) * SHADES + shade;
        let (before, after) = (self.sums[index], self.sums[index + SHADES]);
        before as f64 + (after - before) as f64 * (at - cell as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One interval at a time, of any shade.
    const ALONE: Choice = Choice {
        sharing: 1.0,
        shown: Shades::ALL,
    };

    fn bar(from: u32, to: u32, shade: Shade) -> Bar {
        Bar {
            row: 0,
            from,
            to,
            shade,
        }
    }

    #[test]
    fn states_fill_the_pixels_they_cover() {
        let mut raster = Raster::new(Axis::to(100), 10, 1);
        raster.add(0, Shade::Queued, 0, 40);
        raster.add(0, Shade::Io, 40, 90);
        assert_eq!(
            raster.bars(ALONE),
            [bar(0, 4, Shade::Queued), bar(4, 9, Shade::Io)]
        );
    }

    #[test]
    fn a_sliver_shows_where_nothing_else_does() {
        let mut raster = Raster::new(Axis::to(1000), 10, 1);
        raster.add(0, Shade::Io, 250, 260);
        assert_eq!(raster.bars(ALONE), [bar(2, 3, Shade::Io)]);
    }

    #[test]
    fn what_is_not_shown_makes_room_for_what_is_under_it() {
        let mut raster = Raster::new(Axis::to(100), 10, 2);
        raster.add(0, Shade::Running, 0, 100);
        raster.add(0, Shade::Io, 0, 100);
        raster.add(1, Shade::Running, 0, 100);
        let choice = Choice {
            shown: Shades::ALL.toggled(Shade::Running),
            ..ALONE
        };
        assert_eq!(raster.bars(choice), [bar(0, 10, Shade::Io)]);
    }

    #[test]
    fn a_part_of_the_axis_shows_what_lies_on_it() {
        let axis = Axis { start: 50, end: 60 };
        let mut raster = Raster::new(axis, 10, 1);
        raster.add(0, Shade::Queued, 0, 52);
        raster.add(0, Shade::Io, 52, 58);
        raster.add(0, Shade::Running, 58, 1000);
        raster.add(0, Shade::Running, 10, 50);
        assert_eq!(
            raster.bars(ALONE),
            [
                bar(0, 2, Shade::Queued),
                bar(2, 8, Shade::Io),
                bar(8, 10, Shade::Running)
            ]
        );
    }

    #[test]
    fn what_lies_beyond_the_axis_is_left_out() {
        let mut raster = Raster::new(Axis::to(100), 10, 1);
        raster.add(0, Shade::Io, 50, 1000);
        raster.add(7, Shade::Io, 0, 100);
        raster.add(0, Shade::Io, 2000, 3000);
        assert_eq!(raster.bars(ALONE), [bar(5, 10, Shade::Io)]);
    }

    #[test]
    fn what_many_leave_behind_is_nothing() {
        // A loop's lane: so many at once, for a part of the axis that no width divides.
        for (requests, end) in [(1000, 100_000_000), (1_000_000, 333_333_333)] {
            for width in [987, 1440, 1920] {
                let mut raster = Raster::new(Axis::to(12_500_000_000), width, 1);
                for i in 0..requests {
                    raster.add(0, Shade::Running, i, i + 1_000);
                    raster.add(0, Shade::Io, i + 1_000, end + i);
                }
                let last = (end + requests) * u64::from(width) / 12_500_000_000 + 1;
                let bars = raster.bars(ALONE);
                assert!(
                    bars.iter().all(|bar| u64::from(bar.to) <= last),
                    "{width}: {bars:?}"
                );
                let grid = Grid::new(&raster, 1);
                let cover = grid.cover(0, raster.axis(), width as usize - 1, width);
                assert_eq!(cover, Cover::default());
            }
        }
    }

    #[test]
    fn where_many_share_a_row_what_most_of_them_do_shows() {
        let mut raster = Raster::new(Axis::to(100), 10, 1);
        raster.add(0, Shade::Running, 0, 100);
        for _ in 0..11 {
            raster.add(0, Shade::Io, 50, 100);
        }
        assert_eq!(
            raster.bars(Choice {
                sharing: 12.0,
                ..ALONE
            }),
            [bar(0, 5, Shade::Running), bar(5, 10, Shade::Io)]
        );
    }

    proptest! {
        #[test]
        fn a_grid_covers_any_part_of_the_axis_as_the_intervals_do(
            spans in prop::collection::vec((0_u64..1000, 1_u64..300), 1..40),
            start in 0_u64..900,
            length in 100_u64..1000,
        ) {
            let whole = Axis::to(1000);
            let axis = Axis { start, end: (start + length).min(1000) };
            let mut coarse = Raster::new(whole, 1000, 1);
            let mut fine = Raster::new(axis, 10, 1);
            for (start, length) in spans {
                let end = (start + length).min(1000);
                coarse.add(0, Shade::Io, start, end);
                fine.add(0, Shade::Io, start, end);
            }
            let grid = Grid::new(&coarse, 1);
            prop_assert!(grid.serves(axis, 10));
            for (x, direct) in fine.covers(0).iter().enumerate() {
                let (a, b) = (grid.cover(0, axis, x, 10)[Shade::Io as usize], direct[Shade::Io as usize]);
                prop_assert!((a - b).abs() < 0.02, "pixel {x}: {a} and {b}");
            }
        }

        #[test]
        fn an_interval_of_a_pixel_or_more_is_never_lost(start in 0_u64..1000, length in 20_u64..500) {
            let mut raster = Raster::new(Axis::to(1000), 50, 1);
            raster.add(0, Shade::Queued, 0, 1000);
            raster.add(0, Shade::Running, start, start + length);
            prop_assert!(start >= 990 || raster.bars(ALONE).iter().any(|b| b.shade == Shade::Running));
        }

        #[test]
        fn bars_of_a_row_are_in_order_and_do_not_overlap(
            spans in prop::collection::vec((0_u32..3, 0_u64..1000, 0_u64..300), 0..60),
        ) {
            let mut raster = Raster::new(Axis::to(1000), 37, 3);
            for (row, start, length) in spans {
                raster.add(row, Shade::Io, start, start + length);
            }
            for pair in raster.bars(ALONE).windows(2) {
                prop_assert!(pair[0].from < pair[0].to && pair[0].to <= 37);
                prop_assert!(pair[0].row < pair[1].row || pair[0].to <= pair[1].from);
            }
        }
    }
}
