//! Interpreters: who may execute Python, and for how long.
//!
//! An interpreter is a process's GIL, an event loop, or, in a free-threaded build, a thread. One
//! request holds it at a time; the others queue. Under a GIL they take turns: a holder is
//! preempted one switch interval after the later of its acquisition and the first waiter's
//! arrival, as in CPython's `ceval_gil.c`, and goes to the back of the queue. There, each waiter
//! has a timer of its own, which it sets anew when it finds that the GIL has changed hands;
//! where they line up `again` every so often turns are as long as that makes them, who asks for it may get it before
//! others, and who was preempted may line up a little later. A holder whose turn is
//! over while it has no core lets go as soon as it has one, unless it has yet to begin its own work: then it has
//! another turn. A loop never preempts.

use std::collections::VecDeque;

use super::Nanos;

/// No task, no request.
const NOBODY: u32 = u32::MAX;

/// How many ready sockets gevent's hub takes at a look at first (libev's `epoll_wait`); twice as many
/// whenever there were more.
const GROUP: usize = 64;

/// A task that waits for an interpreter.
struct Waiter {
    task: u32,
    /// Where in a round of those that line up again every so often it does so.
    phase: u32,
    /// Since when it has waited, or from when on it will.
    since: Nanos,
}

/// One interpreter.
pub(crate) struct Interpreter {
    /// The task that holds it, or `NOBODY`.
    holder: u32,
    /// The last request that held it, or `NOBODY`.
    last: u32,
    /// Tasks ready to run, in the order in which they came.
    waiting: VecDeque<Waiter>,
    /// Tasks that are back from an I/O call, where they wait for the next look at them.
    back: VecDeque<Waiter>,
    /// What has come to a loop since its pass began: requests to read, and connections to accept, one a pass.
    reads: VecDeque<Waiter>,
    accepts: VecDeque<Waiter>,
    /// Whether its pass has read what there was, and runs handlers next.
    has_read: bool,
    /// Whether what it runs next is the first of what was ready when it looked.
    pub(crate) turns: bool,
    /// What its last callback was, by kind.
    pub(crate) kind: u8,
    /// How often whoever waits for it lines up again, in nanoseconds; 0 = never.
    again: Nanos,
    /// After how many more tasks that look is, and how many it takes; 0 = all, in the passes of a loop.
    until_look: usize,
    group: usize,
    /// When a loop looked for the last time while it was idle, and its clock's last tick that a call came
    /// after: its number, and when the first one began.
    looked: Nanos,
    ticked: (u64, Nanos),
    /// Since when it has been idle.
    idle: Nanos,
    /// Whether the holder is to let go of it as soon as it has a core: until then it cannot.
    pub(crate) overdue: bool,
    /// What the holder's segment needs itself, in ticks: without a hand-over not paid yet.
    pub(crate) own: u64,
    /// Whether its last segment was the server's own code alone.
    pub(crate) hot: bool,
    /// Since when the holder's turn has run out; `Nanos::MAX` while nobody waits or nothing preempts.
    limited: Nanos,
    /// When [`Turns`](super::turns::Turns) is to ring for it next, `Nanos::MAX` = not: no later than a turn ends, set again
    /// when that is too early.
    rings: Nanos,
}

impl Interpreter {
    /// An interpreter; `passes`: a loop that looks at what is back from I/O calls between passes;
    /// `again`: how often its waiters line up again, in nanoseconds, 0 = never.
    pub(crate) fn new(passes: bool, again: Nanos) -> Self {
        Self {
            holder: NOBODY,
            last: NOBODY,
            waiting: VecDeque::new(),
            back: VecDeque::new(),
            reads: VecDeque::new(),
            accepts: VecDeque::new(),
            has_read: false,
            turns: true,
            kind: 0,
            again,
            until_look: GROUP,
            group: if passes { 0 } else { GROUP },
            looked: Nanos::MAX,
            ticked: (0, 0),
            idle: 0,
            overdue: false,
            own: 0,
            hot: false,
            limited: Nanos::MAX,
            rings: Nanos::MAX,
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.holder == NOBODY
    }

    /// The task that holds it, when one does.
    pub(crate) fn holder(&self) -> u32 {
        self.holder
    }

    /// A task gets it; true if that takes it over from a different request.
    pub(crate) fn take(&mut self, task: u32, request: u32) -> bool {
        self.holder = task;
        let handed_over = self.last != request && self.last != NOBODY;
        self.last = request;
        handed_over
    }

    /// A task waits for it from a moment on, which may be yet to come.
    #[inline(never)]
    pub(crate) fn wait(&mut self, task: u32, since: Nanos) {
        let waiter = self.waiter(task, since);
        self.waiting.push_back(waiter);
    }

    fn waiter(&self, task: u32, since: Nanos) -> Waiter {
        Waiter {
            task,
            phase: self.phase(since),
            since,
        }
    }

    /// Where in the round of waiters a moment lies; a round is a second at most.
    fn phase(&self, at: Nanos) -> u32 {
        match self.again {
            0 => 0,
            again => (at % again) as u32,
        }
    }

    /// A task that is back from an I/O call waits for the next look, from `now` on.
    pub(crate) fn wait_for_look(&mut self, task: u32, now: Nanos) {
        let waiter = self.waiter(task, now);
        if self.group == 0 && self.looked == now {
            // It is part of the pass that begins now.
            self.waiting.insert(self.until_look, waiter);
            self.until_look += 1;
        } else {
            self.back.push_back(waiter);
        }
    }

    /// A request that a loop has yet to read, or accept, waits for the next pass.
    pub(crate) fn wait_for_pass(&mut self, task: u32, now: Nanos, accept: bool) {
        let waiter = self.waiter(task, now);
        let queue = if accept {
            &mut self.accepts
        } else {
            &mut self.reads
        };
        queue.push_back(waiter);
    }

    /// An idle one begins to run, a loop with a pass; `reads`: with a request that has come. Gives how long it was idle.
    pub(crate) fn begin_pass(&mut self, now: Nanos, reads: bool) -> Nanos {
        self.looked = now;
        self.until_look = 0;
        self.has_read = reads;
        now - self.idle
    }

    /// A loop goes on: it accepts one connection and reads what there is, then runs what that, the pass
    /// before, and calls that are back have made ready.
    #[inline(never)]
    fn pass(&mut self) {
        for _ in 0..2 {
            self.has_read = !self.has_read;
            if self.has_read {
                self.reads.extend(self.accepts.pop_front());
                self.until_look = self.reads.len();
                if self.until_look > 0 {
                    self.reads.append(&mut self.waiting);
                    std::mem::swap(&mut self.reads, &mut self.waiting);
                }
            } else {
                self.waiting.append(&mut self.back);
                self.until_look = self.waiting.len();
            }
            if self.until_look > 0 {
                return;
            }
        }
    }

    /// When an I/O call that begins now begins by a loop's clock, which ticks every so many
    /// nanoseconds: with the first that began since the last tick. Gives that one's number too.
    pub(crate) fn by_clock(&mut self, now: Nanos, tick: Nanos) -> (u64, Nanos) {
        let number = now / tick;
        if number != self.ticked.0 {
            self.ticked = (number, now);
        }
        self.ticked
    }

    /// Its process dies: nobody holds it or waits for it.
    pub(crate) fn reset(&mut self) {
        self.holder = NOBODY;
        self.last = NOBODY;
        self.waiting.clear();
        self.back.clear();
        self.reads.clear();
        self.accepts.clear();
        self.until_look = self.group;
        self.limited = Nanos::MAX;
        self.hot = false;
        self.overdue = false;
        self.turns = true;
    }

    /// A hub looks at what is back from I/O calls: all of it runs next. It takes twice as many from
    /// then on where there was more than it took (`full`).
    fn look(&mut self, full: bool) {
        if full {
            self.group *= 2;
        }
        self.until_look = self.group + self.back.len();
        self.back.append(&mut self.waiting);
        std::mem::swap(&mut self.back, &mut self.waiting);
    }

    /// Which of those that line up again every so often is the first to do so from a moment on: its place in the queue, and
    /// when it does.
    #[inline(never)]
    fn lines_up(&self, moment: Nanos) -> (usize, Nanos) {
        let (phase, again) = (self.phase(moment), self.again as u32);
        // All in one number, as nobody can guess who it is: a branch would go wrong too often.
        let (mut number, mut first) = (0, u64::MAX);
        self.waiting.iter().for_each(|waiter| {
            let round = if waiter.phase < phase { again } else { 0 };
            let after = waiter.phase.wrapping_sub(phase).wrapping_add(round);
            let after = u64::from(after).max(waiter.since.saturating_sub(moment));
            first = first.min(after << 24 | number);
            number += 1;
        });
        ((first & 0xff_ffff) as usize, moment + (first >> 24))
    }

    /// The holder lets go of it; gives who is next. Where waiters line up again every so often,
    /// whoever did so the longest ago: it is the first to do so again.
    #[inline]
    pub(crate) fn release(&mut self, now: Nanos) -> Option<u32> {
        if self.until_look == 0 || self.waiting.is_empty() {
            let full = self.until_look == 0;
            self.turns = true;
            self.until_look = self.group;
            self.idle = now;
            if self.group == 0 {
                self.pass();
            } else if !self.back.is_empty() {
                self.look(full);
            }
        }
        self.until_look = self.until_look.saturating_sub(1);
        match self.waiting.front() {
            // It has lined up again, or has yet to do so at all.
            Some(front) if self.again > 0 && now.wrapping_sub(front.since) >= self.again => {
                let (place, _) = self.lines_up((now + 1).saturating_sub(self.again));
                self.hand_to(place)
            }
            _ => {
                self.limited = Nanos::MAX;
                self.holder = NOBODY;
                self.waiting.pop_front().map(|waiter| waiter.task)
            }
        }
    }

    /// It is free for whoever waits in that place; gives who that is.
    #[inline(never)]
    fn hand_to(&mut self, place: usize) -> Option<u32> {
        self.limited = Nanos::MAX;
        self.holder = NOBODY;
        self.waiting.remove(place).map(|waiter| waiter.task)
    }

    /// The holder lets go of it, as its turn is over; gives who asked for that.
    pub(crate) fn heed(&mut self) -> Option<u32> {
        let (asker, _) = self.lines_up(self.limited);
        self.hand_to(asker)
    }

    /// If someone waits for a holder whose turn has no end yet, its turn has one from `now` on; who has just come may make it
    /// an earlier one. Gives when to set a timer, if one is needed; else the end is found only as the timer rings that is set.
    #[inline]
    pub(crate) fn limit_turn(&mut self, now: Nanos, interval: Nanos) -> Option<Nanos> {
        if self.overdue || self.waiting.is_empty() {
            return None;
        }
        self.limited = self.limited.min(now);
        let at = match self.rings {
            Nanos::MAX => self.turn(interval),
            // Nobody asks for it before that.
            rings if self.again > 0 && now + interval < rings => now + interval,
            _ => return None,
        };
        self.rings = at;
        Some(at)
    }

    /// When the holder's turn ends: `interval` after it began to run out; where waiters line up again every so
    /// often, when the first one's timer has run for `interval` under this holder.
    #[inline(never)]
    fn turn(&self, interval: Nanos) -> Nanos {
        interval
            + match self.again {
                0 => self.limited,
                _ => self.lines_up(self.limited).1,
            }
    }

    /// Whether its holder's turn has an end.
    #[inline]
    fn is_limited(&self) -> bool {
        self.limited < Nanos::MAX
    }

    /// The holder has another turn.
    pub(crate) fn prolong(&mut self) {
        self.limited = Nanos::MAX;
    }

    /// A timer rings.
    pub(crate) fn ring(&mut self, now: Nanos, interval: Nanos) -> Ring {
        if now < self.rings {
            return Ring::Idle;
        }
        self.rings = Nanos::MAX;
        if !self.is_limited() {
            return Ring::Idle;
        }
        let turn = self.turn(interval);
        if now >= turn {
            return Ring::Preempt;
        }
        self.rings = turn;
        Ring::Again(turn)
    }
}

/// What a timer's ringing means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Nobody's turn has an end, or another timer rings for it.
    Idle,
    /// It came too early; the present turn ends then.
    Again(Nanos),
    /// The holder's turn is over.
    Preempt,
}
