//! What Leptos needs of the crate `send_wrapper` (Thomas Keh, MIT or Apache-2.0): a value that may
//! be named on any thread and used on its own.
//!
//! The original asks the standard library for the current thread at every use, which brings the
//! page six kilobytes of threads and a second allocator. Here that costs nothing where there is only
//! one thread.

use std::fmt;
use std::mem::{ManuallyDrop, needs_drop};
use std::ops::{Deref, DerefMut};

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
mod home {
    /// The only thread there is.
    #[derive(PartialEq)]
    pub struct Home;

    impl Home {
        pub fn here() -> Self {
            Self
        }
    }
}

#[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
mod home {
    use std::thread::{ThreadId, current};

    /// A thread.
    #[derive(PartialEq)]
    pub struct Home(ThreadId);

    impl Home {
        pub fn here() -> Self {
            Self(current().id())
        }
    }
}

use home::Home;

/// A value that is used and dropped on the thread that wrapped it; anywhere else that panics.
pub struct SendWrapper<T> {
    data: ManuallyDrop<T>,
    home: Home,
}

// Safety: every way to the value checks that this is its thread.
unsafe impl<T> Send for SendWrapper<T> {}
unsafe impl<T> Sync for SendWrapper<T> {}

impl<T> SendWrapper<T> {
    pub fn new(data: T) -> Self {
        Self {
            data: ManuallyDrop::new(data),
            home: Home::here(),
        }
    }

    /// Whether this is the value's thread.
    pub fn valid(&self) -> bool {
        self.home == Home::here()
    }

    pub fn take(self) -> T {
        self.check();
        let mut this = ManuallyDrop::new(self);
        // Safety: `this` is not dropped, so nobody takes the value a second time.
        unsafe { ManuallyDrop::take(&mut this.data) }
    }

    fn check(&self) {
        assert!(self.valid(), "used on a thread that is not its own");
    }
}

impl<T> Deref for SendWrapper<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.check();
        &self.data
    }
}

impl<T> DerefMut for SendWrapper<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.check();
        &mut self.data
    }
}

impl<T> Drop for SendWrapper<T> {
    fn drop(&mut self) {
        if !needs_drop::<T>() || self.valid() {
            // Safety: this runs once, and nobody uses the value afterwards.
            unsafe { ManuallyDrop::drop(&mut self.data) }
        } else if !std::thread::panicking() {
            panic!("dropped on a thread that is not its own");
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for SendWrapper<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SendWrapper").field(&**self).finish()
    }
}

impl<T: Clone> Clone for SendWrapper<T> {
    fn clone(&self) -> Self {
        Self::new((**self).clone())
    }
}

#[cfg(feature = "futures")]
mod futures {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use super::SendWrapper;

    impl<T> SendWrapper<T> {
        fn pinned(self: Pin<&mut Self>) -> Pin<&mut T> {
            self.check();
            // Safety: the value lives inside its wrapper and is pinned with it.
            unsafe { self.map_unchecked_mut(|this| &mut *this.data) }
        }
    }

    impl<T: Future> Future for SendWrapper<T> {
        type Output = T::Output;

        fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T::Output> {
            self.pinned().poll(cx)
        }
    }

    impl<T: futures_core::Stream> futures_core::Stream for SendWrapper<T> {
        type Item = T::Item;

        fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T::Item>> {
            self.pinned().poll_next(cx)
        }
    }
}
