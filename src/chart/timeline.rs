//! A run as a timeline: rows of states on a time axis, and what of it is under a pointer.

use std::sync::Arc;

use super::axis::Axis;
use super::raster::{Bar, Choice, Grid, Raster, Shade, Shades};
use super::rows::{By, Rows, spread};
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
        let rows = self.drawn_rows(most);
        if let Some(grid) = self.rows.coarse(&self.run, self.axis, width) {
            let places: Vec<_> = (0..rows)
                .map(|row| self.grid_row(grid, row, rows))
                .collect();
            return self.choice(1).bars(width, rows, &mut |row, x, cover| {
                *cover = grid.cover(places[row], self.axis, x, width);
            });
        }
        let visible = self.rows.visible(&self.run, self.axis);
        let mut raster = Raster::new(self.axis, width, rows);
        self.rows
            .fill(&self.run, &mut raster, &spread(visible, rows));
        raster.bars(self.choice(self.sharing(rows)))
    }

    fn choice(&self, sharing: u32) -> Choice {
        Choice {
            sharing: sharing as f32,
            shown: self.shown,
        }
    }

    /// How many rows share one of the `rows` that are drawn.
    fn sharing(&self, rows: u32) -> u32 {
        let visible = self.rows.visible(&self.run, self.axis);
        (visible.end - visible.start).max(1).div_ceil(rows)
    }

    /// The row of the grid in the middle of a drawn one.
    fn grid_row(&self, grid: &Grid, row: u32, rows: u32) -> usize {
        let visible = self.rows.visible(&self.run, self.axis);
        let total = f64::from((visible.end - visible.start).max(1));
        let middle = f64::from(visible.start) + (f64::from(row) + 0.5) * total / f64::from(rows);
        let row = middle * f64::from(grid.rows) / f64::from(self.rows.count.max(1));
        (row as usize).min(grid.rows as usize - 1)
    }

    /// What shows at pixel `x` of `width` in drawn row `row`.
    fn shade(&self, x: u32, width: u32, row: u32, rows: u32) -> Option<Shade> {
        if let Some(grid) = self.rows.coarse(&self.run, self.axis, width) {
            let row = self.grid_row(grid, row, rows);
            let cover = grid.cover(row, self.axis, x as usize, width);
            return self.choice(1).shade(&cover);
        }
        let place = spread(self.rows.visible(&self.run, self.axis), rows);
        let mut raster = Raster::new(self.axis, width, 1);
        self.rows.fill(&self.run, &mut raster, &|of| {
            (place(of) == Some(row)).then_some(0)
        });
        let covers = raster.covers(0);
        let cover = covers.get(x as usize)?;
        self.choice(self.sharing(rows)).shade(cover)
    }

    /// The request that shows at pixel `x` of `width` in drawn row `row`, and its state there: of those
    /// in the state that is drawn the one that covers most of the pixel.
    pub fn hit(&self, x: u32, width: u32, row: u32, most: u32) -> Option<(u32, Shade)> {
        let rows = self.drawn_rows(most);
        let shade = self.shade(x, width, row, rows)?;
        let pixel = self.axis.length() as f64 / f64::from(width.max(1));
        let edge = |x: u32| self.axis.start as f64 + f64::from(x) * pixel;
        let (from, to) = (edge(x), edge(x + 1));
        let place = spread(self.rows.visible(&self.run, self.axis), rows);
        let here = |of: Option<u32>| of.and_then(&place) == Some(row);
        let failed =
            |request: u32| self.run.requests[request as usize].outcome != Outcome::Answered;
        let mut found: Option<(f64, u32)> = None;
        let mut look = |state: Shade, request: u32, start: Nanos, end: Nanos| {
            let part = (end as f64).min(to) - (start as f64).max(from);
            let drawn = if failed(request) {
                Shade::Failed
            } else {
                state
            };
            if drawn == shade && part > found.map_or(0.0, |(most, _)| most) {
                found = Some((part, request));
            }
        };
        let axis = Axis {
            start: from as Nanos,
            end: to.ceil() as Nanos,
        };
        let spans = self.rows.spans(&self.run, axis);
        let first = spans.start;
        for (i, span) in self.run.spans[spans].iter().enumerate() {
            if here(self.rows.of_span(first + i, span)) {
                look(span.state.into(), span.request, span.start, span.end);
            }
        }
        if self.rows.queues() {
            let open = self.run.first_open(axis.start);
            let requests = self.run.requests.iter().enumerate().skip(open);
            for (i, request) in requests.take_while(|(_, r)| r.arrival < axis.end) {
                if here(self.rows.of_request(i as u32)) {
                    let until = request.admitted.min(request.end);
                    look(Shade::Queued, i as u32, request.arrival, until);
                }
            }
        }
        found.map(|(_, request)| (request, shade))
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
        let processes = self.run.lanes.last().map_or(1, |lane| lane.process + 1);
        let each = (total / processes).max(1);
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
    use proptest::prelude::*;

    use super::*;
    use crate::chart::{Colour, Paper, Picture, Window};
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

    /// Runs with everything in them that a timeline shows.
    const RUNS: [&str; 5] = [
        "?kind=gunicorn&workers=3&threads=2&requests=150&cpu_ms=7&io_ms=40&arrivals=poisson&rate_per_s=60",
        "?kind=gunicorn&workers=2&threads=4&requests=150&io_ms=80&client_timeout_ms=700&fidelity=calibrated",
        "?kind=event_loop&loops=2&requests=150&cpu_ms=2&pool_size=5&spread=exponential",
        "?kind=executor&max_workers=9&requests=150&cpu_ms=3&spread=lognormal",
        "?kind=gunicorn&workers=4&requests=150&arrivals=closed&clients=9&crash_at_ms=400",
    ];

    const ROWS: [By; 6] = [
        By::Lane,
        By::Request,
        By::Client,
        By::Task,
        By::Connection,
        By::Core,
    ];

    /// A run, its rows, a window on it, and the most rows to draw.
    type Asked = (usize, usize, (f64, f64), u32);

    fn views() -> impl Strategy<Value = Asked> {
        let window = (0.0..0.95_f64, 0.01..1.0_f64);
        (0..RUNS.len(), 0..ROWS.len(), window, 4_u32..200)
    }

    fn view_of((run, rows, (from, width), _): Asked) -> Timeline {
        let mut view = by(RUNS[run], ROWS[rows]);
        view.axis = view.axis.part(Window::between(from, from + width));
        view
    }

    /// The shade that is drawn at a pixel.
    fn drawn(bars: &[Bar], row: u32, x: u32) -> Option<Shade> {
        let bar = bars
            .iter()
            .find(|bar| bar.row == row && (bar.from..bar.to).contains(&x))?;
        Some(bar.shade)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn what_is_under_the_pointer_is_what_is_drawn_there(
            asked in views(), places in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 40),
        ) {
            let (view, most) = (view_of(asked), asked.3);
            let bars = view.bars(WIDTH, most);
            let rows = view.drawn_rows(most);
            for (x, y) in places {
                let (x, row) = ((x * f64::from(WIDTH)) as u32, (y * f64::from(rows)) as u32);
                let hit = view.hit(x, WIDTH, row, most);
                prop_assert_eq!(hit.map(|(_, shade)| shade), drawn(&bars, row, x));
                let Some((request, shade)) = hit else { continue };
                // And the request is there, in that state.
                let pixel = |t: Nanos| view.axis.position(t) * f64::from(WIDTH);
                let touches = |from: Nanos, to: Nanos| {
                    pixel(from) < f64::from(x + 1) + 1e-3 && pixel(to) > f64::from(x) - 1e-3
                };
                let r = view.run.requests[request as usize];
                let found = match shade {
                    Shade::Queued => touches(r.arrival, r.admitted.min(r.end)),
                    Shade::Failed => r.outcome != Outcome::Answered,
                    shade => view.run.story(request).any(|span| {
                        Shade::from(span.state) == shade && touches(span.start, span.end)
                    }),
                };
                prop_assert!(found, "request {} is not {:?} there", request, shade);
            }
        }

        #[test]
        fn nothing_that_occupies_a_pixel_of_its_own_row_is_lost(asked in views()) {
            let view = view_of(asked);
            // A row of pixels each: nothing is shared.
            let most = u32::MAX;
            let bars = view.bars(WIDTH, most);
            let visible = view.rows.visible(&view.run, view.axis);
            let pixel = |t: Nanos| view.axis.position(t) * f64::from(WIDTH);
            for (i, span) in view.run.spans.iter().enumerate() {
                let row = view.rows.of_span(i, span).filter(|row| visible.contains(row));
                let loops = view.run.lanes.iter().any(|lane| lane.thread.is_none());
                let Some(row) = row.filter(|_| !(loops && view.rows.by == By::Lane)) else {
                    continue;
                };
                let first = pixel(span.start).max(0.0).ceil() as u32;
                let last = pixel(span.end).clamp(0.0, f64::from(WIDTH)).floor() as u32;
                let failed = view.run.requests[span.request as usize].outcome != Outcome::Answered;
                let shade = if failed { Shade::Failed } else { span.state.into() };
                for x in first..last {
                    let drawn = drawn(&bars, row - visible.start, x);
                    prop_assert_eq!(drawn, Some(shade), "span {} at pixel {}", i, x);
                }
            }
        }

        #[test]
        fn the_grid_of_a_long_run_shows_what_its_spans_do(from in 0.0..0.4_f64, width in 0.3..0.6_f64) {
            let long = by(
                "?kind=gunicorn&workers=3&threads=2&requests=80000&cpu_ms=7&io_ms=40&arrivals=poisson&rate_per_s=60",
                By::Lane,
            );
            let axis = long.axis.part(Window::between(from, from + width));
            let view = Timeline { axis, ..long };
            let grid = view.rows.coarse(&view.run, axis, WIDTH);
            prop_assert!(grid.is_some());
            let mut raster = Raster::new(axis, WIDTH, 6);
            view.rows.fill(&view.run, &mut raster, &spread(0..6, 6));
            let direct = raster.bars(Choice { sharing: 1.0, shown: Shades::ALL });
            let coarse = view.bars(WIDTH, 6);
            let differ = (0..6).flat_map(|row| (0..WIDTH).map(move |x| (row, x)));
            let differ = differ.filter(|(row, x)| drawn(&direct, *row, *x) != drawn(&coarse, *row, *x));
            // Where two states share a pixel evenly, either may win.
            prop_assert!(differ.count() < 6 * WIDTH as usize / 20);
        }
    }

    #[test]
    fn a_request_is_marked_where_it_is_drawn() {
        for rows in ROWS {
            let view = by(RUNS[0], rows);
            for request in [0, 50, 149] {
                let [left, top, width, height] = view.place(request).expect("in view");
                let x = ((left + width / 2.0) * f64::from(WIDTH)) as u32;
                let count = view.drawn_rows(u32::MAX);
                let row = ((top + height / 2.0) * f64::from(count)) as u32;
                // A connection or a core is held for a part of that time only.
                if matches!(rows, By::Lane | By::Request | By::Client | By::Task) {
                    let (hit, _) = view.hit(x, WIDTH, row, u32::MAX).expect("drawn");
                    assert_eq!(hit, request, "{rows:?}");
                }
            }
        }
    }

    #[test]
    fn only_who_was_let_in_has_a_task() {
        for query in RUNS {
            let view = by(query, By::Task);
            for (request, r) in (0..).zip(&view.run.requests) {
                let seated = view.rows.of_request(request).is_some();
                assert_eq!(seated, r.admitted < r.left, "{query}: {request}");
            }
        }
    }

    #[test]
    fn rows_are_named_for_what_they_are() {
        let name = |query: &str, rows: By, row: u32| {
            let view = by(query, rows);
            view.rows.name(&view.run, row, 4)
        };
        let threads = "?kind=gunicorn&workers=2&threads=2&requests=20&cpu_ms=1&pool_size=1";
        assert_eq!(name(threads, By::Lane, 3), "w2.t2");
        assert_eq!(name(threads, By::Request, 3), "#4");
        assert_eq!(name(threads, By::Connection, 1), "w2.conn 1");
        assert_eq!(name(threads, By::Core, 0), "core 1");
        assert_eq!(name("?kind=event_loop&requests=20", By::Lane, 0), "loop");
        assert_eq!(name("?kind=event_loop&requests=20", By::Task, 7), "task 8");
        assert_eq!(name("?kind=executor&requests=20", By::Lane, 7), "t8");
    }
}
