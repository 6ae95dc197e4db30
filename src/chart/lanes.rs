//! A run as a timeline: a row a lane, or a row a request.

use std::sync::Arc;

use super::raster::{Bar, Raster, Shade};
use super::scale::Axis;
use crate::simulation::{Nanos, Request, Run};

/// What a timeline's rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A row a thread, a loop or a pool's worker.
    Lane,
    /// A row a request, in order of arrival; several to a row where there are more than pixels.
    Request,
    /// A row a client that sends one request after another.
    Client,
}

impl By {
    /// A row a thread where each thread has one request at a time, else a row a request.
    pub fn lanes_of(run: &Run) -> Self {
        match run.lanes.first() {
            Some(lane) if lane.thread.is_some() => Self::Lane,
            _ => Self::Request,
        }
    }
}

/// A run, how to read it, and the stretch of time to show.
#[derive(Clone)]
pub struct Timeline {
    pub run: Arc<Run>,
    pub by: By,
    pub axis: Axis,
}

impl Timeline {
    /// How many rows there are to show.
    pub fn rows(&self) -> u32 {
        match self.by {
            By::Lane => self.run.lanes.len() as u32,
            By::Request => self.run.requests.len() as u32,
            By::Client => self.clients().into_iter().max().map_or(0, |last| last + 1),
        }
    }

    /// Which client sent each request: the one that has waited longest to send its next.
    fn clients(&self) -> Vec<u32> {
        let mut free: Vec<Nanos> = Vec::new();
        let send = |request: &Request| {
            let idle = |i: &usize| free[*i] <= request.arrival;
            let client = (0..free.len()).filter(idle).min_by_key(|i| free[*i]);
            let client = client.unwrap_or(free.len());
            free.resize(free.len().max(client + 1), 0);
            free[client] = request.end;
            client as u32
        };
        self.run.requests.iter().map(send).collect()
    }

    /// What fills `width` pixels by at most `most` rows.
    pub fn bars(&self, width: u32, most: u32) -> Vec<Bar> {
        let total = self.rows().max(1);
        let rows = total.min(most.max(1));
        let row = |index: u32| (u64::from(index) * u64::from(rows) / u64::from(total)) as u32;
        let mut raster = Raster::new(self.axis, width, rows, total.div_ceil(rows));
        let clients = match self.by {
            By::Client => self.clients(),
            _ => Vec::new(),
        };
        let place = |request: u32| clients.get(request as usize).copied().unwrap_or(request);
        for span in &self.run.spans {
            let index = match self.by {
                By::Lane => span.lane,
                _ => place(span.request),
            };
            raster.add(row(index), span.state.into(), span.start, span.end);
        }
        if self.by != By::Lane {
            for (index, request) in (0..).zip(&self.run.requests) {
                let until = request.admitted.min(request.end);
                raster.add(row(place(index)), Shade::Queued, request.arrival, until);
            }
        }
        raster.bars()
    }

    /// Where one request follows at once upon another on a lane of its own, as (row, pixel): the
    /// seams that keep waves apart. Empty by request, or where lanes outnumber `most` rows. What a
    /// seam parts is wider than the seam.
    pub fn seams(&self, width: u32, most: u32) -> Vec<(u32, u32)> {
        let lanes = &self.run.lanes;
        let threads = lanes.iter().all(|lane| lane.thread.is_some());
        if self.by != By::Lane || !threads || lanes.len() > most as usize {
            return Vec::new();
        }
        let scale = f64::from(width) / self.axis.end as f64;
        let pixel = |t: u64| t as f64 * scale;
        let mut last: Vec<Option<(f64, f64)>> = vec![None; lanes.len()];
        let mut seams = Vec::new();
        for request in &self.run.requests {
            // One that never got to a lane has no place on it.
            let Some(last) = last.get_mut(request.lane as usize) else {
                continue;
            };
            let (from, to) = (pixel(request.admitted), pixel(request.end));
            if let Some((start, end)) = last.replace((from, to))
                && from - end < 1.0
                && from - start >= 3.0
                && to - from >= 3.0
            {
                seams.push((request.lane, from as u32));
            }
        }
        seams
    }

    /// Where processes died, as (first row, last row, pixel), by lane.
    pub fn deaths(&self, width: u32, most: u32) -> Vec<(u32, u32, u32)> {
        let total = self.rows();
        if self.by != By::Lane || total > most {
            return Vec::new();
        }
        let each = total / self.run.lanes.last().map_or(1, |lane| lane.process + 1);
        let deaths = self.run.deaths.iter();
        deaths
            .map(|death| {
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
    use crate::chart::{Chart, Colour, Paper};
    use crate::scenario::Comparison;
    use crate::simulation;

    const WIDTH: u32 = 800;

    fn timeline(query: &str) -> Timeline {
        let comparison = Comparison::from_query(query).expect("a valid link");
        let mut scenarios = comparison.iter().flat_map(Comparison::scenarios);
        let scenario = scenarios.next().expect("a scenario");
        let run = Arc::new(simulation::run(&scenario));
        Timeline {
            by: By::Lane,
            axis: Axis::to(run.end),
            run,
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
        timeline.draw(&area, paper).expect("nothing to go wrong");
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
