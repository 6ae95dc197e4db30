//! The event queue: what happens next, by time; events of the same instant keep their order.
//!
//! Nothing is ever scheduled in the past, so a radix heap serves (Ahuja, Mehlhorn, Orlin and
//! Tarjan, "Faster algorithms for the shortest path problem", 1990): events lie in buckets by the
//! highest bit in which their time differs from the last time that was dealt out. When that is used up,
//! the next event is looked for in the lowest bucket; if there are many in it, it is dealt out anew among the
//! ones below it. Each event moves a few times,
//! always in sequence through memory, which with a million events waiting is many times faster
//! than a binary heap; and events of one time always lie in one bucket, in the order they came.

use std::collections::VecDeque;

use super::Nanos;

/// Something that happens at a known time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The I/O call of this task is answered.
    Io(u32),
    /// The client of this request gives up, unless it has its answer.
    GiveUp(u32),
    /// This request knocks again: its number, and above bit 24 how often it has knocked.
    Knock(u32),
    /// This process may have been silent for too long.
    Silence(u32),
    /// This process is killed.
    Kill(u32),
    /// This process is there again.
    Respawn(u32),
    /// This process has a larger table of files.
    Grown(u32),
    /// The next connection that waits in the kernel is accepted.
    Accept,
}

/// From a bucket of so many events the next one is taken as it is.
const FEW: usize = 4;

/// A first-in-first-out priority queue for times that never go back.
pub(crate) struct EventQueue {
    /// The first time of the bucket that was dealt out last; every time is at or after it.
    last: Nanos,
    /// Events at `last`.
    present: VecDeque<Event>,
    /// Later events: bucket `b` holds those whose time differs from `last` in bit `b` at most.
    buckets: [Bucket; 64],
    /// Which buckets hold events, a bit each.
    occupied: u64,
}

struct Bucket {
    events: Vec<(Nanos, Event)>,
    earliest: Nanos,
}

impl EventQueue {
    pub(crate) fn new() -> Self {
        Self {
            last: 0,
            present: VecDeque::new(),
            buckets: std::array::from_fn(|_| Bucket {
                events: Vec::new(),
                earliest: Nanos::MAX,
            }),
            occupied: 0,
        }
    }

    /// Adds an event, not earlier than the last one taken.
    #[inline(never)]
    pub(crate) fn schedule(&mut self, at: Nanos, event: Event) {
        self.put(at, event);
    }

    #[inline(always)]
    fn put(&mut self, at: Nanos, event: Event) {
        debug_assert!(at >= self.last);
        let Some(bit) = (at ^ self.last).checked_ilog2() else {
            self.present.push_back(event);
            return;
        };
        let bucket = &mut self.buckets[bit as usize];
        bucket.events.push((at, event));
        bucket.earliest = bucket.earliest.min(at);
        self.occupied |= 1 << bit;
    }

    /// When the next event happens; `Nanos::MAX` if there is none.
    pub(crate) fn due(&self) -> Nanos {
        if !self.present.is_empty() {
            self.last
        } else if self.occupied == 0 {
            Nanos::MAX
        } else {
            self.buckets[self.occupied.trailing_zeros() as usize].earliest
        }
    }

    /// Takes the next event.
    pub(crate) fn pop(&mut self) -> Option<Event> {
        if self.present.is_empty() && self.occupied != 0 {
            let lowest = self.occupied.trailing_zeros();
            let bucket = &mut self.buckets[lowest as usize];
            let due = bucket.earliest;
            bucket.earliest = Nanos::MAX;
            if bucket.events.len() <= FEW {
                let mut next = None;
                bucket.events.retain(|&(at, event)| {
                    let stays = at != due || next.is_some();
                    if stays {
                        bucket.earliest = bucket.earliest.min(at);
                    } else {
                        next = Some(event);
                    }
                    stays
                });
                if bucket.events.is_empty() {
                    self.occupied ^= 1 << lowest;
                }
                return next;
            }
            self.occupied ^= 1 << lowest;
            self.last = due;
            let mut events = std::mem::take(&mut bucket.events);
            for (at, event) in events.drain(..) {
                self.put(at, event);
            }
            // Nothing came back here; keep the room for the next ones.
            self.buckets[lowest as usize].events = events;
        }
        self.present.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn earlier_events_come_first_and_ties_keep_their_order() {
        let mut queue = EventQueue::new();
        for (at, task) in [(7, 0), (3, 1), (7, 2), (3, 3), (0, 4)] {
            queue.schedule(at, Event::Io(task));
        }
        assert_eq!(queue.due(), 0);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [4, 1, 3, 0, 2].map(Event::Io));
        assert_eq!(queue.due(), Nanos::MAX);
    }

    /// Against a sorted map: events come and go at pseudo-random, times repeat, and the latest
    /// ones use the highest bits.
    #[test]
    fn it_agrees_with_a_sorted_map() {
        let (mut queue, mut map) = (EventQueue::new(), BTreeMap::new());
        let (mut state, mut now) = (1u64, 0);
        for number in 0..20_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            if state >> 63 == 0 || map.is_empty() {
                let delay = (state >> 40 & 0xff) << (state >> 32 & 0x1f);
                queue.schedule(now + delay, Event::Io(number));
                map.insert((now + delay, number), Event::Io(number));
            } else {
                let ((at, _), event) = map.pop_first().expect("it is not empty");
                assert_eq!((queue.due(), queue.pop()), (at, Some(event)));
                now = at;
            }
        }
        while let Some(((at, _), event)) = map.pop_first() {
            assert_eq!((queue.due(), queue.pop()), (at, Some(event)));
        }
        queue.schedule(Nanos::MAX - 1, Event::Io(1));
        assert_eq!(queue.due(), Nanos::MAX - 1);
        assert_eq!(queue.pop(), Some(Event::Io(1)));
        assert_eq!(queue.pop(), None);
    }
}
