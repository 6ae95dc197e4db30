//! When turns end: who may have held an interpreter for long enough, by time.
//!
//! Apart from the other events, as turns are all about as long: a new one belongs at the end of them, or
//! near it.

use std::collections::VecDeque;

use super::Nanos;

/// Ends of turns, the next one first; those of one time in the order they were set.
pub(crate) struct Turns(VecDeque<(Nanos, u32)>);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(VecDeque::new())
    }

    /// When the next turn ends; `Nanos::MAX` if none does.
    #[inline]
    pub(crate) fn due(&self) -> Nanos {
        self.0.front().map_or(Nanos::MAX, |(at, _)| *at)
    }

    /// The turn of this interpreter's holder may be over then.
    pub(crate) fn set(&mut self, at: Nanos, interpreter: u32) {
        let mut place = self.0.len();
        self.0.push_back((at, interpreter));
        while place > 0 && self.0[place - 1].0 > at {
            self.0.swap(place, place - 1);
            place -= 1;
        }
    }

    /// Takes the next one: whose interpreter it is.
    pub(crate) fn pop(&mut self) -> Option<u32> {
        let (_, interpreter) = self.0.pop_front()?;
        Some(interpreter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_end_by_time_and_in_the_order_they_were_set() {
        let mut turns = Turns::new();
        assert_eq!(turns.due(), Nanos::MAX);
        for (at, interpreter) in [(5, 0), (7, 1), (6, 2), (5, 3), (9, 4), (7, 5)] {
            turns.set(at, interpreter);
        }
        assert_eq!(turns.due(), 5);
        let order: Vec<_> = std::iter::from_fn(|| turns.pop()).collect();
        assert_eq!(order, [0, 3, 2, 1, 5, 4]);
    }
}
