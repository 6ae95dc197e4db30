//! What a timeline's rows stand for, and which row each thing is in.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::{Arc, Weak};

use super::axis::Axis;
use super::raster::{Grid, Raster, Shade};
use crate::simulation::{Nanos, Outcome, Request, Run, Span, State};

/// What a timeline's rows stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A row a thread, a loop or a pool's worker.
    Lane,
    /// A row a request, in order of arrival; several to a row where there are more than pixels.
    Request,
    /// A row a client that sends one request after another.
    Client,
    /// A row a request that a process has in hand: a task of its loop, a greenlet of its hub.
    Task,
    /// A row a connection of a process's pool.
    Connection,
    /// A row a core, as far as each runs one thread at a time; more rows than cores share them.
    Core,
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

/// Spans above which a run is rastered once for all wider views of it.
const MANY: usize = 100_000;

/// The grid's size at most, in cells: two of its states are a megabyte.
const CELLS: u32 = 1 << 18;

/// The grid's columns at most.
const COLUMNS: u32 = 4096;

/// A run in rows.
pub struct Rows {
    pub by: By,
    /// How many there are.
    pub count: u32,
    /// The row of each request or each span; empty where the run itself says it.
    places: Vec<u32>,
    /// The process of each row, where rows are numbered within processes.
    processes: Vec<u32>,
    /// The longest span.
    longest: Nanos,
    /// The whole run, where it is long.
    grid: Option<Grid>,
}

impl Rows {
    /// Puts `run` in rows.
    pub fn new(run: &Run, by: By) -> Self {
        let stays = run.spans.iter().map(|span| span.end - span.start);
        let mut rows = Self {
            by,
            count: match by {
                By::Lane => run.lanes.len() as u32,
                _ => run.requests.len() as u32,
            },
            places: Vec::new(),
            processes: Vec::new(),
            longest: stays.max().unwrap_or(0),
            grid: None,
        };
        let process = |lane: u32| run.lanes.get(lane as usize).map_or(0, |lane| lane.process);
        let spans = |of: State, apart: bool| -> Vec<Stay> {
            let spans = (0..).zip(&run.spans).filter(|(_, span)| span.state == of);
            spans
                .map(|(i, span)| Stay {
                    index: i,
                    process: if apart { process(span.lane) } else { 0 },
                    from: span.start,
                    to: span.end,
                })
                .collect()
        };
        match by {
            By::Lane | By::Request => {}
            By::Client | By::Task => {
                let requests = (0..).zip(&run.requests);
                // Who was never let in has had no task.
                let requests = requests.filter(|(_, r)| by == By::Client || r.admitted < r.left);
                let stays = requests.map(|(index, r)| match by {
                    By::Client => Stay {
                        index,
                        process: 0,
                        from: r.arrival,
                        to: r.end,
                    },
                    _ => Stay {
                        index,
                        process: process(r.lane),
                        from: r.admitted,
                        to: r.left,
                    },
                });
                rows.seat(run.requests.len(), stays.collect());
            }
            By::Connection => rows.seat(run.spans.len(), spans(State::Io, true)),
            By::Core => rows.seat(run.spans.len(), spans(State::Running, false)),
        }
        if run.spans.len() > MANY {
            rows.grid = Some(rows.raster_once(run));
        }
        rows
    }

    /// Gives each of `stays` the first free row of its process, in order of time, and leaves the rest of
    /// `count` without one.
    fn seat(&mut self, count: usize, stays: Vec<Stay>) {
        let processes = stays.iter().map(|stay| stay.process + 1).max().unwrap_or(0);
        let mut seats: Vec<Seats> = (0..processes).map(|_| Seats::default()).collect();
        self.places = vec![u32::MAX; count];
        let begins = |(i, stay): (u32, &Stay)| Reverse((stay.from, i));
        let mut next: BinaryHeap<_> = (0..).zip(&stays).map(begins).collect();
        while let Some(Reverse((_, i))) = next.pop() {
            let stay = &stays[i as usize];
            let seat = seats[stay.process as usize].take(stay.from, stay.to);
            self.places[stay.index as usize] = seat;
        }
        let mut first = Vec::with_capacity(seats.len());
        for (process, seats) in (0..).zip(&seats) {
            first.push(self.processes.len() as u32);
            self.processes
                .extend(std::iter::repeat_n(process, seats.count as usize));
        }
        for stay in &stays {
            self.places[stay.index as usize] += first[stay.process as usize];
        }
        self.count = self.processes.len() as u32;
    }

    /// The row of the request with number `request`, where requests have rows of their own.
    pub fn of_request(&self, request: u32) -> Option<u32> {
        let row = match self.by {
            By::Request => request,
            By::Client | By::Task => *self.places.get(request as usize)?,
            By::Lane | By::Connection | By::Core => return None,
        };
        (row < self.count).then_some(row)
    }

    /// The row of the span at `index`.
    pub fn of_span(&self, index: usize, span: &Span) -> Option<u32> {
        let row = match self.by {
            By::Lane => span.lane,
            By::Connection | By::Core => self.places[index],
            _ => return self.of_request(span.request),
        };
        (row < self.count).then_some(row)
    }

    /// Whether the time in the queue is drawn, in the request's own row.
    pub fn queues(&self) -> bool {
        matches!(self.by, By::Request | By::Client)
    }

    /// The spans that may lie on `axis`.
    pub fn spans(&self, run: &Run, axis: Axis) -> Range<usize> {
        let first = run.spans.partition_point(|span| span.end <= axis.start);
        let over = axis.end.saturating_add(self.longest);
        let last = run.spans.partition_point(|span| span.end < over);
        first..last.max(first)
    }

    /// The rows to show of the part `axis` of a run: by request those of the requests that are served
    /// there, and a few of those that stand in line behind them.
    pub fn visible(&self, run: &Run, axis: Axis) -> Range<u32> {
        if self.by != By::Request || axis == Axis::to(run.end) {
            return 0..self.count;
        }
        let requests = &run.requests;
        let arrived = requests.partition_point(|r| r.arrival < axis.end);
        let over = |r: &&Request| r.end.max(r.left) <= axis.start;
        let open = run.first_open(axis.start).min(arrived);
        let first = open + requests[open..arrived].iter().take_while(over).count();
        let waits = |r: &&Request| r.admitted >= axis.end && axis.end < run.end;
        let waiting = requests[first..arrived]
            .iter()
            .rev()
            .take_while(waits)
            .count();
        let served = arrived - first - waiting;
        let last = first + served + waiting.min(served / 4 + 1);
        first as u32..last.max(first + 1).min(requests.len().max(1)) as u32
    }

    /// The grid, where a view of `axis` on `width` pixels shows much and the grid is as fine.
    pub(super) fn coarse(&self, run: &Run, axis: Axis, width: u32) -> Option<&Grid> {
        let grid = self.grid.as_ref()?;
        let much = self.spans(run, axis).len() > MANY / 2;
        (much && grid.serves(axis, width)).then_some(grid)
    }

    /// The whole run on a grid.
    fn raster_once(&self, run: &Run) -> Grid {
        let rows = self.count.clamp(1, 256);
        let columns = (CELLS / rows).min(COLUMNS);
        let mut raster = Raster::new(Axis::to(run.end), columns, rows);
        self.fill(run, &mut raster, &spread(0..self.count, rows));
        Grid::new(&raster, self.count.div_ceil(rows).max(1))
    }

    /// Covers a raster with what there is of the rows that have a `place` on it.
    pub(super) fn fill(&self, run: &Run, raster: &mut Raster, place: &dyn Fn(u32) -> Option<u32>) {
        let failures = run.report.completed < run.requests.len() as u32;
        let in_vain =
            |request: u32| failures && run.requests[request as usize].outcome != Outcome::Answered;
        let axis = raster.axis();
        let spans = self.spans(run, axis);
        let first = spans.start;
        for (i, span) in run.spans[spans].iter().enumerate() {
            if span.start >= axis.end {
                continue;
            }
            let Some(row) = self.of_span(first + i, span).and_then(&place) else {
                continue;
            };
            let shade = match in_vain(span.request) {
                true => Shade::Failed,
                false => span.state.into(),
            };
            raster.add(row, shade, span.start, span.end);
        }
        if !self.queues() {
            return;
        }
        let open = run.first_open(axis.start);
        for (i, request) in run.requests.iter().enumerate().skip(open) {
            if request.arrival >= axis.end {
                break;
            }
            let until = request.admitted.min(request.end);
            if let Some(row) = self.of_request(i as u32).and_then(&place) {
                let shade = match in_vain(i as u32) {
                    true => Shade::Failed,
                    false => Shade::Queued,
                };
                raster.add(row, shade, request.arrival, until);
            }
        }
    }

    /// A row's name.
    pub fn name(&self, run: &Run, row: u32, cores: u32) -> String {
        let several = run.lanes.last().is_some_and(|lane| lane.process > 0);
        let process = match self.by {
            By::Lane => run.lanes.get(row as usize).map(|lane| lane.process),
            By::Task | By::Connection => self.processes.get(row as usize).copied(),
            _ => None,
        };
        let worker = match process {
            Some(process) if several => format!("w{}", process + 1),
            _ => String::new(),
        };
        let number = |what: &str| {
            let first = self.processes.iter().position(|p| Some(*p) == process);
            let number = row + 1 - first.unwrap_or(0) as u32;
            let gap = if worker.is_empty() { "" } else { "." };
            format!("{worker}{gap}{what}{number}")
        };
        match self.by {
            By::Lane => match run.lanes.get(row as usize).and_then(|lane| lane.thread) {
                Some(thread) if several => format!("{worker}.t{}", thread + 1),
                Some(thread) => format!("t{}", thread + 1),
                None if several => worker,
                None => "loop".to_owned(),
            },
            By::Request => format!("#{}", row + 1),
            By::Client => format!("client {}", row + 1),
            By::Task => number("task "),
            By::Connection => number("conn "),
            By::Core if row < cores => format!("core {}", row + 1),
            By::Core => "shared".to_owned(),
        }
    }
}

/// Where each of the rows `visible` is drawn, in `rows` rows for all of them.
pub(super) fn spread(visible: Range<u32>, rows: u32) -> impl Fn(u32) -> Option<u32> {
    let total = u64::from(visible.end - visible.start).max(1);
    move |row| {
        let row = u64::from(row.checked_sub(visible.start)?);
        (row < total).then_some((row * u64::from(rows) / total) as u32)
    }
}

/// The time that something takes a row of its own.
struct Stay {
    index: u32,
    process: u32,
    from: Nanos,
    to: Nanos,
}

/// Rows that are taken and given back.
#[derive(Default)]
struct Seats {
    count: u32,
    taken: BinaryHeap<Reverse<(Nanos, u32)>>,
    free: BinaryHeap<Reverse<u32>>,
}

impl Seats {
    /// The first seat that is free at `from`, taken until `to`.
    fn take(&mut self, from: Nanos, to: Nanos) -> u32 {
        while let Some(Reverse((until, seat))) = self.taken.peek().copied()
            && until <= from
        {
            self.taken.pop();
            self.free.push(Reverse(seat));
        }
        let seat = match self.free.pop() {
            Some(Reverse(seat)) => seat,
            None => {
                self.count += 1;
                self.count - 1
            }
        };
        self.taken.push(Reverse((to, seat)));
        seat
    }
}

/// Rows that were worked out, of runs that somebody still looks at.
type Known = Vec<(Weak<Run>, Arc<Rows>)>;

thread_local! {
    static KNOWN: RefCell<Known> = const { RefCell::new(Vec::new()) };
}

impl Rows {
    /// The rows of `run`, worked out once.
    pub fn of(run: &Arc<Run>, by: By) -> Arc<Self> {
        KNOWN.with_borrow_mut(|known| {
            known.retain(|(of, _)| of.strong_count() > 0);
            let mine = |(of, rows): &&(Weak<Run>, Arc<Self>)| {
                rows.by == by && std::ptr::eq(of.as_ptr(), Arc::as_ptr(run))
            };
            if let Some((_, rows)) = known.iter().find(mine) {
                return rows.clone();
            }
            let rows = Arc::new(Self::new(run, by));
            known.push((Arc::downgrade(run), rows.clone()));
            rows
        })
    }
}
