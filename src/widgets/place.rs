//! Where a part of the page stands: natively, to be written out, or in the browser, to be taken
//! over.
//!
//! Views go through here with their own types: to erase them would double what is compiled.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use super::Theme;

/// A place for one view.
pub struct Place {
    /// The prerendered element, and what its view should know.
    #[cfg(feature = "hydrate")]
    pub browser: Option<(web_sys::HtmlElement, Theme)>,
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
        if let Some((element, theme)) = self.browser {
            let view = move || {
                provide_context(theme);
                view()
            };
            leptos::mount::hydrate_from(element, view).forget();
        }
        #[cfg(not(feature = "hydrate"))]
        drop(view);
        String::new()
    }
}
