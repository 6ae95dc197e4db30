//! Which state fills which pixel, so that drawing costs by pixels and never by requests.

use super::scale::Axis;
use crate::simulation::{Nanos, State};

/// What a pixel of a timeline shows, in order of precedence where several share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    Running,
    Ready,
    Connection,
    Io,
    Queued,
}

const SHADES: [Shade; 5] = [
    Shade::Running,
    Shade::Ready,
    Shade::Connection,
    Shade::Io,
    Shade::Queued,
];

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

/// A run of pixels of one row that show one state, from `from` up to but not including `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub row: u32,
    pub from: u32,
    pub to: u32,
    pub shade: Shade,
}

/// How much of each pixel of a grid each state covers, filled one interval at a time.
///
/// Each cell holds, per state, the change in coverage against the cell to its left, so that an
/// interval costs four additions however long it is.
pub struct Raster {
    axis: Axis,
    width: usize,
    rows: usize,
    /// How many intervals may cover a row at the same time.
    sharing: f32,
    /// Coverage that sums of rounded numbers may leave where nothing is.
    noise: f32,
    steps: Vec<f32>,
}

impl Raster {
    /// An empty grid of `width` pixels by `rows`, with `axis` across it, where up to `sharing`
    /// intervals cover a row at the same time.
    pub fn new(axis: Axis, width: u32, rows: u32, sharing: u32) -> Self {
        let (width, rows) = (width.max(1) as usize, rows.max(1) as usize);
        Self {
            axis,
            width,
            rows,
            sharing: sharing as f32,
            noise: 1e-3 + 1e-5 * sharing as f32,
            steps: vec![0.0; rows * (width + 2) * SHADES.len()],
        }
    }

    /// Covers `row` with `shade` from `start` to `end`.
    pub fn add(&mut self, row: u32, shade: Shade, start: Nanos, end: Nanos) {
        if start >= end || row as usize >= self.rows {
            return;
        }
        let scale = self.width as f64 / self.axis.end as f64;
        let limit = self.width as f64;
        self.ramp(row, shade, (start as f64 * scale).min(limit), 1.0);
        self.ramp(row, shade, (end as f64 * scale).min(limit), -1.0);
    }

    /// Raises the coverage from `x` to the right by `by`; the pixel under `x` by its part.
    fn ramp(&mut self, row: u32, shade: Shade, x: f64, by: f32) {
        let pixel = x as usize;
        let part = (x - pixel as f64) as f32;
        let cell = (row as usize * (self.width + 2) + pixel) * SHADES.len() + shade as usize;
        self.steps[cell] += by * (1.0 - part);
        self.steps[cell + SHADES.len()] += by * part;
    }

    /// The grid as bars, rows from the top, each row from the left.
    ///
    /// A pixel shows the first state in the order of [`Shade`] that covers at least half of it, or
    /// half of all that may share it, else the one that covers most of it, so that
    /// nothing at least a pixel wide is lost.
    pub fn bars(&self) -> Vec<Bar> {
        let mut bars: Vec<Bar> = Vec::new();
        for row in 0..self.rows {
            let mut cover = [0.0_f32; SHADES.len()];
            let mut open: Option<Bar> = None;
            for x in 0..self.width {
                let cell = (row * (self.width + 2) + x) * SHADES.len();
                for (total, step) in cover.iter_mut().zip(&self.steps[cell..]) {
                    *total += step;
                }
                let shade = self.dominant(&cover);
                match (&mut open, shade) {
                    (Some(bar), Some(shade)) if bar.shade == shade => bar.to = x as u32 + 1,
                    _ => {
                        bars.extend(open.take());
                        open = shade.map(|shade| Bar {
                            row: row as u32,
                            from: x as u32,
                            to: x as u32 + 1,
                            shade,
                        });
                    }
                }
            }
            bars.extend(open);
        }
        bars
    }

    /// The state that a pixel with this coverage shows; `None` where nothing to speak of covers it.
    fn dominant(&self, cover: &[f32; SHADES.len()]) -> Option<Shade> {
        let half = self.sharing / 2.0;
        let most = cover.iter().fold(0.0_f32, |most, part| most.max(*part));
        let least = most.min(half - self.noise);
        let first = cover.iter().position(|part| *part >= least)?;
        (most > self.noise).then_some(SHADES[first])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        let mut raster = Raster::new(Axis::to(100), 10, 1, 1);
        raster.add(0, Shade::Queued, 0, 40);
        raster.add(0, Shade::Io, 40, 90);
        assert_eq!(
            raster.bars(),
            [bar(0, 4, Shade::Queued), bar(4, 9, Shade::Io)]
        );
    }

    #[test]
    fn a_sliver_shows_where_nothing_else_does() {
        let mut raster = Raster::new(Axis::to(1000), 10, 1, 1);
        raster.add(0, Shade::Io, 250, 260);
        assert_eq!(raster.bars(), [bar(2, 3, Shade::Io)]);
    }

    #[test]
    fn what_lies_beyond_the_axis_is_left_out() {
        let mut raster = Raster::new(Axis::to(100), 10, 1, 1);
        raster.add(0, Shade::Io, 50, 1000);
        raster.add(7, Shade::Io, 0, 100);
        raster.add(0, Shade::Io, 2000, 3000);
        assert_eq!(raster.bars(), [bar(5, 10, Shade::Io)]);
    }

    #[test]
    fn where_many_share_a_row_what_most_of_them_do_shows() {
        let mut raster = Raster::new(Axis::to(100), 10, 1, 12);
        raster.add(0, Shade::Running, 0, 100);
        for _ in 0..11 {
            raster.add(0, Shade::Io, 50, 100);
        }
        assert_eq!(
            raster.bars(),
            [bar(0, 5, Shade::Running), bar(5, 10, Shade::Io)]
        );
    }

    proptest! {
        #[test]
        fn an_interval_of_a_pixel_or_more_is_never_lost(start in 0_u64..1000, length in 20_u64..500) {
            let mut raster = Raster::new(Axis::to(1000), 50, 1, 1);
            raster.add(0, Shade::Queued, 0, 1000);
            raster.add(0, Shade::Running, start, start + length);
            prop_assert!(start >= 990 || raster.bars().iter().any(|b| b.shade == Shade::Running));
        }

        #[test]
        fn bars_of_a_row_are_in_order_and_do_not_overlap(
            spans in prop::collection::vec((0_u32..3, 0_u64..1000, 0_u64..300), 0..60),
        ) {
            let mut raster = Raster::new(Axis::to(1000), 37, 3, 1);
            for (row, start, length) in spans {
                raster.add(row, Shade::Io, start, start + length);
            }
            for pair in raster.bars().windows(2) {
                prop_assert!(pair[0].from < pair[0].to && pair[0].to <= 37);
                prop_assert!(pair[0].row < pair[1].row || pair[0].to <= pair[1].from);
            }
        }
    }
}
