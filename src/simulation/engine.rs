//! The engine: takes every request through queue, interpreter, connection and I/O to its end.

use super::admission::Admission;
use super::arrivals::Source;
use super::cores::{Cores, TICK};
use super::cpu::{Interpreter, Ring};
use super::plan::Plan;
use super::pool::Pool;
use super::queue::{Event, EventQueue};
use super::trace::{Lane, Nanos, Request, Span, State};
use super::workload::{Mill, Work, nanos};
use crate::scenario::Scenario;

/// A request on its way.
#[derive(Clone, Copy)]
struct Task {
    work: Work,
    /// CPU time that its present segment still needs, in ticks.
    left: u64,
    /// When its present state began.
    since: Nanos,
    /// I/O calls that it has behind it.
    calls_done: u32,
    state: State,
    started: bool,
}

/// What the engine leaves behind.
pub(crate) struct Outcome {
    pub(crate) requests: Vec<Request>,
    pub(crate) spans: Vec<Span>,
    pub(crate) lanes: Vec<Lane>,
    /// Core time spent.
    pub(crate) busy: Nanos,
    /// The most requests whose handler had started and not ended.
    pub(crate) peak_in_flight: u32,
    /// The most requests that had a lane.
    pub(crate) peak_in_hand: u32,
    pub(crate) context_switches: u64,
}

pub(crate) struct Engine {
    now: Nanos,
    source: Source,
    mill: Mill,
    admission: Admission,
    queue: EventQueue,
    cores: Cores,
    interpreters: Vec<Interpreter>,
    /// How long a turn lasts while others wait; `None` where nothing preempts.
    interval: Option<Nanos>,
    /// Whether each lane has an interpreter of its own, rather than each process.
    free_threaded: bool,
    /// One a process; empty without a pool.
    pools: Vec<Pool>,
    tasks: Vec<Task>,
    in_flight: u32,
    in_hand: u32,
    outcome: Outcome,
}

impl Engine {
    pub(crate) fn new(scenario: &Scenario, plan: &Plan) -> Self {
        let lanes = plan.lanes();
        let free_threaded = plan.threads.is_some() && !scenario.machine.gil;
        let interpreters = match free_threaded {
            true => lanes.len(),
            false => plan.processes as usize,
        };
        let requests = scenario.workload.requests as usize;
        let pool = scenario.workload.pool_size;
        Self {
            now: 0,
            source: Source::new(scenario),
            mill: Mill::new(scenario),
            admission: Admission::new(plan, scenario.seed),
            queue: EventQueue::default(),
            cores: Cores::new(scenario.machine.cores, interpreters),
            interpreters: (0..interpreters).map(|_| Interpreter::new()).collect(),
            interval: plan
                .threads
                .is_some()
                .then(|| nanos(scenario.machine.switch_interval_ms).max(1)),
            free_threaded,
            pools: pool.map_or(Vec::new(), |size| {
                (0..plan.processes).map(|_| Pool::new(size)).collect()
            }),
            tasks: Vec::with_capacity(requests),
            in_flight: 0,
            in_hand: 0,
            outcome: Outcome {
                requests: Vec::with_capacity(requests),
                spans: Vec::with_capacity(requests),
                lanes,
                busy: 0,
                peak_in_flight: 0,
                peak_in_hand: 0,
                context_switches: 0,
            },
        }
    }

    /// Runs to the last end. At one instant arrivals come first, then CPU segments that end,
    /// then I/O calls that end and turns that are over, in the order they were scheduled.
    pub(crate) fn run(mut self) -> Outcome {
        loop {
            let (arrival, segment, event) = (self.source.due(), self.cores.due(), self.queue.due());
            if arrival <= segment && arrival <= event {
                if arrival == Nanos::MAX {
                    break;
                }
                self.now = arrival;
                self.arrive();
            } else if segment <= event {
                self.now = segment;
                let interpreter = self.cores.finish();
                self.hand_on(interpreter);
            } else {
                self.now = event;
                match self.queue.pop() {
                    Some(Event::Io(request)) => self.answer(request),
                    Some(Event::Turn(interpreter)) => self.ring(interpreter),
                    None => break,
                }
            }
        }
        self.outcome.busy = self.cores.busy();
        self.outcome
    }

    fn arrive(&mut self) {
        let request = self.source.take();
        let work = self.mill.work(request);
        self.tasks.push(Task {
            work,
            left: 0,
            since: 0,
            calls_done: 0,
            state: State::Ready,
            started: false,
        });
        self.outcome.requests.push(Request {
            arrival: self.now,
            admitted: Nanos::MAX,
            start: Nanos::MAX,
            end: Nanos::MAX,
            lane: u32::MAX,
        });
        if let Some(lane) = self.admission.arrived(request) {
            self.admit(request, lane);
        }
    }

    /// `request` gets a lane.
    fn admit(&mut self, request: u32, lane: u32) {
        let record = &mut self.outcome.requests[request as usize];
        record.admitted = self.now;
        record.lane = lane;
        self.tasks[request as usize].since = self.now;
        self.in_hand += 1;
        self.outcome.peak_in_hand = self.outcome.peak_in_hand.max(self.in_hand);
        self.want_cpu(request);
    }

    /// `request` is at the beginning of a CPU segment.
    fn want_cpu(&mut self, request: u32) {
        let task = &mut self.tasks[request as usize];
        task.left = task.work.cpu_segment(task.calls_done) * TICK;
        let number = self.interpreter_of(request);
        let interpreter = &mut self.interpreters[number as usize];
        if interpreter.is_idle() {
            self.give(number, request);
        } else {
            interpreter.wait(request);
            if self.cores.runs(number) {
                self.limit_turn(number);
            }
            self.enter(request, State::Ready);
        }
    }

    /// Gives an idle interpreter to `request`, then to those behind it for as long as each one
    /// has nothing to run and lets go of it at once.
    fn give(&mut self, number: u32, mut request: u32) {
        loop {
            let handed_over = self.interpreters[number as usize].take(request);
            self.outcome.context_switches += u64::from(handed_over);
            let task = &mut self.tasks[request as usize];
            if !task.started {
                task.started = true;
                self.outcome.requests[request as usize].start = self.now;
                self.in_flight += 1;
                self.outcome.peak_in_flight = self.outcome.peak_in_flight.max(self.in_flight);
            }
            if task.left > 0 {
                let ticks = task.left;
                self.enter(request, State::Running);
                self.cores.start(self.now, number, ticks);
                self.limit_turn(number);
                return;
            }
            self.segment_done(request);
            match self.interpreters[number as usize].release() {
                Some(next) => request = next,
                None => return,
            }
        }
    }

    /// The holder's segment is over: its request goes on, and the next one gets the interpreter.
    fn hand_on(&mut self, number: u32) {
        self.segment_done(self.interpreters[number as usize].holder);
        if let Some(next) = self.interpreters[number as usize].release() {
            self.give(number, next);
        }
    }

    /// `request` has run a CPU segment: an I/O call follows, or the end. The interpreter still
    /// counts as held, so whoever becomes ready here joins its queue.
    fn segment_done(&mut self, request: u32) {
        let task = &self.tasks[request as usize];
        if task.calls_done == task.work.calls {
            return self.finish(request);
        }
        let process = self.process_of(request);
        let pool = self.pools.get_mut(process as usize);
        match pool.is_none_or(|pool| pool.acquire(request)) {
            true => self.call(request),
            false => self.enter(request, State::Connection),
        }
    }

    /// `request` sends an I/O call.
    fn call(&mut self, request: u32) {
        self.enter(request, State::Io);
        let task = &self.tasks[request as usize];
        let wait = task.work.io_call(task.calls_done);
        self.queue.schedule(self.now + wait, Event::Io(request));
    }

    /// The I/O call of `request` is answered.
    fn answer(&mut self, request: u32) {
        let process = self.process_of(request);
        if let Some(pool) = self.pools.get_mut(process as usize)
            && let Some(next) = pool.release()
        {
            self.call(next);
        }
        self.tasks[request as usize].calls_done += 1;
        self.want_cpu(request);
    }

    fn finish(&mut self, request: u32) {
        self.record(request);
        let record = &mut self.outcome.requests[request as usize];
        record.end = self.now;
        let lane = record.lane;
        self.in_flight -= 1;
        self.in_hand -= 1;
        self.source.answered(self.now);
        let process = self.process_of(request);
        if let Some((next, lane)) = self.admission.finished(process, lane) {
            self.admit(next, lane);
        }
    }

    /// Sees to it that a turn ends, if the interpreter preempts and someone waits for it.
    fn limit_turn(&mut self, number: u32) {
        let Some(interval) = self.interval else {
            return;
        };
        let interpreter = &mut self.interpreters[number as usize];
        if let Some(at) = interpreter.limit_turn(self.now, interval) {
            self.queue.schedule(at, Event::Turn(number));
        }
    }

    fn ring(&mut self, number: u32) {
        let interpreter = &mut self.interpreters[number as usize];
        match interpreter.ring(self.now) {
            Ring::Idle => {}
            Ring::Again(at) => self.queue.schedule(at, Event::Turn(number)),
            Ring::Preempt => {
                let request = interpreter.holder;
                interpreter.wait(request);
                let next = interpreter.release();
                self.tasks[request as usize].left = self.cores.stop(self.now, number);
                self.enter(request, State::Ready);
                if let Some(next) = next {
                    self.give(number, next);
                }
            }
        }
    }

    /// Puts `request` in `state`, and records the state it was in.
    fn enter(&mut self, request: u32, state: State) {
        if self.tasks[request as usize].state != state {
            self.record(request);
            self.tasks[request as usize].state = state;
        }
    }

    /// Records the state that `request` has been in, unless it was for no time.
    fn record(&mut self, request: u32) {
        let task = &mut self.tasks[request as usize];
        if task.since < self.now {
            self.outcome.spans.push(Span {
                request,
                lane: self.outcome.requests[request as usize].lane,
                state: task.state,
                start: task.since,
                end: self.now,
            });
            task.since = self.now;
        }
    }

    fn process_of(&self, request: u32) -> u32 {
        let lane = self.outcome.requests[request as usize].lane;
        self.outcome.lanes[lane as usize].process
    }

    fn interpreter_of(&self, request: u32) -> u32 {
        match self.free_threaded {
            true => self.outcome.requests[request as usize].lane,
            false => self.process_of(request),
        }
    }
}
