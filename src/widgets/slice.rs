//! Long work in slices that leave the page alive.

use gloo_timers::future::TimeoutFuture;

/// A slice's length in milliseconds: less than a frame's.
const LENGTH: f64 = 6.0;

/// A slice of long work: since when it lasts, in the browser's milliseconds.
pub struct Slice(f64);

impl Slice {
    /// A slice that begins now.
    pub fn begin() -> Self {
        Self(js_sys::Date::now())
    }

    /// Whether it is the page's turn.
    pub fn is_over(&self) -> bool {
        js_sys::Date::now() - self.0 >= LENGTH
    }

    /// Lets the page have its turn, then begins the next slice.
    pub async fn pause(&mut self) {
        TimeoutFuture::new(0).await;
        *self = Self::begin();
    }
}
