//! One type for each kind of thing that changes in a view.
//!
//! Leptos compiles a view anew for every type in it, and every closure is a type of its own. Tied
//! to these, all changing texts share one, which makes the WebAssembly about a third smaller. For the same
//! reason a view changes in texts alone: in an attribute, a style or the HTML inside an element.

use leptos::prelude::*;

use super::state::Derived;

/// A text that changes. Like a figure's state it lives as long as the page.
pub type Text = &'static (dyn Fn() -> String + Send + Sync);

/// A text that changes.
pub fn text<T: Into<String>>(f: impl Fn() -> T + Send + Sync + 'static) -> Text {
    Box::leak(Box::new(move || f().into()))
}

/// A value that follows others, for whatever is no view.
pub fn derive<T>(f: impl Fn() -> T + Send + Sync + 'static) -> Derived<T> {
    Derived::new(f)
}

/// What to do now, or in its turn, and whenever what it reads changes; only in the browser.
#[cfg(not(feature = "hydrate"))]
pub fn effect(_: impl FnMut() + 'static) {}

/// What to do now, or in its turn, and whenever what it reads changes; only in the browser.
#[cfg(feature = "hydrate")]
pub fn effect(f: impl FnMut() + 'static) {
    fn boxed(mut f: Box<dyn FnMut()>) {
        super::in_turn(move || {
            Effect::new(move |_: Option<()>| f());
        });
    }
    boxed(Box::new(f));
}

/// What to do when one of `events` happens in an element; only in the browser.
#[cfg(not(feature = "hydrate"))]
pub fn listen(
    _: NodeRef<leptos::html::Div>,
    _: &'static [&'static str],
    _: impl FnMut(web_sys::Event) + 'static,
) {
}

/// What to do when one of `events` happens in an element; only in the browser.
#[cfg(feature = "hydrate")]
pub fn listen(
    node: NodeRef<leptos::html::Div>,
    events: &'static [&'static str],
    heard: impl FnMut(web_sys::Event) + 'static,
) {
    use wasm_bindgen::{JsCast, closure::Closure};

    let mut heard = Some(Closure::<dyn FnMut(web_sys::Event)>::new(heard));
    effect(move || {
        let Some(node) = node.get() else { return };
        if let Some(heard) = heard.take() {
            for name in events {
                // A name that every browser knows.
                let _ = node.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
            }
            heard.forget();
        }
    });
}
