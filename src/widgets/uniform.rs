//! One type for each kind of thing that changes in a view.
//!
//! Leptos compiles a view anew for every type in it, and every closure is a type of its own. Tied
//! to these, all changing texts share one, which makes the WebAssembly about a third smaller.

use leptos::prelude::*;

use super::state::Derived;

/// A text that changes.
pub fn text<T: Into<String>>(f: impl Fn() -> T + Send + Sync + 'static) -> Signal<String> {
    signal(move || f().into())
}

/// An attribute that comes and goes.
pub fn maybe(f: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<Option<String>> {
    signal(f)
}

/// A condition.
pub fn flag(f: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    signal(f)
}

/// A value that follows others, for whatever is no view.
pub fn derive<T>(f: impl Fn() -> T + Send + Sync + 'static) -> Derived<T> {
    Derived::new(f)
}

fn signal<T: Send + Sync + 'static>(f: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    fn boxed<T: Send + Sync + 'static>(f: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
        Signal::derive(f)
    }
    boxed(Box::new(f))
}

/// What to do now and whenever what it reads changes; only in the browser.
pub fn effect(f: impl FnMut() + 'static) {
    fn boxed(mut f: Box<dyn FnMut()>) {
        Effect::new(move |_: Option<()>| f());
    }
    boxed(Box::new(f));
}

/// What to do on an event.
pub fn on<E: 'static>(f: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(f)
}
