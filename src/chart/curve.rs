//! What a run comes to over time, and how its latencies are distributed: shapes on a unit square.

use std::sync::Arc;

use super::axis::Axis;
use super::raster::{Cover, Raster, Shade, Shades};
use super::rows::{By, Rows};
use crate::simulation::{Nanos, Outcome, Request, Run, State};
use crate::words::{duration, grouped, milliseconds, within};

/// What a curve shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// How many requests are in each state, one above the other.
    InFlight,
    /// How many requests have been answered.
    Answers,
    /// How long the requests took that were answered at a time, as a heat map.
    Heat,
    /// How busy the cores are, and how many interpreters are held.
    Use,
    /// How many requests took how long; on a logarithmic scale if `log`.
    Latency { log: bool },
}

/// A run under one of these aspects.
#[derive(Clone)]
pub struct Curve {
    pub run: Arc<Run>,
    /// The run by request.
    pub rows: Arc<Rows>,
    pub axis: Axis,
    pub of: Of,
    /// The latencies that it shows, where it shows any.
    pub scale: Scale,
    pub cores: u32,
    /// Whether one thread of a process at a time runs Python.
    pub gil: bool,
    pub shown: Shades,
}

/// A point of the unit square: from the left, from the top.
pub type Point = (f64, f64);

/// A shape to fill with a share of the ink, or to stroke.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// What a shade covers: a polygon.
    Area(Shade, Vec<Point>),
    /// A rectangle, from one corner to the other, in a share of the ink.
    Cell(Point, Point, f64),
    /// A line in full ink.
    Line(Vec<Point>),
}

/// Words at a place of the unit square.
pub type Label = (Point, String);

/// Columns of a heat map across, rows down.
const HEAT: (usize, usize) = (96, 18);

/// Labels under each other are apart by this part of the height: a line of text on the lowest plots.
pub const LABEL_ROW: f64 = 0.27;
/// The bottom of the first one's text, as a part of the height: what belongs to it may stand under that.
pub const LABEL_FOOT: f64 = 0.18;

/// Bars of a distribution.
const BARS: usize = 80;

/// The line they stand on, as a part of the height: under it are the axis's end labels.
const FOOT: f64 = 0.82;

impl Curve {
    /// The shapes on `width` pixels.
    pub fn shapes(&self, width: u32) -> Vec<Shape> {
        match self.of {
            Of::InFlight => self.in_flight(width),
            Of::Answers => self.answers(width),
            Of::Heat => self.heat(),
            Of::Use => self.in_use(width),
            Of::Latency { .. } => self.latency(),
        }
    }

    /// The words on it.
    pub fn labels(&self) -> Vec<Label> {
        let on_top = |words: String| vec![((0.0, 0.0), words)];
        match self.of {
            Of::InFlight => {
                // As many rows as it takes to give each request one while it is in the system.
                let most = Rows::of(&self.run, By::Client).count;
                on_top(format!("{} at most", grouped(f64::from(most))))
            }
            Of::Answers => on_top(format!(
                "{} requests",
                grouped(self.run.requests.len() as f64)
            )),
            Of::Use => on_top(format!("{} cores", self.cores)),
            Of::Heat => vec![
                ((0.0, 0.0), duration(self.scale.most)),
                ((0.0, 1.0), duration(self.scale.least)),
            ],
            Of::Latency { .. } => {
                let scale = self.scale;
                let mark = |(y, (name, ms)): (f64, (&str, f64))| {
                    let x = scale.place((ms * 1e6) as Nanos);
                    ((x, y), format!("{name} {}", milliseconds(ms)))
                };
                let rows = (0..).map(|row| LABEL_ROW * f64::from(row));
                let mut labels: Vec<Label> = rows.zip(self.marks()).map(mark).collect();
                labels.push(((0.0, 1.0), duration(scale.least)));
                labels.push(((1.0, 1.0), duration(scale.most)));
                labels
            }
        }
    }

    /// The latencies that a distribution marks.
    fn marks(&self) -> [(&'static str, f64); 3] {
        let latency = &self.run.report.latency_ms;
        [
            ("p50", latency.p50),
            ("p95", latency.p95),
            ("p99", latency.p99),
        ]
    }

    /// The latency that stands at `x` of a distribution, from 0 (left) to 1 (right).
    pub fn latency_at(&self, x: f64) -> Nanos {
        self.scale.value(x)
    }

    /// Where a latency stands in a distribution, from 0 (left) to 1 (right).
    pub fn place_of(&self, latency: Nanos) -> f64 {
        self.scale.place(latency)
    }

    /// How many requests are in each state, on average over each pixel.
    fn profile(&self, width: u32) -> Vec<Cover> {
        let mut raster = Raster::new(self.axis, width, 1);
        if let Some(grid) = self.rows.coarse(&self.run, self.axis, width) {
            return (0..width as usize)
                .map(|x| grid.total(self.axis, x, width))
                .collect();
        }
        self.rows.fill(&self.run, &mut raster, &|_| Some(0));
        raster.covers(0)
    }

    fn in_flight(&self, width: u32) -> Vec<Shape> {
        let order = [
            Shade::Running,
            Shade::Ready,
            Shade::Connection,
            Shade::Io,
            Shade::Failed,
            Shade::Queued,
        ];
        let order = order.into_iter().filter(|shade| self.shown.has(*shade));
        let profile = self.profile(width);
        let sum =
            |cover: &Cover| -> f32 { order.clone().map(|s| cover[s as usize].max(0.0)).sum() };
        let most = profile.iter().map(sum).fold(0.0, f32::max);
        let most = f64::from(most.max(1e-3));
        let mut floor = vec![0.0_f64; profile.len()];
        let mut shapes = Vec::new();
        for shade in order.clone() {
            let roof: Vec<f64> = floor
                .iter()
                .zip(&profile)
                .map(|(floor, cover)| floor + f64::from(cover[shade as usize].max(0.0)) / most)
                .collect();
            if roof != floor {
                shapes.push(Shape::Area(shade, between(&floor, &roof)));
            }
            floor = roof;
        }
        shapes
    }

    fn answers(&self, width: u32) -> Vec<Shape> {
        let mut count = vec![0_u32; width as usize + 1];
        let mut before = 0_u32;
        for request in answered(&self.run) {
            match self.axis.position(request.end) {
                x if x <= 0.0 => before += 1,
                x if x <= 1.0 => count[(x * f64::from(width)) as usize] += 1,
                _ => {}
            }
        }
        let all = self.run.requests.len().max(1) as f64;
        let mut roof = Vec::with_capacity(count.len());
        let mut sum = before;
        for count in count {
            sum += count;
            roof.push(f64::from(sum) / all);
        }
        let floor = vec![0.0; roof.len()];
        vec![Shape::Area(Shade::Io, between(&floor, &roof))]
    }

    fn in_use(&self, width: u32) -> Vec<Shape> {
        // Whoever it is done for: work for a client that has given up is work.
        let mut raster = Raster::new(self.axis, width, 1);
        for span in &self.run.spans[self.rows.spans(&self.run, self.axis)] {
            if span.state == State::Running && span.start < self.axis.end {
                raster.add(0, Shade::Running, span.start, span.end);
            }
        }
        let running: Vec<f64> = raster
            .covers(0)
            .iter()
            .map(|cover| f64::from(cover[Shade::Running as usize]))
            .collect();
        let share = |of: u32| -> Vec<f64> {
            let of = f64::from(of.max(1));
            running.iter().map(|r| within(r / of, 0.0, 1.0)).collect()
        };
        let cores = share(self.cores);
        let floor = vec![0.0; cores.len()];
        let mut shapes = vec![Shape::Area(Shade::Ready, between(&floor, &cores))];
        if self.gil {
            let processes = self.run.lanes.last().map_or(1, |lane| lane.process + 1);
            let step = 1.0 / f64::from(width.max(1));
            let held = (0..).zip(share(processes));
            let line = held.map(|(x, y)| ((f64::from(x) + 0.5) * step, 1.0 - 0.98 * y));
            shapes.push(Shape::Line(line.collect()));
        }
        shapes
    }

    fn heat(&self) -> Vec<Shape> {
        let (columns, rows) = HEAT;
        let scale = self.scale;
        let mut count = vec![0_u32; columns * rows];
        for request in answered(&self.run) {
            let x = self.axis.position(request.end);
            if (0.0..=1.0).contains(&x) {
                let y = scale.place(request.end - request.arrival);
                let column = ((x * columns as f64) as usize).min(columns - 1);
                let row = ((y * rows as f64) as usize).min(rows - 1);
                count[row * columns + column] += 1;
            }
        }
        let most = f64::from(count.iter().copied().max().unwrap_or(0).max(1));
        let (w, h) = (1.0 / columns as f64, 1.0 / rows as f64);
        let mut shapes = Vec::new();
        for (i, count) in count.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (x, y) = ((i % columns) as f64 * w, 1.0 - (i / columns + 1) as f64 * h);
            let strength = 0.15 + 0.85 * (f64::from(*count) / most).sqrt();
            shapes.push(Shape::Cell((x, y), (x + w, y + h), strength));
        }
        shapes
    }

    fn latency(&self) -> Vec<Shape> {
        let scale = self.scale;
        let mut count = [0_u32; BARS];
        for request in answered(&self.run) {
            let x = scale.place(request.end - request.arrival);
            count[((x * BARS as f64) as usize).min(BARS - 1)] += 1;
        }
        let most = f64::from(count.iter().copied().max().unwrap_or(0).max(1));
        let w = 1.0 / BARS as f64;
        let mut shapes: Vec<Shape> = (0..)
            .zip(count)
            .filter(|(_, count)| *count > 0)
            .map(|(i, count)| {
                let (x, high) = (f64::from(i) * w, 0.86 * f64::from(count) / most);
                Shape::Cell((x, FOOT * (1.0 - high)), (x + 0.85 * w, FOOT), 0.42)
            })
            .collect();
        for (_, ms) in self.marks() {
            let x = scale.place((ms * 1e6) as Nanos);
            shapes.push(Shape::Line(vec![(x, 0.0), (x, FOOT)]));
        }
        shapes
    }
}

fn answered(run: &Run) -> impl Iterator<Item = &Request> {
    let requests = run.requests.iter();
    requests.filter(|request| request.outcome == Outcome::Answered)
}

/// The polygon between two curves over equal columns, both in shares of the height.
fn between(floor: &[f64], roof: &[f64]) -> Vec<Point> {
    let width = 1.0 / floor.len().max(1) as f64;
    let corners = |i: usize, y: f64| {
        [
            (i as f64 * width, 1.0 - y),
            ((i + 1) as f64 * width, 1.0 - y),
        ]
    };
    let there = roof.iter().enumerate().flat_map(|(i, y)| corners(i, *y));
    let back = floor.iter().enumerate().rev();
    let back = back.flat_map(|(i, y)| {
        let [a, b] = corners(i, *y);
        [b, a]
    });
    there.chain(back).collect()
}

/// A scale of latencies.
#[derive(Clone, Copy, Default)]
pub struct Scale {
    least: Nanos,
    most: Nanos,
    log: bool,
}

impl Scale {
    /// One that holds all latencies of `runs`, as far as `of` shows latencies.
    pub fn of<'a>(of: Of, runs: impl Iterator<Item = &'a Arc<Run>> + Clone) -> Self {
        let log = match of {
            Of::Latency { log } => log,
            Of::Heat => true,
            Of::InFlight | Of::Answers | Of::Use => return Self::default(),
        };
        let latencies = || {
            let answered = runs.clone().flat_map(|run| answered(run));
            answered.map(|r| r.end - r.arrival)
        };
        let most = latencies().max().unwrap_or(1).max(2);
        let least = match log {
            true => latencies().min().unwrap_or(1).clamp(1, most - 1),
            false => 0,
        };
        Self { least, most, log }
    }

    /// The latency at a place from 0 to 1.
    fn value(&self, x: f64) -> Nanos {
        let (mut low, mut high) = (self.least, self.most);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.place(middle) < x {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Where a latency stands, from 0 to 1.
    fn place(&self, t: Nanos) -> f64 {
        let of = |t: Nanos| match self.log {
            true => libm::log((t.max(1)) as f64),
            false => t as f64,
        };
        let (least, most) = (of(self.least), of(self.most));
        within((of(t) - least) / (most - least).max(1e-12), 0.0, 1.0)
    }
}
