//! The article: Markdown from `content/` as HTML, and the little that makes it live.

#[cfg(feature = "ssr")]
mod code;
#[cfg(feature = "ssr")]
pub mod content;
#[cfg(feature = "hydrate")]
pub mod enhance;
#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod measured;
#[cfg(feature = "ssr")]
mod notes;
#[cfg(feature = "ssr")]
mod simulated;
