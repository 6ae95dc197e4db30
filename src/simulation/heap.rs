//! A process's objects, as CPython's collector counts them (`gcmodule.c`, up to 3.13).
//!
//! It looks at the young ones whenever 700 more were made than went, at those that it has kept after
//! twelve such looks, and at all of them after eleven times that: if what it has kept since the last
//! time is a quarter of what there was.

use super::calibration::IMPORTED;

/// Objects from one look at those that it has kept to the next, and from one look at all to the next.
const MIDDLE: u32 = 12 * 700;
const FULL: u32 = 11 * MIDDLE;

/// What a process has made since its collector last went through everything.
pub(crate) struct Heap {
    /// Objects made, less those that went before a look at the young ones.
    made: u32,
    /// When the next look at the middle generation is due, and what these have kept.
    middle: u32,
    kept: u32,
    /// Objects that requests hold.
    held: u32,
    /// All that there were when it last went through them.
    all: u32,
}

impl Heap {
    /// A process that has imported its application, and answered a request or two.
    pub(crate) fn new() -> Self {
        Self {
            made: MIDDLE,
            middle: 2 * MIDDLE,
            kept: 0,
            held: 0,
            all: IMPORTED,
        }
    }

    /// A request makes objects.
    pub(crate) fn make(&mut self, objects: u32) {
        self.made += objects;
        self.held += objects;
        if self.made >= self.middle {
            self.middle += MIDDLE;
            self.kept += self.held.min(MIDDLE);
        }
    }

    /// A request's objects go: half of them only when the collector finds them.
    pub(crate) fn free(&mut self, objects: u32) {
        self.held = self.held.saturating_sub(objects);
        self.made = self.made.saturating_sub(objects / 2);
    }

    /// If it is time for a full collection: how many objects that goes through.
    pub(crate) fn collect(&mut self) -> Option<u32> {
        if self.made < FULL || self.kept < self.all / 4 {
            return None;
        }
        self.all = IMPORTED + self.held;
        (self.made, self.middle, self.kept) = (0, MIDDLE, 0);
        Some(self.all)
    }
}
