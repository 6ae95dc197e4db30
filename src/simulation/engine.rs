//! The engine: takes every request through queue, interpreter, connection and I/O to its end.

use std::collections::VecDeque;

use super::admission::{Admission, Place};
use super::arrivals::Source;
use super::calibration::{ACCEPT, AWAKE, BACKGROUND, LOOK};
use super::client::{Client, Job};
use super::cores::Cores;
use super::cpu::Interpreter;
use super::failure::{Beat, Refused};
use super::handler::{NOBODY, Stage, Task, Ticks};
use super::heap::Heap;
use super::plan::Plan;
use super::pool::Pool;
use super::queue::{Event, EventQueue};
use super::random::{Draws, Stream};
use super::tasks::Tasks;
use super::trace::{Death, Lane, NEVER, Nanos, Outcome, Request, Span, State};
use super::turns::Turns;
use super::workload::{Mill, nanos, nearest};
use scenario::{Fidelity, Scenario};

/// What the engine leaves behind.
pub(crate) struct Trail {
    pub(crate) requests: Vec<Request>,
    pub(crate) spans: Vec<Span>,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) deaths: Vec<Death>,
    /// Connections that found the backlog full.
    pub(crate) turned_away: u32,
    /// Core time spent until the last request had its answer or failed.
    pub(crate) busy: Nanos,
    /// The most requests whose handler had started and not ended.
    pub(crate) peak_in_flight: u32,
    /// The most requests that had a lane, or that a loop before threads had read, or was about to.
    pub(crate) peak_in_hand: u32,
    pub(crate) context_switches: u64,
}

impl Trail {
    /// When the last request had its answer or failed.
    pub(crate) fn end(&self) -> Nanos {
        self.requests.iter().map(|r| r.end).max().unwrap_or(0)
    }
}

pub(crate) struct Engine<'a> {
    pub(super) now: Nanos,
    pub(super) plan: &'a Plan,
    pub(super) ticks: Ticks,
    source: Source,
    pub(super) mill: Mill,
    /// How long a client waits for its answer.
    pub(super) patience: Option<Nanos>,
    /// The load generator, where it shares the cores.
    pub(super) client: Option<Client>,
    pub(super) admission: Admission,
    pub(super) queue: EventQueue,
    pub(super) turns: Turns,
    pub(super) cores: Cores,
    pub(super) interpreters: Box<[Interpreter]>,
    /// How long a turn lasts while others wait; `None` where nothing preempts.
    pub(super) interval: Option<Nanos>,
    /// Whether each lane has an interpreter of its own, rather than each process.
    pub(super) free_threaded: bool,
    /// One a process; empty without a pool.
    pub(super) pools: Vec<Pool>,
    /// One a process; empty where no collector stops it.
    pub(super) heaps: Vec<Heap>,
    pub(super) pool_size: u32,
    /// By process, the callbacks that its loop has to run, the present one first; empty where it is no thread of its own.
    pub(super) fronts: Vec<VecDeque<u32>>,
    /// Requests in hand.
    pub(super) tasks: Tasks,
    /// The task that a thread goes on with in the same turn, or `NOBODY`.
    pub(super) follow: u32,
    /// Lanes that have not been used yet and cost a start; empty where none do.
    asleep: Vec<bool>,
    /// The lane of the thread that is being started, or `NOBODY`.
    pub(super) starting: u32,
    /// When each process was last heard of; empty where nobody watches.
    pub(super) beats: Vec<Beat>,
    /// Whether the event queue holds an [`Event::Accept`].
    accepting: bool,
    /// The connections that found the backlog full last.
    pub(super) refused: Refused,
    /// What comes of requests once nothing serves any more.
    pub(super) closed: Option<Outcome>,
    pub(super) in_flight: u32,
    pub(super) in_hand: u32,
    /// Whether spans are recorded. Where not, tasks' `state` and `since` are not kept either.
    traced: bool,
    pub(super) trail: Trail,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(scenario: &Scenario, plan: &'a Plan, traced: bool) -> Self {
        let lanes = plan.lanes();
        let interpreters = plan.interpreters(scenario.machine.gil) as usize;
        let requests = scenario.workload.requests as usize;
        let pool = scenario.workload.pool_size;
        let mut queue = EventQueue::new();
        if let Some(at) = scenario.machine.crash_at_ms {
            let worker = scenario.machine.crash_worker.min(plan.processes - 1);
            queue.schedule(nanos(at), Event::Kill(worker));
        }
        let draws = Draws::new(scenario.seed);
        let ticks = Ticks::new(plan, draws, &scenario.machine);
        let calibrated = (scenario.fidelity == Fidelity::Calibrated).then_some(draws);
        let factor = calibrated.map_or(1.0, Ticks::factor);
        let opening = match calibrated {
            Some(draws) if plan.processes == 1 => {
                // Under seed 1 that is 0.98.
                let level = draws.uniform(5, Stream::Run);
                1.1 - AWAKE * level * level
            }
            _ => 1.0,
        };
        let client = Client::new(scenario, interpreters as u32, factor, opening);
        Self {
            now: 0,
            plan,
            source: Source::new(scenario),
            mill: Mill::new(scenario),
            patience: scenario.workload.client_timeout_ms.map(nanos),
            admission: Admission::new(plan, scenario.seed),
            queue,
            turns: Turns::new(),
            cores: Cores::new(
                scenario.machine.cores,
                calibrated.map_or(0, |draws| {
                    nearest(BACKGROUND as f64 * (0.5 + draws.uniform(1, Stream::Run)))
                }),
                calibrated.map(|draws| nearest(LOOK as f64 * draws.uniform(2, Stream::Run))),
                interpreters + usize::from(client.is_some()),
            ),
            client,
            interpreters: (0..interpreters)
                .map(|_| Interpreter::new(plan.costs.passes, ticks.again))
                .collect(),
            interval: plan
                .threads
                .is_some()
                .then(|| nanos(scenario.machine.switch_interval_ms).max(1)),
            free_threaded: plan.free_threaded(scenario.machine.gil),
            pools: pool.map_or(Vec::new(), |size| {
                (0..plan.processes).map(|_| Pool::new(size)).collect()
            }),
            pool_size: pool.unwrap_or(0),
            heaps: match plan.costs.objects {
                0 => Vec::new(),
                _ => (0..plan.processes).map(|_| Heap::new()).collect(),
            },
            fronts: match plan.fronted {
                true => vec![VecDeque::new(); plan.processes as usize],
                false => Vec::new(),
            },
            tasks: Tasks::default(),
            follow: NOBODY,
            asleep: vec![true; if ticks.start > 0 { lanes.len() } else { 0 }],
            starting: NOBODY,
            ticks,
            beats: match plan.watch {
                Some(_) => vec![Beat::default(); plan.processes as usize],
                None => Vec::new(),
            },
            accepting: false,
            refused: Refused::default(),
            closed: None,
            in_flight: 0,
            in_hand: 0,
            traced,
            trail: Trail {
                requests: Vec::with_capacity(requests),
                spans: Vec::with_capacity(if traced { requests } else { 0 }),
                lanes,
                deaths: Vec::new(),
                turned_away: 0,
                busy: 0,
                peak_in_flight: 0,
                peak_in_hand: 0,
                context_switches: 0,
            },
        }
    }

    /// Runs to the last end. At one instant arrivals come first, then CPU segments that end, then I/O
    /// calls that are answered and the like, in the order they were scheduled, then turns that are over.
    pub(crate) fn run(mut self) -> Trail {
        loop {
            let (arrival, segment) = (self.source.due(), self.cores.due());
            let (event, turn) = (self.queue.due(), self.turns.due());
            let next = arrival.min(segment).min(event).min(turn);
            if next == Nanos::MAX {
                break;
            }
            self.pass(next);
            if arrival == next {
                self.arrive();
            } else if segment == next {
                match self.cores.finish() {
                    Some(client) if client as usize == self.interpreters.len() => {
                        self.client_done();
                    }
                    Some(interpreter) => self.hand_on(interpreter),
                    // Others have the cores now.
                    None => {}
                }
            } else if event == next {
                match self.queue.pop() {
                    Some(Event::Io(task)) => self.answer(task),
                    Some(event) => self.trouble(event),
                    None => break,
                }
            } else if let Some(interpreter) = self.turns.pop() {
                self.ring(interpreter);
            }
        }
        debug_assert_eq!(self.admission.unaccepted, 0);
        self.trail
    }

    /// The clock moves on to `at`. Peaks count what lasted: at one instant arrivals come before
    /// the ends that make room for them.
    #[inline]
    fn pass(&mut self, at: Nanos) {
        if at > self.now {
            let trail = &mut self.trail;
            trail.peak_in_flight = trail.peak_in_flight.max(self.in_flight);
            trail.peak_in_hand = trail.peak_in_hand.max(self.in_hand);
            self.now = at;
        }
    }

    fn arrive(&mut self) {
        let request = self.source.take();
        self.trail.requests.push(Request {
            arrival: self.now,
            bound: NEVER,
            admitted: NEVER,
            start: NEVER,
            left: NEVER,
            end: NEVER,
            lane: u32::MAX,
            outcome: Outcome::Answered,
        });
        if self.client.is_some() {
            self.client_job(request, Job::Open);
        } else {
            self.sent(request);
            self.offer(request, 0);
        }
    }

    /// The client begins to wait for its answer.
    pub(super) fn sent(&mut self, request: u32) {
        if let Some(patience) = self.patience {
            let at = self.now + patience;
            self.queue.schedule(at, Event::GiveUp(request));
        }
    }

    /// A connection is tried, after so many tries before.
    pub(super) fn offer(&mut self, request: u32, tries: u32) {
        if let Some(outcome) = self.closed {
            return self.turn_down(request, outcome);
        }
        // Of threads with interpreters of their own it has none.
        let interpreters = &self.interpreters[self.loop_of(0) as usize..];
        let place = self.admission.arrived(request, self.now, interpreters);
        match place {
            Place::Lane(lane) => {
                let task = self.admit(request, lane);
                self.begin(task);
            }
            Place::Queued => self.start_thread(),
            Place::Bound(process) => {
                let record = &mut self.trail.requests[request as usize];
                record.bound = self.now;
                record.lane = process * self.plan.threads.unwrap_or(1);
                if self.plan.fronted {
                    self.meet(request, process);
                }
            }
            Place::Full => self.turned_away(request, tries),
        }
        self.growth();
    }

    /// A pool starts a thread for the next call that waits, unless it is about to start another. The thread that
    /// submits calls has to have the GIL for that, and so has the new one to begin: two turns on the new one's lane.
    // Inlined where every handler begins, it costs the page bytes.
    #[inline(never)]
    pub(super) fn start_thread(&mut self) {
        if self.plan.lazy
            && self.starting == NOBODY
            && let Some((request, lane)) = self.admission.start()
        {
            self.starting = lane;
            let task = self.admit(request, lane);
            self.begin(task);
        }
    }

    /// A task that has just been admitted goes to work, once its request is there.
    pub(super) fn begin(&mut self, id: u32) {
        if self.has_bytes(id) {
            self.want_cpu(id);
        }
    }

    /// Whether a task has its request's bytes: if not, it waits for them.
    fn has_bytes(&mut self, id: u32) -> bool {
        let task = &self.tasks[id];
        let (stage, request, process) = (task.stage, task.request, task.process);
        let there = match &mut self.client {
            Some(client) if stage != Stage::Accept => client.has_sent(request, id),
            _ => true,
        };
        if !there {
            self.enter(id, State::Io);
            self.reads(process, true);
        }
        there
    }

    /// A thread of a process waits for a request's bytes, or has them.
    pub(super) fn reads(&mut self, process: u32, waits: bool) {
        if self.plan.selectors {
            self.admission.reads(process, waits);
        }
    }

    /// Somebody may be able to accept what waits in the kernel now, one connection after the other.
    pub(super) fn accept_soon(&mut self) {
        if self.plan.files.is_some() && !self.accepting && self.admission.can_accept() {
            self.accepting = true;
            self.queue.schedule(self.now + ACCEPT, Event::Accept);
        }
    }

    /// The next connection that waits in the kernel is accepted.
    pub(super) fn accept(&mut self) {
        self.accepting = false;
        if let Some((request, process)) = self.admission.accept(&mut self.trail.requests, self.now)
        {
            self.growth();
            if self.plan.fronted {
                self.meet(request, process);
            } else if let Some(task) = self.admit_next(process) {
                self.begin(task);
            }
            self.accept_soon();
        }
    }

    /// A process of threads accepts nothing for a while if its table of files has to grow now.
    fn growth(&mut self) {
        if self.plan.threads.is_some()
            && let Some(process) = self.admission.growing.take()
        {
            self.grow(process);
        }
    }

    /// A process waits for its table of files.
    pub(super) fn grow(&mut self, process: u32) {
        let draw = self.trail.requests.len() as u32;
        let at = self.now + self.ticks.growth(draw);
        self.queue.schedule(at, Event::Grown(process));
    }

    /// `request` gets a lane; gives its task, which has yet to ask for CPU time.
    pub(super) fn admit(&mut self, request: u32, lane: u32) -> u32 {
        let record = &mut self.trail.requests[request as usize];
        record.admitted = self.now;
        record.lane = lane;
        let process = self.trail.lanes[lane as usize].process;
        let starts = self
            .asleep
            .get_mut(lane as usize)
            .is_some_and(std::mem::take);
        let task = Task {
            request,
            lane,
            process,
            grows: self.plan.threads.is_none() && self.admission.growing.take().is_some(),
            interpreter: if self.free_threaded { lane } else { process },
            since: self.now,
            stage: match self.ticks.first {
                _ if starts => Stage::Start,
                _ if self.plan.fronted => Stage::Handler,
                first => first,
            },
            ..Task::new(self.mill.work(request))
        };
        if self.plan.threads.is_some() {
            self.beat(process);
        }
        if task.stage == Stage::Accept {
            self.admission.assigned(process);
        }
        self.in_hand += u32::from(!self.plan.fronted);
        self.tasks.add(task)
    }

    /// A task is over: its request is answered, and its slot free.
    pub(super) fn finish(&mut self, task: u32) {
        self.record(task);
        self.enter_stage(task, Stage::Over);
        let Task {
            request,
            lane,
            process,
            started,
            ..
        } = self.tasks[task];
        self.tasks.free(task);
        self.in_flight -= u32::from(started);
        self.in_hand -= 1;
        let record = &mut self.trail.requests[request as usize];
        record.left = self.now;
        if record.end == NEVER {
            if self.client.is_some() {
                self.client_job(request, Job::Read);
            } else {
                self.settle(request, Outcome::Answered);
            }
        }
        if let Some(heap) = self.heaps.get_mut(process as usize) {
            heap.free(self.plan.costs.objects);
        }
        self.admission.finished(process, lane, self.now);
        self.accept_soon();
        if let Some(next) = self.admit_next(process) {
            if !self.plan.costs.contiguous {
                self.begin(next);
            } else if self.has_bytes(next) {
                self.follow = next;
            }
        }
    }

    /// A process with a free slot takes the next request; gives its task.
    pub(super) fn admit_next(&mut self, process: u32) -> Option<u32> {
        let requests = &mut self.trail.requests;
        let next = self.admission.next(process, requests, self.now);
        self.growth();
        let (request, lane) = next?;
        Some(self.admit(request, lane))
    }

    /// A request has its answer or has failed.
    #[inline]
    pub(super) fn settle(&mut self, request: u32, outcome: Outcome) {
        let record = &mut self.trail.requests[request as usize];
        record.end = self.now;
        record.outcome = outcome;
        self.trail.busy = self.cores.busy(self.now);
        self.source.answered(self.now);
    }

    /// Puts a task in `state`, and records the state it was in. No more than a look where nothing is recorded.
    #[inline(always)]
    pub(super) fn enter(&mut self, task: u32, state: State) {
        if self.traced {
            self.change(task, state);
        }
    }

    #[inline(never)]
    fn change(&mut self, task: u32, state: State) {
        if self.tasks[task].state != state {
            self.record(task);
            self.tasks[task].state = state;
        }
    }

    /// Records the state that a task has been in, unless it was for no time.
    pub(super) fn record(&mut self, task: u32) {
        let task = &mut self.tasks[task];
        if self.traced && task.since < self.now && task.lane != NOBODY {
            self.trail.spans.push(Span {
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
