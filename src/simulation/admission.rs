//! Who handles a request: the queue in front of the processes and the slots inside them.

use std::collections::VecDeque;

use super::calibration::{CROWD, Shares};
use super::plan::Plan;
use super::random::{Draws, Stream};
use super::trace::{Nanos, Request};
use crate::scenario::Accept;

/// Requests waiting for a slot, and the slots that are free.
pub(crate) struct Admission {
    /// In the kernel, or in the one queue of a pool: its head goes to whoever has room.
    queue: VecDeque<u32>,
    /// The most that wait there, but for one.
    backlog: usize,
    /// Under early binding, who accepts a connection.
    lottery: Option<Lottery>,
    processes: Vec<Process>,
    /// Where all share one queue, a tournament among the processes, each with [`rank`]: from
    /// index `processes.len()` on the processes, below that of two neighbours the lower rank, at
    /// index 1 the lowest of all.
    ranks: Vec<u64>,
    /// Slots ever given.
    given: u32,
}

/// Early binding: a process drawn at arrival.
struct Lottery {
    draws: Draws,
    shares: Option<Shares>,
    /// Each process's share of a crowd.
    crowd: Vec<f64>,
    /// When the last connection came.
    last: Nanos,
    /// Connections that a process has at most.
    connections: u32,
    /// Processes that accept nothing now: full or down.
    closed: u32,
}

/// One process: its slots and, under early binding, its own queue.
struct Process {
    in_hand: u32,
    /// When it last got a request, counted in requests.
    last: u32,
    slots: Slots,
    waiting: VecDeque<u32>,
    up: bool,
}

enum Slots {
    /// One thread for every request: the free lanes, the last one freed on top, as an executor
    /// starts no new thread while one is idle.
    Threads(Vec<u32>),
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
                let first = number * threads;
                Slots::Threads((first..first + threads).rev().collect())
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
            up: true,
        }
    }

    fn free(&self) -> u32 {
        match &self.slots {
            _ if !self.up => 0,
            Slots::Threads(free) => free.len() as u32,
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

    fn accepts(&self, connections: u32) -> bool {
        self.up && self.in_hand + (self.waiting.len() as u32) < connections
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
            lottery: (plan.accept != Accept::Shared).then(|| Lottery {
                draws: Draws::new(seed),
                shares: plan.shares,
                crowd: plan.shares.map_or(Vec::new(), |shares| {
                    let shape = (shares.evenness / plan.processes).max(1);
                    Draws::new(seed).gammas(plan.processes, shape, Stream::Share)
                }),
                last: 0,
                connections: plan.connections,
                closed: 0,
            }),
            ranks: match plan.accept {
                Accept::Shared => vec![FULL; 2 * processes.len()],
                _ => Vec::new(),
            },
            processes,
            given: 0,
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

    /// A request arrives.
    pub(crate) fn arrived(&mut self, request: u32, now: Nanos) -> Place {
        let number = match &mut self.lottery {
            None => match self.ranks[1] {
                FULL => return self.wait(request),
                rank => (rank & 0xffff) as usize,
            },
            Some(lottery) => {
                if lottery.closed == self.processes.len() as u32 {
                    return self.wait(request);
                }
                let number = lottery.draw(request, now, &self.processes);
                let process = &mut self.processes[number];
                let free = process.free() > 0;
                if !free {
                    process.waiting.push_back(request);
                }
                // A slot that is given below counts as a connection too.
                let full = !process.accepts(lottery.connections - u32::from(free));
                lottery.closed += u32::from(full);
                if !free {
                    return Place::Bound(number as u32);
                }
                number
            }
        };
        Place::Lane(self.occupy(number))
    }

    fn wait(&mut self, request: u32) -> Place {
        // Linux finds a backlog full when it holds one more.
        if self.queue.len() > self.backlog {
            return Place::Full;
        }
        self.queue.push_back(request);
        Place::Queued
    }

    /// A slot of `process` on `lane` is free again.
    pub(crate) fn finished(&mut self, number: u32, lane: u32) {
        let process = &mut self.processes[number as usize];
        let was_open = self
            .lottery
            .as_ref()
            .is_none_or(|lottery| process.accepts(lottery.connections));
        process.in_hand -= 1;
        match &mut process.slots {
            Slots::Threads(free) => free.push(lane),
            Slots::Interleaved { room, .. } => *room += 1,
        }
        if let Some(lottery) = &mut self.lottery
            && !was_open
        {
            lottery.closed -= 1;
        }
        self.rank(number as usize);
    }

    /// `process` accepts what it has room for, and gives the next request that waits for it a free
    /// slot, if there are both: the request and its lane.
    pub(crate) fn next(
        &mut self,
        number: u32,
        requests: &mut [Request],
        now: Nanos,
    ) -> Option<(u32, u32)> {
        let process = &mut self.processes[number as usize];
        if let Some(lottery) = &mut self.lottery {
            while process.accepts(lottery.connections)
                && let Some(head) = self.queue.pop_front()
            {
                requests[head as usize].bound = now;
                process.waiting.push_back(head);
                lottery.closed += u32::from(!process.accepts(lottery.connections));
            }
        }
        if process.free() == 0 {
            return None;
        }
        let request = match &self.lottery {
            None => self.queue.pop_front(),
            Some(_) => process.waiting.pop_front(),
        }?;
        Some((request, self.occupy(number as usize)))
    }

    /// A process dies: gives the requests that it had accepted and let wait.
    pub(crate) fn died(&mut self, number: u32) -> VecDeque<u32> {
        let process = &mut self.processes[number as usize];
        if let Some(lottery) = &mut self.lottery {
            lottery.closed += u32::from(process.accepts(lottery.connections));
        }
        process.up = false;
        let waiting = std::mem::take(&mut process.waiting);
        self.rank(number as usize);
        waiting
    }

    /// A process is there again, with all its slots free.
    pub(crate) fn respawned(&mut self, plan: &Plan, number: u32) {
        let process = &mut self.processes[number as usize];
        let last = process.last;
        *process = Process::new(plan, number);
        process.last = last;
        if let Some(lottery) = &mut self.lottery {
            lottery.closed -= 1;
        }
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
            Slots::Threads(free) => free.pop().expect("the process has a free slot"),
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
    /// Draws a process that accepts, by the shares of those that do.
    fn draw(&mut self, request: u32, now: Nanos, processes: &[Process]) -> usize {
        let n = processes.len();
        let crowded = now - std::mem::replace(&mut self.last, now) < CROWD;
        if self.closed == 0 && self.shares.is_none() {
            return self.draws.below(n as u32, request, Stream::Worker) as usize;
        }
        let share = |number: usize| match self.shares {
            _ if !processes[number].accepts(self.connections) => 0.0,
            Some(_) if crowded => self.crowd[number],
            Some(shares) if shares.ranked => (3 * (n - number) + 2) as f64,
            _ => 1.0,
        };
        let sum: f64 = (0..n).map(share).sum();
        let mut left = self.draws.uniform(request, Stream::Worker) * sum;
        // Rounding may leave a crumb: it goes to the last one that accepts.
        let mut drawn = 0;
        for number in (0..n).filter(|&number| share(number) > 0.0) {
            drawn = number;
            left -= share(number);
            if left <= 0.0 {
                break;
            }
        }
        drawn
    }
}
