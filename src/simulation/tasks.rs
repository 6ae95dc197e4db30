//! Tasks by number.

use std::ops::{Index, IndexMut};

use super::handler::Task;

/// Requests in hand. A task keeps its number to its end; then another request gets it, so that a run with few
/// requests at a time stays in the processor's cache.
#[derive(Default)]
pub(crate) struct Tasks {
    all: Vec<Task>,
    /// Numbers of tasks that have ended.
    spare: Vec<u32>,
}

impl Tasks {
    /// Adds a task; gives its number.
    pub(crate) fn add(&mut self, task: Task) -> u32 {
        match self.spare.pop() {
            Some(number) => {
                self[number] = task;
                number
            }
            None => {
                self.all.push(task);
                self.all.len() as u32 - 1
            }
        }
    }

    /// A task has ended: its number is free.
    pub(crate) fn free(&mut self, number: u32) {
        self.spare.push(number);
    }

    /// Every number that was given, those of tasks that have ended among them.
    pub(crate) fn numbers(&self) -> std::ops::Range<u32> {
        0..self.all.len() as u32
    }
}

// As slices, and inlined: at the page's level of optimisation a vector's index is a call.
impl Index<u32> for Tasks {
    type Output = Task;

    #[inline(always)]
    fn index(&self, number: u32) -> &Task {
        &self.all.as_slice()[number as usize]
    }
}

impl IndexMut<u32> for Tasks {
    #[inline(always)]
    fn index_mut(&mut self, number: u32) -> &mut Task {
        &mut self.all.as_mut_slice()[number as usize]
    }
}
