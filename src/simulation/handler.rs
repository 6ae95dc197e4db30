//! A handler's way: CPU segments, in turn with the others on its interpreter, around I/O calls.

use super::Nanos;
use super::cores::TICK;
use super::cpu::Ring;
use super::engine::Engine;
use super::queue::Event;
use super::trace::State;
use super::workload::Work;

/// A request in hand: what its handler has done and has to do.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    pub(super) request: u32,
    pub(super) lane: u32,
    pub(super) process: u32,
    /// The interpreter that runs it.
    pub(super) interpreter: u32,
    pub(super) work: Work,
    /// CPU time that its present segment still needs, in ticks.
    pub(super) left: u64,
    /// When its present state began.
    pub(super) since: Nanos,
    /// I/O calls that it has behind it.
    pub(super) calls_done: u32,
    pub(super) state: State,
    pub(super) started: bool,
}

impl Task {
    /// A task about to begin `work`.
    pub(super) fn new(work: Work) -> Self {
        Self {
            request: 0,
            lane: 0,
            process: 0,
            interpreter: 0,
            work,
            left: 0,
            since: 0,
            calls_done: 0,
            state: State::Ready,
            started: false,
        }
    }
}

impl Engine {
    /// A task is at the beginning of a CPU segment.
    pub(super) fn want_cpu(&mut self, id: u32) {
        let task = &mut self.tasks[id as usize];
        task.left = task.work.cpu_segment(task.calls_done) * TICK;
        let number = task.interpreter;
        let interpreter = &mut self.interpreters[number as usize];
        if interpreter.is_idle() {
            self.give(number, id);
        } else {
            interpreter.wait(id);
            if self.cores.runs(number) {
                self.limit_turn(number);
            }
            self.enter(id, State::Ready);
        }
    }

    /// Gives an idle interpreter to a task, then to those behind it for as long as each one has
    /// nothing to run and lets go of it at once.
    fn give(&mut self, number: u32, mut id: u32) {
        loop {
            let task = &mut self.tasks[id as usize];
            let handed_over = self.interpreters[number as usize].take(id, task.request);
            self.outcome.context_switches += u64::from(handed_over);
            if !task.started {
                task.started = true;
                self.outcome.requests[task.request as usize].start = self.now;
                self.in_flight += 1;
                self.outcome.peak_in_flight = self.outcome.peak_in_flight.max(self.in_flight);
            }
            if task.left > 0 {
                let ticks = task.left;
                self.enter(id, State::Running);
                self.cores.start(self.now, number, ticks);
                self.limit_turn(number);
                return;
            }
            self.segment_done(id);
            match self.interpreters[number as usize].release() {
                Some(next) => id = next,
                None => return,
            }
        }
    }

    /// The holder's segment is over: its task goes on, and the next one gets the interpreter.
    pub(super) fn hand_on(&mut self, number: u32) {
        self.segment_done(self.interpreters[number as usize].holder());
        if let Some(next) = self.interpreters[number as usize].release() {
            self.give(number, next);
        }
    }

    /// A task has run a CPU segment: an I/O call follows, or the end. The interpreter still
    /// counts as held, so whoever becomes ready here joins its queue.
    fn segment_done(&mut self, id: u32) {
        let task = &self.tasks[id as usize];
        if task.calls_done == task.work.calls {
            return self.finish(id);
        }
        let pool = self.pools.get_mut(task.process as usize);
        if pool.is_none_or(|pool| pool.acquire(id)) {
            self.call(id);
        } else {
            self.enter(id, State::Connection);
        }
    }

    /// A task sends an I/O call.
    fn call(&mut self, id: u32) {
        self.enter(id, State::Io);
        let task = &self.tasks[id as usize];
        let answer = self.now + task.work.io_call(task.calls_done);
        self.queue.schedule(answer, Event::Io(id));
    }

    /// A task's I/O call is answered.
    pub(super) fn answer(&mut self, id: u32) {
        let task = &mut self.tasks[id as usize];
        task.calls_done += 1;
        if let Some(pool) = self.pools.get_mut(task.process as usize)
            && let Some(next) = pool.release()
        {
            self.call(next);
        }
        self.want_cpu(id);
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

    /// An interpreter's timer rings: its holder's turn may be over.
    pub(super) fn ring(&mut self, number: u32) {
        let interpreter = &mut self.interpreters[number as usize];
        match interpreter.ring(self.now) {
            Ring::Idle => {}
            Ring::Again(at) => self.queue.schedule(at, Event::Turn(number)),
            Ring::Preempt => {
                let id = interpreter.holder();
                interpreter.wait(id);
                let next = interpreter.release();
                self.tasks[id as usize].left = self.cores.stop(self.now, number);
                self.enter(id, State::Ready);
                if let Some(next) = next {
                    self.give(number, next);
                }
            }
        }
    }
}
