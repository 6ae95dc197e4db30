//! Who comes first, of a number of interpreters that have a time each.
//!
//! A sorted vector: there are seldom more than a few dozen, and to move some of them along costs less
//! than to keep a heap or a tree in order. In so few a place is found on the way, one after the other, which is
//! faster than to halve them. [`check`](super::check()) refuses runs in which it would be many thousands for
//! long.

/// So many are few.
const FEW: usize = 64;

/// Interpreters by time; those of one time in the order they came.
pub(crate) struct Ranking {
    /// The first one last.
    entrants: Vec<Entrant>,
    /// By interpreter: whether it takes part.
    takes_part: Box<[bool]>,
}

#[derive(Clone, Copy)]
struct Entrant {
    time: u64,
    interpreter: u32,
}

impl Ranking {
    /// So many interpreters, none of which takes part.
    pub(crate) fn new(interpreters: usize) -> Self {
        Self {
            entrants: Vec::new(),
            takes_part: vec![false; interpreters].into(),
        }
    }

    /// Whether an interpreter takes part.
    pub(crate) fn has(&self, interpreter: u32) -> bool {
        self.takes_part[interpreter as usize]
    }

    /// Whether nobody does.
    pub(crate) fn is_empty(&self) -> bool {
        self.entrants.is_empty()
    }

    /// How many do.
    pub(crate) fn len(&self) -> usize {
        self.entrants.len()
    }

    /// Who comes first: its time, and who it is.
    pub(crate) fn first(&self) -> Option<(u64, u32)> {
        let first = self.entrants.last()?;
        Some((first.time, first.interpreter))
    }

    /// All that take part.
    pub(crate) fn all(&self) -> impl Iterator<Item = u32> {
        self.entrants.iter().map(|entrant| entrant.interpreter)
    }

    /// An interpreter that takes no part does so from now on.
    pub(crate) fn insert(&mut self, interpreter: u32, time: u64) {
        debug_assert!(!self.has(interpreter));
        self.takes_part[interpreter as usize] = true;
        let entrant = Entrant { time, interpreter };
        if self.entrants.len() > FEW {
            let place = self.entrants.partition_point(|other| other.time > time);
            return self.entrants.insert(place, entrant);
        }
        self.entrants.push(entrant);
        let mut all = self.entrants.iter_mut().rev();
        let Some(mut place) = all.next() else {
            return;
        };
        for other in all.take_while(|other| other.time <= time) {
            *place = *other;
            place = other;
        }
        *place = entrant;
    }

    /// Who comes first takes part no more: its time, and who it is.
    pub(crate) fn pop(&mut self) -> Option<(u64, u32)> {
        let first = self.entrants.pop()?;
        self.takes_part[first.interpreter as usize] = false;
        Some((first.time, first.interpreter))
    }

    /// An interpreter that takes part does so no more; gives its time.
    pub(crate) fn remove(&mut self, interpreter: u32) -> Option<u64> {
        if !std::mem::take(&mut self.takes_part[interpreter as usize]) {
            return None;
        }
        let mut entrant = self.entrants.pop()?;
        let mut rest = self.entrants.iter_mut().rev();
        while entrant.interpreter != interpreter {
            std::mem::swap(&mut entrant, rest.next()?);
        }
        Some(entrant.time)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Against a sorted set: they come and go at pseudo-random, first few and then many, and times repeat.
    #[test]
    fn it_agrees_with_a_sorted_set() {
        let (mut ranking, mut set) = (Ranking::new(200), BTreeSet::new());
        let mut entries = [(0, 0); 200];
        let mut state = 1u64;
        for number in 0..20_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let interpreter = (state >> 33) as u32 % 200;
            let entry = &mut entries[interpreter as usize];
            if ranking.has(interpreter) {
                assert_eq!(ranking.remove(interpreter), Some(entry.0));
                set.remove(&(entry.0, entry.1, interpreter));
            } else {
                *entry = (state >> 60, number);
                ranking.insert(interpreter, entry.0);
                set.insert((entry.0, entry.1, interpreter));
            }
            let first = set
                .first()
                .map(|&(time, _, interpreter)| (time, interpreter));
            assert_eq!(ranking.first(), first);
            assert_eq!(ranking.is_empty(), set.is_empty());
        }
    }
}
