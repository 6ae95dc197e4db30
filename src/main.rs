//! The browser entry: reports panics, exports the JavaScript API, takes over the page.

fn main() {
    console_error_panic_hook::set_once();
    concurrency_explained::app::hydrate();
}
