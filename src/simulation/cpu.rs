//! Interpreters: who may execute Python, and for how long.
//!
//! An interpreter is a process's GIL, an event loop, or, in a free-threaded build, a thread. One
//! request holds it at a time; the others queue. Under a GIL they take turns: a holder is
//! preempted one switch interval after the later of its acquisition and the first waiter's
//! arrival, as in CPython's `ceval_gil.c`, and goes to the back of the queue. There, each waiter
//! has a timer of its own, which it sets anew when it finds that the GIL has changed hands;
//! where turns are `phased` they are as long as that makes them. A loop never preempts.

use std::collections::VecDeque;

use super::Nanos;

/// No task, no request.
const NOBODY: u32 = u32::MAX;

/// How many ready sockets gevent's hub takes at a look at first (libev's `epoll_wait`); twice as many
/// whenever there were more.
const GROUP: usize = 64;

/// One interpreter.
pub(crate) struct Interpreter {
    /// The task that holds it, or `NOBODY`.
    holder: u32,
    /// The last request that held it, or `NOBODY`.
    last: u32,
    /// Tasks ready to run, in order.
    waiting: VecDeque<(u32, Nanos)>,
    /// Tasks that are back from an I/O call, where they wait for the next look at them.
    back: VecDeque<(u32, Nanos)>,
    /// After how many more tasks that look is, and how many it takes; 0 = all, behind those that
    /// the pass before has made ready.
    until_look: usize,
    group: usize,
    /// When a loop looked for the last time while it was idle, and when the first call since its
    /// clock's last tick began.
    looked: Nanos,
    ticked: Nanos,
    /// When the present holder got it.
    pub(crate) taken: Nanos,
    /// What the holder's segment needs itself, in ticks: without a hand-over not paid yet.
    pub(crate) own: u64,
    /// Whether its last segment was the server's own code alone.
    pub(crate) hot: bool,
    /// The crowd of requests, in so many multiples, that makes its next full collection.
    pub(crate) crowds: u32,
    /// When the holder's turn ends; `Nanos::MAX` while nobody waits or nothing preempts.
    turn: Nanos,
    /// Whether the event queue holds a [`Turn`](super::queue::Event::Turn) for it: one at most,
    /// set again when it comes too early.
    armed: bool,
}

impl Interpreter {
    /// An interpreter; `passes`: a loop that looks at what is back from I/O calls between passes.
    pub(crate) fn new(passes: bool) -> Self {
        Self {
            holder: NOBODY,
            last: NOBODY,
            waiting: VecDeque::new(),
            back: VecDeque::new(),
            until_look: GROUP,
            group: if passes { 0 } else { GROUP },
            looked: Nanos::MAX,
            ticked: 0,
            taken: 0,
            own: 0,
            hot: false,
            crowds: 1,
            turn: Nanos::MAX,
            armed: false,
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

    /// A task waits for it from `now` on.
    pub(crate) fn wait(&mut self, task: u32, now: Nanos) {
        self.waiting.push_back((task, now));
    }

    /// A task that is back from an I/O call waits for the next look, from `now` on.
    pub(crate) fn wait_for_look(&mut self, task: u32, now: Nanos) {
        if self.group == 0 && self.looked == now {
            // It is part of the pass that begins now.
            self.waiting.insert(self.until_look, (task, now));
            self.until_look += 1;
        } else {
            self.back.push_back((task, now));
        }
    }

    /// An idle loop begins a pass.
    pub(crate) fn begin_pass(&mut self, now: Nanos) {
        self.looked = now;
        self.until_look = 0;
    }

    /// When an I/O call that begins now begins by a loop's clock, which ticks every so many
    /// nanoseconds: with the first that began since the last tick.
    pub(crate) fn by_clock(&mut self, now: Nanos, tick: Nanos) -> Nanos {
        if now / tick != self.ticked / tick {
            self.ticked = now;
        }
        self.ticked
    }

    /// Its process dies: nobody holds it or waits for it.
    pub(crate) fn reset(&mut self) {
        self.holder = NOBODY;
        self.last = NOBODY;
        self.waiting.clear();
        self.back.clear();
        self.until_look = self.group;
        self.turn = Nanos::MAX;
        self.hot = false;
        self.crowds = 1;
    }

    /// A hub looks at what is back from I/O calls: all of it runs next. It takes twice as many from
    /// then on where there was more than it took (`full`).
    #[inline(never)]
    fn look(&mut self, full: bool) {
        if full {
            self.group *= 2;
        }
        self.until_look = self.group + self.back.len();
        self.back.append(&mut self.waiting);
        std::mem::swap(&mut self.back, &mut self.waiting);
    }

    /// Takes whoever of those that line up again every so often did so the longest ago.
    #[inline(never)]
    fn again(&mut self, now: Nanos, again: Nanos) -> Option<(u32, Nanos)> {
        let lined_up = |&(_, &(_, since)): &(usize, &(u32, Nanos))| (now - since) % again;
        let waiting = self.waiting.iter().enumerate();
        let (next, _) = waiting.rev().max_by_key(lined_up)?;
        self.waiting.remove(next)
    }

    /// The holder lets go of it; gives who is next. Where waiters line up again every so often
    /// (`again`; 0 = never), whoever did so the longest ago.
    #[inline]
    pub(crate) fn release(&mut self, now: Nanos, again: Nanos) -> Option<u32> {
        self.turn = Nanos::MAX;
        self.holder = NOBODY;
        if self.until_look == 0 || self.waiting.is_empty() {
            let full = self.until_look == 0;
            self.until_look = self.group;
            if self.group == 0 {
                self.waiting.append(&mut self.back);
                self.until_look = self.waiting.len();
            } else if !self.back.is_empty() {
                self.look(full);
            }
        }
        self.until_look = self.until_look.saturating_sub(1);
        let next = match self.waiting.front() {
            Some((_, since)) if again > 0 && now - since >= again => self.again(now, again),
            _ => self.waiting.pop_front(),
        };
        next.map(|(task, _)| task)
    }

    /// If someone waits for a holder whose turn has no end yet, its turn ends `interval` from
    /// `now`; where `phased`, when the first waiter's timer has run for `interval` under this
    /// holder. Gives when to set a timer, if one is needed.
    pub(crate) fn limit_turn(
        &mut self,
        now: Nanos,
        interval: Nanos,
        phased: bool,
    ) -> Option<Nanos> {
        if self.waiting.is_empty() || self.turn != Nanos::MAX {
            return None;
        }
        self.turn = now + interval;
        if phased {
            let rest = |&(_, since): &(u32, Nanos)| match self.taken.checked_sub(since) {
                Some(waited) => (interval - waited % interval) % interval,
                None => since - self.taken,
            };
            let first = self.waiting.iter().map(rest).min().unwrap_or(0);
            self.turn = self.taken + first + interval;
        }
        let set = !self.armed;
        self.armed = true;
        set.then_some(self.turn)
    }

    /// The holder has another turn, from `now` on.
    pub(crate) fn prolong(&mut self, now: Nanos) {
        self.taken = now;
        self.turn = Nanos::MAX;
    }

    /// A timer rings.
    pub(crate) fn ring(&mut self, now: Nanos) -> Ring {
        self.armed = self.turn != Nanos::MAX && now < self.turn;
        if self.turn == Nanos::MAX {
            Ring::Idle
        } else if self.armed {
            Ring::Again(self.turn)
        } else {
            Ring::Preempt
        }
    }
}

/// What a timer's ringing means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Nobody's turn has an end.
    Idle,
    /// It was set for an earlier holder; the present turn ends then.
    Again(Nanos),
    /// The holder's turn is over.
    Preempt,
}
