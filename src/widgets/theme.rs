//! Light and dark: the reader's choice, else the system's.

use leptos::prelude::*;

use super::Callback;
#[cfg(feature = "hydrate")]
use super::RwSignal;
use super::panel::{Panel, acted};
use super::text;

/// The picture on the button: a disc, half of it dark.
const HALF: &str = "<svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">\
                    <circle cx=\"8\" cy=\"8\" r=\"6.25\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>\
                    <path d=\"M8 2a6 6 0 0 1 0 12z\" fill=\"currentColor\"/></svg>";

#[cfg(feature = "hydrate")]
thread_local! {
    /// Counts the changes of theme and of pixel density.
    static CHANGES: RwSignal<usize> = RwSignal::new(0);
}

/// Changes with the theme and the pixel density, so that drawings know to draw again.
#[cfg(feature = "hydrate")]
pub fn theme_changes() -> RwSignal<usize> {
    CHANGES.with(|changes| *changes)
}

/// Switches between light and dark and remembers it.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let html = format!(
        "<button type=\"button\" class=\"theme\" aria-label=\"Switch between light and dark\" data-act=\"\">{HALF}</button>"
    );
    let heard = Callback::new(|(event,)| {
        if acted(&event).is_some() {
            switch();
        }
    });
    view! { <Panel class="" html=text(move || html.clone()) heard show=Callback::new(|_| ()) /> }
}

#[cfg(not(feature = "hydrate"))]
fn switch() {}

#[cfg(feature = "hydrate")]
fn switch() {
    let Some(window) = web_sys::window() else {
        return;
    };
    let Some(root) = window.document().and_then(|d| d.document_element()) else {
        return;
    };
    let system_dark = media("(prefers-color-scheme: dark)").is_some_and(|query| query.matches());
    let dark = match root.get_attribute("data-theme").as_deref() {
        Some(theme) => theme == "dark",
        None => system_dark,
    };
    let next = if dark { "light" } else { "dark" };
    // A theme that cannot be kept (no storage allowed) still holds until the page is left.
    let _ = root.set_attribute("data-theme", next);
    if let Ok(Some(storage)) = window.local_storage() {
        let _ = storage.set_item("theme", next);
    }
}

#[cfg(feature = "hydrate")]
fn media(query: &str) -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media(query).ok()?
}

/// Has [`theme_changes`] follow the toggle, the system's preference and the pixel density.
#[cfg(feature = "hydrate")]
pub fn watch_theme() {
    use wasm_bindgen::{JsCast, closure::Closure};

    let changes = theme_changes();
    let changed = Closure::<dyn FnMut()>::new(move || changes.update(|n| *n = n.wrapping_add(1)));
    let handler = changed.as_ref().unchecked_ref();
    for query in [
        "(prefers-color-scheme: dark)",
        "(min-resolution: 1.5dppx)",
        "(min-resolution: 2.5dppx)",
    ] {
        if let Some(query) = media(query) {
            query.set_onchange(Some(handler));
            // The query must live as long as the page to report its changes.
            std::mem::forget(query);
        }
    }
    if let (Some(root), Ok(observer)) = (
        document().document_element(),
        web_sys::MutationObserver::new(handler),
    ) {
        let options = web_sys::MutationObserverInit::new();
        options.set_attributes(true);
        options.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        let _ = observer.observe_with_options(&root, &options);
    }
    changed.forget();
}
