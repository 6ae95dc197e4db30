//! A process's connection pool: calls beyond its size wait in order.

use std::collections::VecDeque;

/// Connections of one process, as in asyncpg's or SQLAlchemy's pool.
pub(crate) struct Pool {
    free: u32,
    waiting: VecDeque<u32>,
}

impl Pool {
    pub(crate) fn new(size: u32) -> Self {
        Self {
            free: size,
            waiting: VecDeque::new(),
        }
    }

    /// True if a task gets a connection at once; otherwise it waits for one.
    pub(crate) fn acquire(&mut self, task: u32) -> bool {
        if self.free == 0 {
            self.waiting.push_back(task);
            return false;
        }
        self.free -= 1;
        true
    }

    /// Returns a connection; gives the task that has it now.
    pub(crate) fn release(&mut self) -> Option<u32> {
        let next = self.waiting.pop_front();
        self.free += u32::from(next.is_none());
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_go_to_who_waited_longest() {
        let mut pool = Pool::new(2);
        assert!(pool.acquire(0) && pool.acquire(1));
        assert!(!pool.acquire(2) && !pool.acquire(3));
        assert_eq!(pool.release(), Some(2));
        assert_eq!(pool.release(), Some(3));
        assert_eq!(pool.release(), None);
        assert!(pool.acquire(4));
    }
}
