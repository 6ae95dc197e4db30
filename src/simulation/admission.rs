//! Who handles a request: the queue in front of the processes and the slots inside them.

use std::collections::VecDeque;
use std::ops::Range;

use super::calibration::{
    ALIKE, ALONE, COMPUTES, COOLS, CROWD, EVEN, FILES, FRESH, LATELY, MOST, QUEUE, RESTED, STUCK,
    Shares, THRONG, TIRED, TURN, WARM,
};
use super::cores::TICK;
use super::cpu::Interpreter;
use super::plan::Plan;
use super::random::{Draws, Stream};
use super::trace::{Nanos, Request};
use scenario::Accept;

/// Requests waiting for a slot, and the slots that are free.
pub(crate) struct Admission {
    /// In the kernel, or in the one queue of a pool: its head goes to whoever has room.
    queue: VecDeque<u32>,
    /// The most that wait in the kernel, but for one.
    backlog: usize,
    /// Connections that their loop or hub has not accepted yet: they still count towards the backlog.
    pub(crate) unaccepted: u32,
    /// Under early binding, who accepts a connection.
    lottery: Option<Lottery>,
    processes: Vec<Process>,
    /// Where all share one queue, a tournament among the processes, each with [`rank`]: from
    /// index `processes.len()` on the processes, below that of two neighbours the lower rank, at
    /// index 1 the lowest of all.
    ranks: Vec<u64>,
    /// Whether whoever can accept what waits in the kernel has done so at once.
    at_once: bool,
    /// Whether a loop reads what comes before it gets a slot.
    fronted: bool,
    /// Slots ever given.
    given: u32,
    /// A process whose table of files has to grow from now on, until the engine takes note.
    pub(crate) growing: Option<u32>,
}

/// Early binding: a process drawn at arrival.
struct Lottery {
    draws: Draws,
    shares: Option<Shares>,
    /// Processes in the order in which they began to listen: a connection wakes them in the reverse order.
    order: Vec<usize>,
    /// Who had the last connection, and when that came.
    last: Option<(usize, Nanos)>,
    /// Since when all of a throng have been that one's.
    since: Nanos,
    /// How many have come close upon the one before, or upon the start.
    throng: u32,
    /// Whether who computes, or is not done with an answer, accepts less often.
    calibrated: bool,
    /// Who has answered last, and when.
    answered: Option<(usize, Nanos)>,
    /// Whether who is woken first weighs more the longer ago the last connection was.
    rests: bool,
    /// Connections that a process has at most.
    connections: u32,
    /// Files that a process has open besides; `None` where its table grows at no cost.
    files: Option<u32>,
    /// Processes that accept nothing now: full, growing or down.
    closed: u32,
    /// Room for the weights of a draw.
    weights: Vec<(usize, f64)>,
}

/// One process: its slots and, under early binding, its own queue.
struct Process {
    in_hand: u32,
    /// When it last got a request, counted in requests.
    last: u32,
    slots: Slots,
    waiting: VecDeque<u32>,
    /// Connections assigned to a loop or hub that it has not accepted yet.
    unaccepted: u32,
    /// Threads that wait for a request's bytes, and connections that its loop has yet to read, where they wait for threads.
    reading: u32,
    up: bool,
    /// How many files its table has room for, and whether it is growing.
    table: u32,
    grows: bool,
    /// Whether it accepts connections, under early binding, and when it accepted the last one.
    open: bool,
    accepted: Option<Nanos>,
}

enum Slots {
    /// One thread for every request: the free lanes, the last one freed on top, as an executor
    /// starts no new thread while one is idle; and those that have yet to be started.
    Threads(Vec<u32>, Range<u32>),
    /// One lane that interleaves requests, with room for so many more.
    Interleaved { lane: u32, room: u32 },
}

/// What becomes of a request that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A lane takes it at once.
    Lane(u32),
    /// It waits in the shared queue.
    Queued,
    /// This process has accepted it and lets it wait.
    Bound(u32),
    /// There is no room for it.
    Full,
}

/// The rank of a process without room.
const FULL: u64 = u64::MAX;

impl Process {
    fn new(plan: &Plan, number: u32) -> Self {
        let slots = match plan.threads {
            Some(threads) => {
                let all = number * threads..(number + 1) * threads;
                match plan.lazy {
                    true => Slots::Threads(Vec::new(), all),
                    false => Slots::Threads(all.rev().collect(), 0..0),
                }
            }
            None => Slots::Interleaved {
                lane: number,
                room: plan.room,
            },
        };
        Self {
            in_hand: 0,
            last: 0,
            slots,
            waiting: VecDeque::new(),
            unaccepted: 0,
            reading: 0,
            up: true,
            table: plan.files.unwrap_or(0).next_power_of_two().max(FILES),
            grows: false,
            open: true,
            accepted: None,
        }
    }

    fn free(&self) -> u32 {
        match &self.slots {
            _ if !self.up => 0,
            Slots::Threads(free, _) => free.len() as u32,
            Slots::Interleaved { room, .. } => *room,
        }
    }

    /// The lower, the sooner it gets a request: the least busy one with room, of equals the one
    /// that got its last request the longest ago, of equals the first. A run has less than 2^24
    /// requests and 2^16 processes.
    fn rank(&self, number: usize) -> u64 {
        match self.free() {
            0 => FULL,
            _ => u64::from(self.in_hand) << 40 | u64::from(self.last) << 16 | number as u64,
        }
    }

    /// Connections that it has.
    fn connections(&self) -> u32 {
        self.in_hand + self.waiting.len() as u32
    }
}

impl Admission {
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        let processes: Vec<_> = (0..plan.processes)
            .map(|number| Process::new(plan, number))
            .collect();
        let mut admission = Self {
            queue: VecDeque::new(),
            backlog: plan.backlog as usize,
            unaccepted: 0,
            lottery: (plan.accept != Accept::Shared).then(|| Lottery {
                draws: Draws::new(seed),
                shares: plan.shares,
                order: (0..plan.processes as usize).collect(),
                last: None,
                since: 0,
                throng: 0,
                calibrated: plan.costs.wake > 0,
                answered: None,
                rests: !plan.async_views,
                connections: plan.connections,
                files: plan.files,
                closed: 0,
                weights: Vec::new(),
            }),
            ranks: match plan.accept {
                Accept::Shared => vec![FULL; 2 * processes.len()],
                _ => Vec::new(),
            },
            processes,
            at_once: plan.accept != Accept::Shared && plan.files.is_none() && !plan.fronted,
            fronted: plan.fronted,
            given: 0,
            growing: None,
        };
        (0..plan.processes as usize).for_each(|number| admission.rank(number));
        admission
    }

    /// A process's room has changed.
    fn rank(&mut self, number: usize) {
        let mut at = number + self.processes.len();
        if let Some(rank) = self.ranks.get_mut(at) {
            *rank = self.processes[number].rank(number);
            while at > 1 {
                let lower = self.ranks[at].min(self.ranks[at ^ 1]);
                at /= 2;
                if std::mem::replace(&mut self.ranks[at], lower) == lower {
                    break;
                }
            }
        }
    }

    /// How many requests have a slot of `process`.
    pub(crate) fn in_hand(&self, process: u32) -> u32 {
        self.processes[process as usize].in_hand
    }

    pub(crate) fn is_up(&self, process: u32) -> bool {
        self.processes[process as usize].up
    }

    /// Under early binding a process accepts or has ended a connection, grows or dies: whether it
    /// accepts any more may have changed. Gives whether it does so again.
    fn reckon(&mut self, number: usize) -> bool {
        if let Some(lottery) = &mut self.lottery {
            let process = &mut self.processes[number];
            let held = process.connections();
            let open = process.up && !process.grows && held < lottery.connections;
            match (std::mem::replace(&mut process.open, open), open) {
                (true, false) => lottery.closed += 1,
                (false, true) => {
                    lottery.closed -= 1;
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// The same, of one that has room again, or is there again: it begins to listen anew.
    fn reopen(&mut self, number: usize) {
        if self.reckon(number)
            && let Some(Lottery { order, .. }) = &mut self.lottery
            && let Some(at) = order.iter().position(|&other| other == number)
        {
            order[at..].rotate_left(1);
        }
    }

    /// A process has accepted a connection: its table of files may have to grow for the next one.
    fn accepted(&mut self, number: usize, now: Nanos) {
        if let Some(lottery) = &mut self.lottery {
            if lottery.last.is_none_or(|(last, _)| last != number) {
                lottery.since = now;
            }
            lottery.last = Some((number, now));
            let process = &mut self.processes[number];
            process.accepted = Some(now);
            if let Some(files) = lottery.files
                && process.connections() + process.reading + files >= process.table
            {
                process.table *= 2;
                process.grows = true;
                self.growing = Some(number as u32);
            }
        }
        self.reckon(number);
    }

    /// A thread of a process waits for a request's bytes, or has them.
    pub(crate) fn reads(&mut self, number: u32, waits: bool) {
        let reading = &mut self.processes[number as usize].reading;
        if waits {
            *reading += 1;
        } else {
            *reading -= 1;
        }
    }

    /// A loop or hub has one more connection to accept.
    #[inline(never)]
    pub(crate) fn assigned(&mut self, number: u32) {
        self.unaccepted += 1;
        self.processes[number as usize].unaccepted += 1;
    }

    /// It has accepted one, or another process will.
    #[inline(never)]
    pub(crate) fn taken(&mut self, number: u32) {
        self.unaccepted -= 1;
        self.processes[number as usize].unaccepted -= 1;
    }

    /// A process's table of files has grown.
    pub(crate) fn grown(&mut self, number: u32) {
        self.processes[number as usize].grows = false;
        self.reckon(number as usize);
    }

    /// Whether one of those that bind early can accept what waits in the kernel.
    pub(crate) fn can_accept(&self) -> bool {
        let closed = self.lottery.as_ref().map(|lottery| lottery.closed);
        !self.queue.is_empty() && closed.is_some_and(|n| n < self.processes.len() as u32)
    }

    /// One of those that bind early accepts the head of what waits in the kernel, if one can.
    pub(crate) fn accept(&mut self, requests: &mut [Request], now: Nanos) -> Option<(u32, u32)> {
        if !self.can_accept() {
            return None;
        }
        let (lottery, request) = (self.lottery.as_mut()?, self.queue.pop_front()?);
        let number = lottery.draw(request, now, &self.processes, &[]);
        requests[request as usize].bound = now;
        self.bind(number, request, now);
        Some((request, number as u32))
    }

    /// A process has accepted a connection, and lets it wait for a slot, unless a loop reads it first.
    fn bind(&mut self, number: usize, request: u32, now: Nanos) {
        let process = &mut self.processes[number];
        match self.fronted {
            true => process.reading += 1,
            false => process.waiting.push_back(request),
        }
        self.accepted(number, now);
    }

    /// A process's loop has read a request: gives its lane, unless it has to wait for one.
    pub(crate) fn enlist(&mut self, number: u32, request: u32) -> Option<u32> {
        let process = &mut self.processes[number as usize];
        if process.free() == 0 {
            process.waiting.push_back(request);
            return None;
        }
        Some(self.occupy(number as usize))
    }

    /// A request arrives; each process has one of these `interpreters`, if any.
    pub(crate) fn arrived(
        &mut self,
        request: u32,
        now: Nanos,
        interpreters: &[Interpreter],
    ) -> Place {
        // Linux finds a backlog full when it holds one more.
        if self.queue.len() + self.unaccepted as usize > self.backlog {
            return Place::Full;
        }
        let number = match &mut self.lottery {
            None => match self.ranks[1] {
                FULL => return self.wait(request),
                rank => (rank & 0xffff) as usize,
            },
            Some(lottery) => {
                if lottery.closed == self.processes.len() as u32 || !self.queue.is_empty() {
                    return self.wait(request);
                }
                let number = lottery.draw(request, now, &self.processes, interpreters);
                if self.fronted || self.processes[number].free() == 0 {
                    self.bind(number, request, now);
                    return Place::Bound(number as u32);
                }
                number
            }
        };
        let lane = self.occupy(number);
        self.accepted(number, now);
        Place::Lane(lane)
    }

    fn wait(&mut self, request: u32) -> Place {
        self.queue.push_back(request);
        Place::Queued
    }

    /// A slot of `process` on `lane` is free again.
    pub(crate) fn finished(&mut self, number: u32, lane: u32, now: Nanos) {
        if let Some(lottery) = &mut self.lottery {
            lottery.answered = Some((number as usize, now));
        }
        let process = &mut self.processes[number as usize];
        process.in_hand -= 1;
        match &mut process.slots {
            Slots::Threads(free, _) => free.push(lane),
            Slots::Interleaved { room, .. } => *room += 1,
        }
        self.reopen(number as usize);
        self.rank(number as usize);
    }

    /// `process` accepts what it can, if that takes no time, and gives the next request that waits
    /// for it a free slot, if there are both: the request and its lane.
    pub(crate) fn next(
        &mut self,
        number: u32,
        requests: &mut [Request],
        now: Nanos,
    ) -> Option<(u32, u32)> {
        let index = number as usize;
        while self.at_once
            && self.processes[index].open
            && let Some(head) = self.queue.pop_front()
        {
            requests[head as usize].bound = now;
            self.bind(index, head, now);
        }
        let process = &mut self.processes[index];
        if process.free() == 0 {
            return None;
        }
        let request = match &self.lottery {
            None => self.queue.pop_front(),
            Some(_) => process.waiting.pop_front(),
        }?;
        Some((request, self.occupy(index)))
    }

    /// The only process starts one more of its threads for the head of the queue, if there are both: the request
    /// and its lane.
    pub(crate) fn start(&mut self) -> Option<(u32, u32)> {
        let Slots::Threads(free, unstarted) = &mut self.processes[0].slots else {
            return None;
        };
        let head = *self.queue.front()?;
        free.push(unstarted.next()?);
        self.queue.pop_front();
        Some((head, self.occupy(0)))
    }

    /// A process dies: gives the requests that it had accepted and let wait.
    pub(crate) fn died(&mut self, number: u32) -> VecDeque<u32> {
        let process = &mut self.processes[number as usize];
        process.up = false;
        let waiting = std::mem::take(&mut process.waiting);
        self.reckon(number as usize);
        self.rank(number as usize);
        waiting
    }

    /// A process is there again, with all its slots free.
    pub(crate) fn respawned(&mut self, plan: &Plan, number: u32) {
        let process = &mut self.processes[number as usize];
        let last = process.last;
        *process = Process::new(plan, number);
        process.last = last;
        process.open = false;
        self.reopen(number as usize);
        self.rank(number as usize);
    }

    /// Everything in the shared queue leaves it.
    pub(crate) fn abandoned(&mut self) -> VecDeque<u32> {
        std::mem::take(&mut self.queue)
    }

    fn occupy(&mut self, number: usize) -> u32 {
        let process = &mut self.processes[number];
        self.given += 1;
        process.in_hand += 1;
        process.last = self.given;
        let lane = match &mut process.slots {
            Slots::Threads(free, _) => free.pop().expect("a free slot"),
            Slots::Interleaved { lane, room } => {
                *room -= 1;
                *lane
            }
        };
        self.rank(number);
        lane
    }
}

impl Lottery {
    /// Draws a process that accepts: often, in a throng the one that had the last connection, and of workers that race
    /// for one that comes alone the one that is woken first.
    fn draw(
        &mut self,
        request: u32,
        now: Nanos,
        processes: &[Process],
        interpreters: &[Interpreter],
    ) -> usize {
        if self.closed == 0 && self.shares.is_none() {
            let n = processes.len() as u32;
            return self.draws.below(n, request, Stream::Worker) as usize;
        }
        let (holder, before) = self.last.unwrap_or((usize::MAX, 0));
        let gap = now - before;
        self.throng += 1;
        if gap >= THRONG {
            (self.throng, self.since) = (0, now);
        }
        let stretch = self.shares.map_or(1.0, |shares| shares.stretch.into());
        let ranked = self.shares.is_some_and(|shares| shares.ranked);
        // Who is woken in an order goes on without an end of its turn.
        let has_turn = ranked || now - self.since < TURN;
        let goes_on = |process: &Process| process.open && process.unaccepted < STUCK;
        if self.throng > QUEUE
            && has_turn
            && processes.get(holder).is_some_and(goes_on)
            && self.draws.uniform(request, Stream::Share) * stretch > 1.0
        {
            return holder;
        }
        let open = processes.len() - self.closed as usize;
        let races = ranked && open > 1;
        let busy = self.answered.is_some_and(|(_, at)| now - at < LATELY);
        let alone = races && !busy && gap >= CROWD;
        let answered = self.answered.filter(|&(_, at)| match alone {
            true => at >= before,
            false => busy && (races || self.calibrated),
        });
        let slower = self.calibrated && (alone || answered.is_some() || !races);
        // Its own code is still in the caches.
        let warm = |number: usize| match processes[number].accepted {
            Some(at) if alone && number != holder => {
                1.0 + WARM * libm::exp(-((now - at) as f64) / COOLS)
            }
            _ => 1.0,
        };
        let share = |(place, number): (usize, usize)| {
            let has_run = answered.is_some_and(|(who, _)| who == number);
            let woken_after = (open - 1 - place) as f64;
            let (share, tired) = match alone {
                true if place == open - 1 => {
                    let rested = match answered {
                        Some(_) if self.rests => gap as f64 / RESTED,
                        _ => 0.0,
                    };
                    (ALONE.min(place as f64) * MOST.min(FRESH + rested), false)
                }
                // Each of two has a CPU.
                true => (
                    woken_after + ALIKE,
                    open > 2 && (has_run || number == holder),
                ),
                false if races && busy => (woken_after + EVEN, has_run),
                false => (1.0, has_run),
            };
            let holds = interpreters.get(number).filter(|i| !i.is_idle());
            match (holds, tired) {
                (Some(held), _) if slower => {
                    share * COMPUTES / (COMPUTES + (held.own / TICK) as f64)
                }
                (_, true) => share * TIRED,
                _ => share * warm(number),
            }
        };
        // Who listens, and what it weighs.
        let mut weights = std::mem::take(&mut self.weights);
        let listens = |number: &usize| processes[*number].open;
        for at in self.order.iter().copied().filter(listens).enumerate() {
            weights.push((at.1, share(at)));
        }
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let mut left = self.draws.uniform(request, Stream::Worker) * sum;
        // Rounding may leave a crumb: it goes to the last one that accepts.
        let mut winner = 0;
        for (number, weight) in weights.drain(..) {
            if left > 0.0 {
                winner = number;
            }
            left -= weight;
        }
        self.weights = weights;
        winner
    }
}
