//! A figure's state, with one type of Leptos's behind all of it.
//!
//! Leptos compiles its signals anew for every type of value, some kilobytes each. These have the names
//! and manners of its signals, but what they hand to Leptos is only the news of a change. A figure
//! lives as long as its page, so what it holds is never freed, and handles are plain references.

use std::ops::Deref;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use leptos::prelude::{Get, GetUntracked, Notify, Track, Trigger, untrack};

fn keep<T>(value: T) -> &'static RwLock<T> {
    Box::leak(Box::new(RwLock::new(value)))
}

fn look<T>(value: &'static RwLock<T>) -> RwLockReadGuard<'static, T> {
    value.read().unwrap_or_else(PoisonError::into_inner)
}

fn open<T>(value: &'static RwLock<T>) -> RwLockWriteGuard<'static, T> {
    value.write().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a handle that is copied like the reference that it is.
macro_rules! handle {
    ($name:ident<$($of:ident),+>) => {
        impl<$($of),+> Clone for $name<$($of),+> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<$($of),+> Copy for $name<$($of),+> {}
    };
}

/// The ways to look at a value that can be read, tracked or not.
macro_rules! readable {
    ($name:ident) => {
        impl<T> $name<T> {
            /// What `f` makes of its value; who asks hears of changes.
            pub fn with<R>(self, f: impl FnOnce(&T) -> R) -> R {
                f(&self.read())
            }

            /// As [`with`](Self::with), but nobody hears of anything.
            pub fn with_untracked<R>(self, f: impl FnOnce(&T) -> R) -> R {
                f(&self.read_untracked())
            }

            /// A copy of its value; who asks hears of changes.
            pub fn get(self) -> T
            where
                T: Clone,
            {
                T::clone(&self.read())
            }
        }
    };
}

/// A value that changes.
pub struct RwSignal<T: 'static> {
    value: &'static RwLock<T>,
    changes: Trigger,
}

handle!(RwSignal<T>);
readable!(RwSignal);

impl<T> RwSignal<T> {
    /// A signal that begins with `value`.
    pub fn new(value: T) -> Self {
        Self {
            value: keep(value),
            changes: Trigger::new(),
        }
    }

    /// Has who asks hear of its changes.
    pub fn track(self) {
        self.changes.track();
    }

    /// Its value to look at; who asks hears of changes. Not to be held while it is set.
    pub fn read(self) -> RwLockReadGuard<'static, T> {
        self.track();
        look(self.value)
    }

    /// As [`read`](Self::read), but nobody hears of anything.
    pub fn read_untracked(self) -> RwLockReadGuard<'static, T> {
        look(self.value)
    }

    /// A copy of its value; nobody hears of anything.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.read_untracked().clone()
    }

    /// Gives it another value and tells who listens, also where that is the same as before.
    pub fn set(self, value: T) {
        *open(self.value) = value;
        self.changes.notify();
    }

    /// Changes its value in place and tells who listens.
    pub fn update(self, f: impl FnOnce(&mut T)) {
        f(&mut open(self.value));
        self.changes.notify();
    }
}

/// A value worked out from others, once for each of their changes; who reads it hears only of
/// those that make a difference.
pub struct Memo<T: 'static> {
    value: &'static RwLock<Option<T>>,
    /// Counts its changes.
    version: leptos::prelude::Memo<usize>,
}

handle!(Memo<T>);
readable!(Memo);

impl<T: PartialEq + Send + Sync> Memo<T> {
    /// Works it out with `f`, which gets the value before.
    pub fn new(f: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let value = keep(None);
        let renew = move || {
            let new = f(look(value).as_ref());
            let mut old = open(value);
            let differs = old.as_ref() != Some(&new);
            if differs {
                *old = Some(new);
            }
            differs
        };
        Self {
            value,
            version: version(Box::new(renew)),
        }
    }
}

fn version(renew: Box<dyn Fn() -> bool + Send + Sync>) -> leptos::prelude::Memo<usize> {
    leptos::prelude::Memo::new(move |old: Option<&usize>| {
        old.copied().unwrap_or_default() + usize::from(renew())
    })
}

impl<T> Memo<T> {
    /// Has who asks hear of its changes.
    pub fn track(self) {
        self.version.get();
    }

    /// Its value to look at, worked out if it is not; who asks hears of changes.
    pub fn read(self) -> Known<T> {
        self.track();
        Known {
            value: look(self.value),
        }
    }

    /// As [`read`](Self::read), but nobody hears of anything.
    pub fn read_untracked(self) -> Known<T> {
        self.version.get_untracked();
        Known {
            value: look(self.value),
        }
    }
}

/// A memo's value while it is looked at.
pub struct Known<T: 'static> {
    value: RwLockReadGuard<'static, Option<T>>,
}

impl<T> Deref for Known<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // Whoever gets here has asked for the version, which works the value out.
        self.value.as_ref().expect("a memo that was worked out")
    }
}

/// A value that is worked out whenever it is asked for.
pub struct Derived<T: 'static>(&'static (dyn Fn() -> T + Send + Sync));

handle!(Derived<T>);

impl<T> Derived<T> {
    /// A value that `f` works out.
    pub fn new(f: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Box::leak(Box::new(f)))
    }

    /// Works it out; who asks hears of changes of all that it reads.
    pub fn get(self) -> T {
        (self.0)()
    }

    /// As [`get`](Self::get), but nobody hears of anything.
    pub fn get_untracked(self) -> T {
        untrack(self.0)
    }
}

/// What to do when something happens, with what it is done with.
pub struct Callback<In: 'static, Out: 'static = ()>(&'static (dyn Fn(In) -> Out + Send + Sync));

handle!(Callback<In, Out>);

impl<In, Out> Callback<In, Out> {
    /// Something to do: `f`.
    pub fn new(f: impl Fn(In) -> Out + Send + Sync + 'static) -> Self {
        Self(Box::leak(Box::new(f)))
    }

    /// Does it, and gives what comes of it.
    pub fn run(self, with: In) -> Out {
        (self.0)(with)
    }
}
