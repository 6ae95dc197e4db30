//! Copying to the clipboard, with the button saying how it went.

use gloo_timers::callback::Timeout;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// How long the button says so, in milliseconds.
const SAID_MS: u32 = 1600;

/// Copies `text` for the button called `name`.
pub fn copy(button: Element, name: &'static str, text: &str) {
    let clipboard = window().navigator().clipboard();
    // There is none on a page that came over plain HTTP.
    let copying = (!clipboard.is_undefined()).then(|| JsFuture::from(clipboard.write_text(text)));
    // Who does not see it hears it. An attribute of an element that exists cannot fail.
    let _ = button.set_attribute("aria-live", "polite");
    wasm_bindgen_futures::spawn_local(async move {
        let copied = match copying {
            Some(copying) => copying.await.is_ok(),
            None => false,
        };
        button.set_text_content(Some(if copied { "Copied" } else { "Cannot copy" }));
        Timeout::new(SAID_MS, move || button.set_text_content(Some(name))).forget();
    });
}
