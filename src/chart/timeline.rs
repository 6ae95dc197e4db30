//! A run as a timeline: rows of states on a time axis, and what of it is under a pointer.

use std::sync::Arc;

use super::axis::Axis;
use super::raster::{Bar, Choice, Cover, Raster, SHADES, Shade, Shades};
use super::rows::{By, Rows};
use crate::simulation::{Nanos, Outcome, Run};

/// A run in rows, and the stretch of time to show.
#[derive(Clone)]
pub struct Timeline {
    pub run: Arc<Run>,
    pub rows: Arc<Rows>,
    pub axis: Axis,
    /// The states that are drawn.
    pub shown: Shades,
}

impl Timeline {
    /// How many rows it is drawn in, where there is room for `most`.
    pub fn drawn_rows(&self, most: u32) -> u32 {
        let visible = self.rows.visible(&self.run, self.axis);
        (visible.end - visible.start).clamp(1, most.max(1))
    }

    /// What fills `width` pixels by at most `most` rows.
    pub fn bars(&self, width: u32, most: u32) -> Vec<Bar> {
        let visible = self.rows.visible(&self.run, self.axis);
        let total = (visible.end - visible.start).max(1);
        let rows = self.drawn_rows(most);
        let choice = |sharing: u32| Choice {
            sharing: sharing as f32,
            shown: self.shown,
        };
        if let Some(grid) = self.rows.coarse(&self.run, self.axis, width) {
            let row = |row: usize| {
                let middle = f64::from(visible.start)
                    + (row as f64 + 0.5) * f64::from(total) / f64::from(rows);
                (middle * f64::from(grid.rows) / f64::from(self.rows.count.max(1))) as usize
            };
            return choice(1).bars(width, rows, &mut |y, x, cover| {
                *cover = grid.cover(row(y).min(grid.rows as usize - 1), self.axis, x, width);
            });
        }
        let mut raster = Raster::new(self.axis, width, rows);
        self.rows.fill(&self.run, &mut raster, visible, rows);
        raster.bars(choice(total.div_ceil(rows)))
    }

    /// The request that shows at pixel `x` of `width` in drawn row `row`, and its state there: of those
    /// in the state that is drawn the one that covers most of the pixel.
    pub fn hit(&self, x: u32, width: u32, row: u32, most: u32) -> Option<(u32, Shade)> {
        let visible = self.rows.visible(&self.run, self.axis);
        let total = visible.end - visible.start;
        let rows = self.drawn_rows(most);
        let pixel = self.axis.length() as f64 / f64::from(width.max(1));
        let edge = |x: u32| self.axis.start as f64 + f64::from(x) * pixel;
        let (from, to) = (edge(x), edge(x + 1));
        let mut cover = Cover::default();
        let mut most_of: [(f64, u32); SHADES] = [(0.0, 0); SHADES];
        let mut look = |shade: Shade, request: u32, start: Nanos, end: Nanos| {
            let part = ((end as f64).min(to) - (start as f64).max(from)) / pixel;
            if part > 0.0 {
                cover[shade as usize] += part as f32;
                if part > most_of[shade as usize].0 {
                    most_of[shade as usize] = (part, request);
                }
            }
        };
        let here = |of: Option<u32>| {
            let at = of.and_then(|of| of.checked_sub(visible.start));
            at.is_some_and(|at| {
                u64::from(at) * u64::from(rows) / u64::from(total.max(1)) == u64::from(row)
            })
        };
        let shade_of =
            |request: u32, shade: Shade| match self.run.requests[request as usize].outcome {
                Outcome::Answered => shade,
                _ => Shade::Failed,
            };
        let axis = Axis {
            start: from as Nanos,
            end: to.ceil() as Nanos,
        };
        let spans = self.rows.spans(&self.run, axis);
        let first = spans.start;
        for (i, span) in self.run.spans[spans].iter().enumerate() {
            if here(self.rows.of_span(first + i, span)) {
                let shade = shade_of(span.request, span.state.into());
                look(shade, span.request, span.start, span.end);
            }
        }
        if self.rows.queues() {
            let open = self.run.first_open(axis.start);
            let requests = self.run.requests.iter().enumerate().skip(open);
            for (i, request) in requests.take_while(|(_, r)| r.arrival < axis.end) {
                if here(self.rows.of_request(i as u32)) {
                    let shade = shade_of(i as u32, Shade::Queued);
                    let until = request.admitted.min(request.end);
                    look(shade, i as u32, request.arrival, until);
                }
            }
        }
        let choice = Choice {
            sharing: total.div_ceil(rows) as f32,
            shown: self.shown,
        };
        let shade = choice.shade(&cover)?;
        Some((most_of[shade as usize].1, shade))
    }

    /// Where a request is drawn, in shares of the chart: left, top, width and height; `None` where it is
    /// out of view.
    pub fn place(&self, request: u32) -> Option<[f64; 4]> {
        let visible = self.rows.visible(&self.run, self.axis);
        let r = self.run.requests.get(request as usize)?;
        let mut from = match self.rows.queues() {
            true => r.arrival,
            false => r.admitted,
        };
        let row = match self.rows.by {
            By::Lane => r.lane,
            By::Connection | By::Core => {
                // It may have had several; the first in view stands for all.
                let spans = self.rows.spans(&self.run, self.axis);
                let first = spans.start;
                let (row, start) =
                    self.run.spans[spans]
                        .iter()
                        .enumerate()
                        .find_map(|(i, s)| {
                            let mine = s.request == request && s.end > self.axis.start;
                            let row = self.rows.of_span(first + i, s)?;
                            mine.then_some((row, s.start))
                        })?;
                from = start;
                row
            }
            _ => self.rows.of_request(request)?,
        };
        if !visible.contains(&row) || from >= self.axis.end || r.end <= self.axis.start {
            return None;
        }
        let left = self.axis.position(from).max(0.0);
        let right = self.axis.position(r.end.max(r.left)).min(1.0);
        let rows = f64::from(visible.end - visible.start);
        let top = f64::from(row - visible.start) / rows;
        Some([left, top, right - left, 1.0 / rows])
    }

    /// Where one request follows at once upon another on a lane of its own, as (row, pixel): the
    /// seams that keep waves apart. Empty by request, or where lanes outnumber `most` rows. What a
    /// seam parts is wider than the seam.
    pub fn seams(&self, width: u32, most: u32) -> Vec<(u32, u32)> {
        let lanes = &self.run.lanes;
        let threads = lanes.iter().all(|lane| lane.thread.is_some());
        if self.rows.by != By::Lane || !threads || lanes.len() > most as usize {
            return Vec::new();
        }
        let pixel = |t: Nanos| self.axis.position(t) * f64::from(width);
        let mut last: Vec<Option<(f64, f64)>> = vec![None; lanes.len()];
        let mut seams = Vec::new();
        let open = self.run.first_open(self.axis.start);
        let requests = self.run.requests[open..].iter();
        for request in requests.take_while(|r| r.arrival < self.axis.end) {
            // One that never got to a lane has no place on it.
            let Some(last) = last.get_mut(request.lane as usize) else {
                continue;
            };
            let (from, to) = (pixel(request.admitted), pixel(request.end));
            if let Some((start, end)) = last.replace((from, to))
                && from - end < 1.0
                && from - start >= 3.0
                && to - from >= 3.0
                && (0.0..f64::from(width)).contains(&from)
            {
                seams.push((request.lane, from as u32));
            }
        }
        seams
    }

    /// Where processes died, as (first row, last row, pixel), by lane.
    pub fn deaths(&self, width: u32, most: u32) -> Vec<(u32, u32, u32)> {
        let total = self.rows.count;
        if self.rows.by != By::Lane || total > most {
            return Vec::new();
        }
        let each = total / self.run.lanes.last().map_or(1, |lane| lane.process + 1);
        let deaths = self.run.deaths.iter();
        let seen = deaths.filter(|death| (self.axis.start..self.axis.end).contains(&death.at));
        seen.map(|death| {
            let first = death.process * each;
            let x = self.axis.position(death.at) * f64::from(width);
            (first, first + each - 1, x as u32)
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use plotters::prelude::*;
    use plotters_backend::{BackendColor, DrawingErrorKind};

    use super::*;
    use crate::chart::{Colour, Paper, Picture};
    use crate::scenario::Comparison;
    use crate::simulation;

    const WIDTH: u32 = 800;

    fn timeline(query: &str) -> Timeline {
        by(query, By::Lane)
    }

    fn by(query: &str, by: By) -> Timeline {
        let comparison = Comparison::from_query(query).expect("a valid link");
        let mut scenarios = comparison.iter().flat_map(Comparison::scenarios);
        let scenario = scenarios.next().expect("a scenario");
        let run = Arc::new(simulation::run(&scenario));
        let rows = Arc::new(Rows::new(&run, by));
        Timeline {
            axis: Axis::to(run.end),
            shown: Shades::ALL,
            run,
            rows,
        }
    }

    /// How many pixels of each row are not the ground's.
    #[derive(Default)]
    struct Sheet {
        inked: Vec<HashSet<i32>>,
    }

    impl DrawingBackend for &mut Sheet {
        type ErrorType = std::convert::Infallible;

        fn get_size(&self) -> (u32, u32) {
            (WIDTH, self.inked.len() as u32)
        }

        fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            Ok(())
        }

        fn present(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            Ok(())
        }

        fn draw_pixel(
            &mut self,
            (x, y): (i32, i32),
            colour: BackendColor,
        ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
            if let Some(row) = self.inked.get_mut(y as usize) {
                match colour.rgb {
                    (0, 0, 0) => row.remove(&x),
                    _ => row.insert(x),
                };
            }
            Ok(())
        }
    }

    /// How many pixels of each row a drawing inks.
    fn inked(timeline: &Timeline, height: u32) -> Vec<usize> {
        let mut sheet = Sheet {
            inked: vec![HashSet::new(); height as usize],
        };
        let area = (&mut sheet).into_drawing_area();
        let paper = Paper {
            width: WIDTH,
            height,
            ratio: 1.0,
            ink: Colour(255, 255, 255),
            ground: Colour(0, 0, 0),
        };
        Picture::Timeline(timeline.clone())
            .draw(&area, paper)
            .expect("nothing to go wrong");
        drop(area);
        sheet.inked.iter().map(HashSet::len).collect()
    }

    #[test]
    fn short_requests_far_apart_are_all_drawn() {
        let sparse = timeline(
            "?kind=gunicorn&workers=4&threads=2&requests=200&io_ms=1&arrivals=poisson&rate_per_s=10",
        );
        let rows = inked(&sparse, 96);
        // Eight lanes of twelve pixels; each request is at least a pixel on one of them.
        let drawn: usize = (0..8).map(|lane| rows[lane * 12 + 4]).sum();
        let bars = sparse.bars(WIDTH, 48).len();
        assert!(drawn >= bars, "{drawn} pixels of {bars} bars");
    }

    #[test]
    fn waves_are_parted_and_every_lane_is_drawn() {
        let waves = timeline("?kind=gunicorn&workers=4&threads=2&requests=40");
        assert_eq!(waves.seams(WIDTH, 48).len(), 32);
        let rows = inked(&waves, 96);
        for lane in 0..8 {
            // Four seams of a pixel, two where a backend counts a rectangle's last one too.
            let drawn = rows[lane * 12 + 4];
            assert!((792..=796).contains(&drawn), "{drawn}");
        }
    }

    #[test]
    fn there_are_no_seams_where_lanes_share_rows() {
        let many = timeline("?kind=executor&max_workers=200&requests=1000&spread=exponential");
        assert_eq!(many.seams(WIDTH, 48), []);
        assert!(!many.seams(WIDTH, 200).is_empty());
    }
}
