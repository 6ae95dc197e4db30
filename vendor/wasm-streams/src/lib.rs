//! The signatures that Leptos's server functions want of the crate `wasm-streams`.
//!
//! The page calls no server, so none of them is ever run. The original exports classes to
//! JavaScript, and an export stays in the WebAssembly with all that it needs, eight kilobytes.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::JsValue;

/// A stream of JavaScript's, of which there is none.
pub struct ReadableStream(Infallible);

impl ReadableStream {
    pub fn from_raw(_: web_sys::ReadableStream) -> Self {
        unreachable!("the page calls no server")
    }

    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unreachable!("the page calls no server")
    }

    pub fn into_raw(self) -> web_sys::ReadableStream {
        match self.0 {}
    }

    pub fn into_stream(self) -> IntoStream {
        match self.0 {}
    }
}

pub struct IntoStream(Infallible);

impl Stream for IntoStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0 {}
    }
}
