//! The event queue: what happens next, by time; events of the same instant keep their order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Nanos;

/// Something that happens at a known time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// The I/O call of this task is answered.
    Io(u32),
    /// The turn of this interpreter's holder may be over.
    Turn(u32),
}

/// A priority queue keyed by (time, sequence number), so that ties come out first in, first out.
#[derive(Default)]
pub(crate) struct EventQueue {
    heap: BinaryHeap<Reverse<(Nanos, u32, Event)>>,
    /// Events ever scheduled; [`check`](super::check) keeps runs far below its range.
    sequence: u32,
}

impl EventQueue {
    pub(crate) fn schedule(&mut self, at: Nanos, event: Event) {
        self.heap.push(Reverse((at, self.sequence, event)));
        self.sequence += 1;
    }

    /// When the next event happens; `Nanos::MAX` if there is none.
    pub(crate) fn due(&self) -> Nanos {
        self.heap.peek().map_or(Nanos::MAX, |next| next.0.0)
    }

    pub(crate) fn pop(&mut self) -> Option<Event> {
        self.heap.pop().map(|next| next.0.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_events_come_first_and_ties_keep_their_order() {
        let mut queue = EventQueue::default();
        for (at, request) in [(7, 0), (3, 1), (7, 2), (3, 3), (0, 4)] {
            queue.schedule(at, Event::Io(request));
        }
        assert_eq!(queue.due(), 0);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [4, 1, 3, 0, 2].map(Event::Io));
        assert_eq!(queue.due(), Nanos::MAX);
    }
}
