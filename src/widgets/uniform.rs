//! One type for each kind of thing that changes in a view.
//!
//! Leptos compiles a view anew for every type in it, and every closure is a type of its own. Tied
//! to these, all changing texts share one, which makes the WebAssembly about a third smaller.

use leptos::prelude::*;

/// A text that changes.
pub fn text<T: ToString>(f: impl Fn() -> T + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || f().to_string())
}

/// An attribute that comes and goes.
pub fn maybe(f: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<Option<String>> {
    Signal::derive(f)
}

/// A condition.
pub fn flag(f: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(f)
}

/// What to do on an event.
pub fn on<E: 'static>(f: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(f)
}
