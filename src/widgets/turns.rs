//! Work that waits its turn while the page comes alive, so that no task keeps the reader waiting.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::Slice;

type Work = Box<dyn FnOnce()>;

thread_local! {
    /// What waits; `None` once the page is alive and work is done as it comes.
    static WAITING: RefCell<Option<VecDeque<Work>>> = const { RefCell::new(Some(VecDeque::new())) };
}

/// Does `work` in its turn, or at once when the page is alive.
pub fn in_turn(work: impl FnOnce() + 'static) {
    let work: Work = Box::new(work);
    let now = WAITING.with_borrow_mut(|waiting| match waiting {
        Some(waiting) => {
            waiting.push_back(work);
            None
        }
        None => Some(work),
    });
    if let Some(work) = now {
        work();
    }
}

/// Does what waits, each piece in a task of its own.
pub async fn take_turns() {
    let next = || WAITING.with_borrow_mut(|waiting| waiting.as_mut()?.pop_front());
    while let Some(work) = next() {
        work();
        Slice::begin().pause().await;
    }
}

/// Says that the page is alive.
pub fn no_more_turns() {
    WAITING.set(None);
}
