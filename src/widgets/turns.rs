//! Work that waits its turn while the page comes alive, so that no task keeps the reader waiting.

use std::cell::RefCell;
use std::collections::VecDeque;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

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

/// Does what waits, piece by piece, with what each of them sets off.
pub async fn take_turns() {
    let next = || WAITING.with_borrow_mut(|waiting| waiting.as_mut()?.pop_front());
    let mut slice = Slice::begin();
    while let Some(work) = next() {
        work();
        settle().await;
        if slice.is_over() {
            slice.pause().await;
        }
    }
}

/// Lets what is due be done first, within the same task.
async fn settle() {
    let due = js_sys::Promise::resolve(&JsValue::UNDEFINED);
    // It is never rejected.
    let _ = JsFuture::from(due).await;
}

/// Says that the page is alive.
pub fn no_more_turns() {
    WAITING.set(None);
}
