//! Who handles a request: the queue in front of the processes and the slots inside them.

use std::collections::VecDeque;

use super::plan::Plan;
use super::random::{Draws, Stream};
use crate::scenario::Accept;

/// Requests waiting for a slot, and the slots that are free.
pub(crate) struct Admission {
    queue: Queue,
    processes: Vec<Process>,
    /// Free slots of all processes together.
    free: u64,
    /// Slots ever given.
    given: u32,
}

/// Where requests wait.
enum Queue {
    /// Late binding: one queue, its head goes to the next free slot.
    Shared(VecDeque<u32>),
    /// Early binding: a process drawn at arrival, a queue for each.
    Private(Draws, Vec<VecDeque<u32>>),
}

/// One process's slots.
struct Process {
    in_hand: u32,
    /// When it last got a request, counted in requests.
    last: u32,
    slots: Slots,
}

enum Slots {
    /// One thread for every request: the free lanes, the last one freed on top, as an executor
    /// starts no new thread while one is idle.
    Threads(Vec<u32>),
    /// One lane that interleaves requests, with room for so many more.
    Interleaved { lane: u32, room: u32 },
}

impl Slots {
    fn free(&self) -> u32 {
        match self {
            Self::Threads(free) => free.len() as u32,
            Self::Interleaved { room, .. } => *room,
        }
    }
}

impl Admission {
    pub(crate) fn new(plan: &Plan, seed: u64) -> Self {
        let queue = match plan.accept {
            Accept::Shared => Queue::Shared(VecDeque::new()),
            _ => Queue::Private(
                Draws::new(seed),
                vec![VecDeque::new(); plan.processes as usize],
            ),
        };
        let process = |number: u32| Process {
            in_hand: 0,
            last: 0,
            slots: match plan.threads {
                Some(threads) => {
                    let first = number * threads;
                    Slots::Threads((first..first + threads).rev().collect())
                }
                None => Slots::Interleaved {
                    lane: number,
                    room: plan.room,
                },
            },
        };
        let processes: Vec<_> = (0..plan.processes).map(process).collect();
        let free = processes.iter().map(|p| u64::from(p.slots.free())).sum();
        Self {
            queue,
            processes,
            free,
            given: 0,
        }
    }

    /// A request arrives: gives the lane that takes it at once, if one does.
    pub(crate) fn arrived(&mut self, request: u32) -> Option<u32> {
        let process = match &mut self.queue {
            Queue::Shared(waiting) => {
                if self.free == 0 {
                    waiting.push_back(request);
                    return None;
                }
                let open = self.processes.iter().enumerate();
                open.filter(|(_, process)| process.slots.free() > 0)
                    .min_by_key(|(_, process)| (process.in_hand, process.last))
                    .map(|(number, _)| number)?
            }
            Queue::Private(draws, queues) => {
                let worker = draws.below(queues.len() as u32, request, Stream::Worker) as usize;
                if self.processes[worker].slots.free() == 0 {
                    queues[worker].push_back(request);
                    return None;
                }
                worker
            }
        };
        Some(self.occupy(process))
    }

    /// A slot of `process` on `lane` is free again: gives the request that takes it, if one waits.
    pub(crate) fn finished(&mut self, process: u32, lane: u32) -> Option<(u32, u32)> {
        let number = process as usize;
        let process = &mut self.processes[number];
        process.in_hand -= 1;
        self.free += 1;
        match &mut process.slots {
            Slots::Threads(free) => free.push(lane),
            Slots::Interleaved { room, .. } => *room += 1,
        }
        let next = match &mut self.queue {
            Queue::Shared(waiting) => waiting.pop_front(),
            Queue::Private(_, queues) => queues[number].pop_front(),
        }?;
        Some((next, self.occupy(number)))
    }

    fn occupy(&mut self, process: usize) -> u32 {
        let process = &mut self.processes[process];
        self.given += 1;
        self.free -= 1;
        process.in_hand += 1;
        process.last = self.given;
        match &mut process.slots {
            Slots::Threads(free) => free.pop().expect("the process has a free slot"),
            Slots::Interleaved { lane, room } => {
                *room -= 1;
                *lane
            }
        }
    }
}
