//! Where a part of the page stands: natively, to be written out, or in the browser, to be taken
//! over.
//!
//! Views go through here with their own types: to erase them would double what is compiled.

use leptos::prelude::*;

/// A place for one view.
pub struct Place {
    /// The prerendered element.
    #[cfg(feature = "hydrate")]
    pub browser: Option<web_sys::HtmlElement>,
}

impl Place {
    /// Nowhere in particular: to be written out.
    #[cfg(feature = "ssr")]
    pub fn native() -> Self {
        Self {
            #[cfg(feature = "hydrate")]
            browser: None,
        }
    }

    /// Writes the view out as HTML.
    #[cfg(feature = "ssr")]
    pub fn show<V: IntoView + 'static>(self, view: impl FnOnce() -> V + 'static) -> String {
        view().to_html()
    }

    /// Takes over the prerendered element; the view stays as long as the page.
    #[cfg(not(feature = "ssr"))]
    pub fn show<V: IntoView + 'static>(self, view: impl FnOnce() -> V + 'static) -> String {
        #[cfg(feature = "hydrate")]
        if let Some(element) = self.browser {
            take_over(element, view);
        }
        #[cfg(not(feature = "hydrate"))]
        drop(view);
        String::new()
    }
}

/// Hydrates `element` with a view that stays, as `leptos::mount::hydrate_from` does, but for its channel
/// of data from a server: there is none, and with its reader of errors and the standard library's
/// tables behind it that would be five kilobytes of the page.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn take_over<V: IntoView + 'static>(element: web_sys::HtmlElement, view: impl FnOnce() -> V) {
    use leptos::tachys::hydration::Cursor;
    use leptos::tachys::view::{PositionState, RenderHtml};
    use wasm_bindgen::JsCast;

    // An error only says that it was done before, for the figure above.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new_root(None);
    let state = owner.with(|| {
        view().into_view().hydrate::<true>(
            &Cursor::new(element.unchecked_into()),
            &PositionState::default(),
        )
    });
    std::mem::forget((owner, state));
}
