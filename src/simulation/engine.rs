//! The engine: takes every request through queue, interpreter, connection and I/O to its end.

use super::admission::Admission;
use super::arrivals::Source;
use super::cores::Cores;
use super::cpu::Interpreter;
use super::handler::Task;
use super::plan::Plan;
use super::pool::Pool;
use super::queue::{Event, EventQueue};
use super::trace::{Lane, Nanos, Request, Span, State};
use super::workload::{Mill, nanos};
use crate::scenario::Scenario;

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
    pub(super) now: Nanos,
    source: Source,
    mill: Mill,
    admission: Admission,
    pub(super) queue: EventQueue,
    pub(super) cores: Cores,
    pub(super) interpreters: Vec<Interpreter>,
    /// How long a turn lasts while others wait; `None` where nothing preempts.
    pub(super) interval: Option<Nanos>,
    /// Whether each lane has an interpreter of its own, rather than each process.
    free_threaded: bool,
    /// One a process; empty without a pool.
    pub(super) pools: Vec<Pool>,
    /// Requests in hand. A task keeps its number to its end; then another request gets it, so
    /// that a run with few requests at a time stays in the processor's cache.
    pub(super) tasks: Vec<Task>,
    /// Numbers of tasks that have ended.
    spare: Vec<u32>,
    pub(super) in_flight: u32,
    in_hand: u32,
    pub(super) outcome: Outcome,
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
            queue: EventQueue::new(),
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
            tasks: Vec::new(),
            spare: Vec::new(),
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
        let process = self.outcome.lanes[lane as usize].process;
        let task = Task {
            request,
            lane,
            process,
            interpreter: if self.free_threaded { lane } else { process },
            since: self.now,
            ..Task::new(self.mill.work(request))
        };
        self.in_hand += 1;
        self.outcome.peak_in_hand = self.outcome.peak_in_hand.max(self.in_hand);
        let number = match self.spare.pop() {
            Some(number) => {
                self.tasks[number as usize] = task;
                number
            }
            None => {
                self.tasks.push(task);
                self.tasks.len() as u32 - 1
            }
        };
        self.want_cpu(number);
    }

    /// A task is over: its request is answered, and its slot free.
    pub(super) fn finish(&mut self, task: u32) {
        self.record(task);
        let Task {
            request,
            lane,
            process,
            ..
        } = self.tasks[task as usize];
        self.spare.push(task);
        self.outcome.requests[request as usize].end = self.now;
        self.in_flight -= 1;
        self.in_hand -= 1;
        self.source.answered(self.now);
        if let Some((next, lane)) = self.admission.finished(process, lane) {
            self.admit(next, lane);
        }
    }

    /// Puts a task in `state`, and records the state it was in.
    pub(super) fn enter(&mut self, task: u32, state: State) {
        if self.tasks[task as usize].state != state {
            self.record(task);
            self.tasks[task as usize].state = state;
        }
    }

    /// Records the state that a task has been in, unless it was for no time.
    fn record(&mut self, task: u32) {
        let task = &mut self.tasks[task as usize];
        if task.since < self.now {
            self.outcome.spans.push(Span {
                request: task.request,
                lane: task.lane,
                state: task.state,
                start: task.since,
                end: self.now,
            });
            task.since = self.now;
        }
    }
}
