//! A handler's way: CPU segments, in turn with the others on its interpreter, around I/O calls.

use super::Nanos;
use super::calibration::{
    ASKER, COLLECT, COOLING, Costs, DOZING, LINE_UP, RINSING, SLICE, VARIATION, grow_ms,
};
use super::cores::TICK;
use super::cpu::Ring;
use super::engine::Engine;
use super::plan::Plan;
use super::queue::Event;
use super::random::{Draws, Stream, StreamDraws};
use super::trace::State;
use super::workload::{Work, nanos, nearest};
use scenario::Machine;

/// No task, no lane.
pub(super) const NOBODY: u32 = u32::MAX;

/// Ticks of CPU time in a microsecond.
const US: f64 = 1000.0 * TICK as f64;

/// A system's costs, in ticks of CPU time.
pub(crate) struct Ticks {
    /// Where a request begins: the first stage that costs anything.
    pub(super) first: Stage,
    pub(super) accept: u64,
    step: u64,
    parse: u64,
    before: u64,
    after: u64,
    reply: u64,
    pub(super) start: u64,
    /// A hand-over of the GIL to a thread that waits for it.
    hand_over: u64,
    /// A switch to another thread.
    switch: u64,
    /// More for the first handler's segment that does not follow on the server's own code.
    cold: u64,
    /// More around what a loop's request computes, at most.
    busy: u64,
    /// More for a loop's callback of another kind than the one before.
    change: u64,
    /// From the end of an I/O call until its task is ready: at least, and on average beyond that,
    /// in nanoseconds.
    wake: Nanos,
    late: f64,
    /// More after a wait, at most.
    doze: Nanos,
    /// How often a loop's clock ticks, in nanoseconds; 0 = all the time.
    tick: Nanos,
    draws: Draws,
    /// How late each is.
    lates: StreamDraws,
    /// Whether this is a real server, in which a connection is free only when its holder has run again.
    pub(super) phased: bool,
    /// How often whoever waits for the GIL lines up again, in nanoseconds; 0 = never.
    pub(super) again: Nanos,
    /// How many cores there are.
    cores: u32,
    /// Whether it may cost something to begin a segment.
    dear: bool,
}

impl Ticks {
    /// How much slower everything is in this run than in others.
    pub(super) fn factor(draws: Draws) -> f64 {
        1.0 + VARIATION * (2.0 * draws.level() - 1.0)
    }

    /// Costs of one run; the same server's differ from run to run.
    pub(crate) fn new(plan: &Plan, draws: Draws, machine: &Machine) -> Self {
        let costs = plan.costs;
        let factor = Self::factor(draws);
        let ticks = |microseconds: u32| nearest(f64::from(microseconds) * factor * US);
        Self {
            first: match costs {
                Costs { accept: 1.., .. } => Stage::Accept,
                Costs { parse: 1.., .. } => Stage::Parse,
                _ => Stage::Handler,
            },
            accept: ticks(costs.accept + plan.extra.0),
            step: ticks(costs.step),
            parse: ticks(costs.parse),
            before: ticks(costs.before + plan.extra.1),
            after: ticks(costs.after),
            reply: ticks(costs.reply),
            start: ticks(costs.start),
            hand_over: ticks(costs.switch),
            switch: nearest(machine.context_switch_us * US),
            cold: ticks(costs.cold),
            busy: ticks(costs.busy),
            change: ticks(costs.change),
            wake: ticks(costs.wake) / TICK,
            late: f64::from(costs.late) * factor * 1e3,
            doze: ticks(costs.doze) / TICK,
            tick: Nanos::from(costs.tick) * 1000,
            draws,
            lates: draws.of(Stream::Wake),
            phased: costs.wake > 0,
            again: match plan.threads {
                Some(_) if costs.wake > 0 => nanos(machine.switch_interval_ms).max(1),
                _ => 0,
            },
            cores: machine.cores,
            dear: costs.wake > 0 || machine.context_switch_us > 0.0,
        }
    }

    /// Whether the thread that asks for the GIL of a real server gets it, although others may have waited longer: on a core
    /// other than the holder's it is awake, and they are not.
    fn heeds(&self, draw: u32) -> bool {
        self.cores > 1 && self.draws.below(100, draw, Stream::Asker) < ASKER
    }

    /// How long it takes the one that has to let go of the GIL of a real server to line up for it again: whoever is
    /// woken up for it may run on the same core.
    fn behind(&self, draw: u32) -> Nanos {
        match self.draws.below(self.cores, draw, Stream::Core) {
            0 => SLICE,
            _ => 0,
        }
    }

    /// How long a table of files takes to grow.
    pub(super) fn growth(&self, draw: u32) -> Nanos {
        let (run, time) = (
            self.draws.uniform(3, Stream::Run),
            self.draws.uniform(draw, Stream::Grow),
        );
        nearest(grow_ms(run, time) * 1e6)
    }
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its connection is accepted, on a loop.
    Accept,
    /// It is read and parsed, on a loop.
    Parse,
    /// A thread or process is started for it.
    Start,
    /// Its handler runs.
    Handler,
    /// Its answer goes from a thread back to the loop.
    Reply,
    /// It is over, or was lost.
    Over,
}

/// A request in hand: what its handler has done and has to do.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    pub(super) request: u32,
    /// `NOBODY` for what a loop before threads has yet to read.
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
    pub(super) calls_done: u8,
    pub(super) state: State,
    pub(super) stage: Stage,
    pub(super) started: bool,
    /// Whether it has paid for cold caches.
    pub(super) warm: bool,
    /// Whether an I/O call of its is on its way.
    pub(super) calling: bool,
    /// Whether it still has the connection of a call that was answered.
    pub(super) holding: bool,
    /// Whether its loop's table of files has to grow once it is accepted.
    pub(super) grows: bool,
    /// Whether it waited for a connection and has it now: its call goes out when it runs.
    pub(super) connected: bool,
    /// Whether it had to let go of its interpreter since its last I/O call.
    pub(super) preempted: bool,
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
            stage: Stage::Handler,
            started: false,
            warm: false,
            calling: false,
            holding: false,
            grows: false,
            connected: false,
            preempted: false,
        }
    }

    /// CPU time of its present segment, in ticks.
    fn segment(&self, ticks: &Ticks) -> u64 {
        if self.connected {
            return ticks.step;
        }
        if self.stage != Stage::Handler {
            return match self.stage {
                Stage::Accept => ticks.accept,
                Stage::Parse => ticks.parse,
                Stage::Start => ticks.start,
                _ => ticks.reply,
            };
        }
        let done = u32::from(self.calls_done);
        let before = if done == 0 { ticks.before } else { 0 };
        let last = done == self.work.calls;
        let after = if last { ticks.after } else { 0 };
        before + self.work.cpu_segment(done) * TICK + after
    }
}

/// What of `all` has gone after a time of which `half` takes half.
fn gone(all: u64, time: Nanos, half: Nanos) -> u64 {
    // Beyond some seconds nothing is left, and the product stays in bounds.
    let time = time.min(1 << 32);
    all * time / (time + half)
}

impl Engine<'_> {
    /// A task is at the beginning of a CPU segment.
    pub(super) fn want_cpu(&mut self, id: u32) {
        if self.plan.fronted && self.waits_for_loop(id) {
            return self.enter(id, State::Ready);
        }
        let task = &mut self.tasks[id];
        task.left = task.segment(&self.ticks);
        let number = task.interpreter;
        let interpreter = &mut self.interpreters[number as usize];
        if interpreter.is_idle() {
            self.give(number, id, false);
        } else {
            if self.plan.costs.looks && task.calls_done > 0 && !task.connected {
                interpreter.wait_for_look(id, self.now);
            } else if self.plan.costs.passes && task.stage != Stage::Handler {
                interpreter.wait_for_pass(id, self.now, task.stage == Stage::Accept);
            } else {
                interpreter.wait(id, self.now);
            }
            if self.interval.is_some() && self.cores.runs(number) {
                self.limit_turn(number);
            }
            self.enter(id, State::Ready);
        }
    }

    /// Gives a free interpreter to a task, then to those behind it for as long as each one has
    /// nothing to run and lets go of it at once. A task that `waited` has to be woken up for it.
    fn give(&mut self, number: u32, mut id: u32, mut waited: bool) {
        loop {
            let task = &mut self.tasks[id];
            let interpreter = &mut self.interpreters[number as usize];
            let handed_over = interpreter.take(id, task.request);
            self.trail.context_switches += u64::from(handed_over);
            if self.ticks.phased {
                if std::mem::take(&mut task.holding) {
                    let process = task.process;
                    self.give_back(process);
                }
                self.charge(number, id, waited, handed_over);
                if !self.heaps.is_empty() {
                    self.collect(id);
                }
            } else {
                // On the whiteboard a switch is all that it can cost.
                interpreter.own = task.left;
                if handed_over && self.interval.is_some() {
                    task.left += self.ticks.switch;
                }
            }
            let task = &mut self.tasks[id];
            if !task.started && task.stage == Stage::Handler {
                task.started = true;
                self.trail.requests[task.request as usize].start = self.now;
                self.in_flight += 1;
                if task.lane == self.starting {
                    self.starting = NOBODY;
                    self.start_thread();
                }
            }
            let left = self.tasks[id].left;
            if left > 0 {
                return self.start(number, id, left);
            }
            self.segment_done(id);
            match self.successor(number) {
                Some(next) => id = next,
                None => return self.idles(number),
            }
            waited = true;
        }
    }

    /// Adds to a task's segment what it costs to begin it now in a real server.
    fn charge(&mut self, number: u32, id: u32, waited: bool, handed_over: bool) {
        let (ticks, threads) = (&self.ticks, self.interval.is_some());
        let task = &mut self.tasks[id];
        let interpreter = &mut self.interpreters[number as usize];
        let follows = std::mem::replace(&mut self.follow, NOBODY) == id;
        if self.plan.costs.passes || self.plan.fronted {
            let kind = match task.stage {
                Stage::Accept => 0,
                Stage::Parse => 1,
                Stage::Handler if task.calls_done > 0 => 2,
                _ => 3,
            };
            let changed = std::mem::replace(&mut interpreter.kind, kind) != kind;
            if !waited {
                let slept = interpreter.begin_pass(self.now, task.stage != Stage::Handler);
                // Without a GIL every stage begins on an idle interpreter, and not every one wakes the process.
                if kind < 3 || !threads {
                    task.left += gone(ticks.cold, slept, RINSING);
                }
            } else if changed {
                task.left += ticks.change;
            }
            if task.stage == Stage::Handler
                && task.work.computes()
                && !task.connected
                && !task.preempted
            {
                let computed = task.work.cpu_segment(task.calls_done.into());
                task.left += gone(ticks.busy, computed, RINSING);
            }
        } else if task.stage == Stage::Handler && !task.warm {
            // A thread's own caches, or its loop's, get cold with other work, or the longer it sleeps: as far as work
            // has left them warm.
            let goes_on = if threads { follows } else { waited };
            let computes = task.work.computes();
            let rinsed = gone(ticks.cold, task.work.cpu_segment(0), RINSING);
            let slept = match goes_on && (computes || interpreter.hot) {
                true => 0,
                false => gone(ticks.cold - rinsed, task.work.io_call(0), COOLING),
            };
            task.left += rinsed.max(slept);
            task.warm = computes || !(goes_on && interpreter.hot);
            interpreter.hot = !computes;
        }
        interpreter.own = task.left;
        if follows {
            return;
        }
        if handed_over && threads {
            task.left += ticks.switch;
            task.left += if waited { ticks.hand_over } else { 0 };
        }
    }

    /// A task on a loop makes the objects that it holds to its end; and where it is time for that, the collector
    /// goes through all objects of its process first.
    fn collect(&mut self, id: u32) {
        let (costs, task) = (self.plan.costs, &mut self.tasks[id]);
        let heap = &mut self.heaps[task.process as usize];
        if costs.passes && task.calls_done == 0 {
            let handler = task.stage == Stage::Handler;
            heap.make(costs.objects * if handler { 5 } else { 1 } / 7);
        }
        if let Some(objects) = heap.collect() {
            task.left += u64::from(objects) * COLLECT * TICK;
        }
    }

    /// A task that has its interpreter begins to run.
    fn start(&mut self, number: u32, id: u32, ticks: u64) {
        self.enter(id, State::Running);
        self.cores.start(self.now, number, ticks);
        self.limit_turn(number);
        if self.interval.is_none() {
            // A real loop comes to its timers between two rounds of what was ready.
            let turns = std::mem::take(&mut self.interpreters[number as usize].turns);
            if turns || !self.ticks.phased {
                self.beat(number);
            }
        }
    }

    /// Who has an interpreter next: what its thread goes on with, or who waits for it.
    #[inline(always)]
    fn successor(&mut self, number: u32) -> Option<u32> {
        if self.follow != NOBODY {
            let task = &mut self.tasks[self.follow];
            task.left = task.segment(&self.ticks);
            return Some(self.follow);
        }
        self.interpreters[number as usize].release(self.now)
    }

    /// The holder's segment is over: its task goes on, and the next one gets the interpreter.
    pub(super) fn hand_on(&mut self, number: u32) {
        let interpreter = &mut self.interpreters[number as usize];
        let id = interpreter.holder();
        if std::mem::take(&mut interpreter.overdue) {
            return self.let_go(number, id);
        }
        let task = &mut self.tasks[id];
        if task.grows {
            // The loop stands still meanwhile.
            task.grows = false;
            let process = task.process;
            self.enter(id, State::Io);
            return self.grow(process);
        }
        self.segment_done(id);
        self.follow_up(number);
    }

    /// Gives an interpreter that its holder is done with to the next one.
    pub(super) fn follow_up(&mut self, number: u32) {
        match self.successor(number) {
            Some(next) => self.give(number, next, true),
            None => self.idles(number),
        }
    }

    /// A task has run a CPU segment: its next stage follows, an I/O call, or the end. The
    /// interpreter still counts as held, so whoever becomes ready here joins its queue.
    fn segment_done(&mut self, id: u32) {
        let task = &mut self.tasks[id];
        if task.stage != Stage::Handler {
            let process = task.process;
            self.stage_done(id);
            return self.go_round(process, id);
        }
        if std::mem::take(&mut task.connected) {
            return self.call(id);
        }
        if u32::from(task.calls_done) == task.work.calls {
            if self.ticks.reply == 0 {
                return self.finish(id);
            }
            self.enter_stage(id, Stage::Reply);
            let number = self.loop_of(self.tasks[id].process);
            self.tasks[id].interpreter = number;
            return self.want_cpu(id);
        }
        let pool = self.pools.get_mut(task.process as usize);
        if pool.is_none_or(|pool| pool.acquire(id)) {
            self.call(id);
        } else {
            self.enter(id, State::Connection);
        }
    }

    /// A task has run what is not its handler.
    fn stage_done(&mut self, id: u32) {
        let task = &mut self.tasks[id];
        let request = task.request;
        let next = match task.stage {
            Stage::Accept if self.ticks.parse > 0 => Stage::Parse,
            Stage::Parse if self.plan.fronted => return self.met(id),
            Stage::Accept | Stage::Parse | Stage::Start => Stage::Handler,
            _ => return self.finish(id),
        };
        self.enter_stage(id, next);
        let client = self.client.as_mut();
        if client.is_none_or(|client| client.has_sent(request, id)) {
            self.want_cpu(id);
        } else {
            self.enter(id, State::Io);
        }
    }

    /// A task goes on to its next stage. With the first its connection is out of the kernel's backlog.
    pub(super) fn enter_stage(&mut self, id: u32, stage: Stage) {
        let task = &mut self.tasks[id];
        if std::mem::replace(&mut task.stage, stage) == Stage::Accept {
            self.admission.taken(task.process);
        }
    }

    /// A task sends an I/O call.
    fn call(&mut self, id: u32) {
        self.enter(id, State::Io);
        let task = &mut self.tasks[id];
        task.calling = true;
        task.preempted = false;
        let wait = task.work.io_call(task.calls_done.into());
        let mut answer = self.now + wait + self.ticks.wake;
        if self.ticks.late > 0.0 {
            answer += self.ticks.doze * wait / (wait + DOZING);
            let mut draw = task.request * 20 + u32::from(task.calls_done);
            if self.ticks.tick > 0 {
                let interpreter = &mut self.interpreters[task.interpreter as usize];
                let (tick, begun) = interpreter.by_clock(self.now, self.ticks.tick);
                answer -= self.now - begun;
                draw = tick as u32;
            }
            answer += nearest(self.ticks.late * self.ticks.lates.exponential(draw));
            answer = answer.max(self.now);
        }
        self.queue.schedule(answer, Event::Io(id));
    }

    /// A task's I/O call is answered.
    pub(super) fn answer(&mut self, id: u32) {
        let task = &mut self.tasks[id];
        if task.stage == Stage::Over {
            self.tasks.free(id);
            return;
        }
        task.calling = false;
        task.calls_done += 1;
        if !self.pools.is_empty() {
            // On the whiteboard a connection is free with the answer. In a real server it takes a
            // line of code, which has to wait for its turn.
            if self.ticks.phased {
                task.holding = true;
            } else {
                let process = task.process;
                self.give_back(process);
            }
        }
        self.want_cpu(id);
    }

    /// A connection goes back to its process's pool; who waits for one has it now.
    #[inline(never)]
    fn give_back(&mut self, process: u32) {
        if let Some(pool) = self.pools.get_mut(process as usize)
            && let Some(next) = pool.release()
        {
            if self.ticks.phased {
                self.tasks[next].connected = true;
                self.want_cpu(next);
            } else {
                self.call(next);
            }
        }
    }

    /// Sees to it that a turn ends, if the interpreter preempts and someone waits for it.
    fn limit_turn(&mut self, number: u32) {
        let Some(interval) = self.interval else {
            return;
        };
        let interpreter = &mut self.interpreters[number as usize];
        if let Some(at) = interpreter.limit_turn(self.now, interval) {
            self.turns.set(at, number);
        }
    }

    /// An interpreter's timer rings: its holder's turn may be over.
    pub(super) fn ring(&mut self, number: u32) {
        let Some(interval) = self.interval else {
            return;
        };
        let interpreter = &mut self.interpreters[number as usize];
        match interpreter.ring(self.now, interval) {
            Ring::Idle => {}
            Ring::Again(at) => self.turns.set(at, number),
            Ring::Preempt => {
                let id = interpreter.holder();
                let task = &mut self.tasks[id];
                if let Some(left) = self.cores.cut(number) {
                    // Without a core it cannot let go.
                    task.left = left;
                    interpreter.overdue = true;
                    return;
                }
                task.left = self.cores.stop(self.now, number);
                self.let_go(number, id);
            }
        }
    }

    /// A turn is over, with work left to do: the next one has the interpreter.
    fn let_go(&mut self, number: u32, id: u32) {
        let interpreter = &mut self.interpreters[number as usize];
        if self.ticks.dear && self.tasks[id].left >= interpreter.own {
            // It has yet to begin its own work: it has another turn for that.
            interpreter.prolong();
            let left = self.tasks[id].left;
            return self.start(number, id, left);
        }
        let (mut next, mut since) = (None, self.now);
        let preempted = std::mem::replace(&mut self.tasks[id].preempted, true);
        if self.ticks.again > 0 {
            let draw = self.trail.context_switches as u32;
            // While a pool starts threads, nobody has a core of its own for long.
            if self.starting == NOBODY {
                since += LINE_UP;
                // Who computes on has a core of its own, so who asks is awake on another.
                if preempted && self.ticks.heeds(draw) {
                    next = interpreter.heed();
                }
            }
            if next.is_none() {
                since += self.ticks.behind(draw);
            }
        }
        // Someone waits while a turn has an end.
        let Some(next) = next.or_else(|| interpreter.release(self.now)) else {
            return;
        };
        interpreter.wait(id, since);
        self.enter(id, State::Ready);
        self.give(number, next, true);
    }
}
