//! How Python servers handle requests at the same time, explained by simulating them in the
//! reader's browser.
//!
//! # Layout
//!
//! Imports run downwards only.
//!
//! - [`app`]: the page, prerendered natively and taken over in the browser.
//! - [`article`]: Markdown from `content/` as HTML.
//! - `catalogue`: every figure that the content may name.
//! - `lab`: every parameter, systems side by side, presets, the scenario in the URL.
//! - `figures`: one file a figure.
//! - `parts`: what figures are made of: setups and runs, frames, bands, diagrams.
//! - `widgets`: forms, players, plots.
//! - `export`: runs as files to take away.
//! - `chart`: pure geometry of timelines, and their drawing through plotters.
//! - [`api`]: JSON in, JSON out, for the page's JavaScript API.
//! - [`advice`]: which setting serves a workload in time, and why.
//! - [`words`]: numbers and times as a reader sees them.
//! - [`simulation`]: the engine, one file a system under `models/`, traces, reports.
//! - [`scenario`]: what goes into the simulator: types, fields and ranges, permalink, presets.
//!
//! The last two are crates of their own, with a `Cargo.toml` each: the simulator is compiled for speed, the page
//! for size.
//!
//! The page's wings need the feature `hydrate` (in the browser) or `ssr` (prerendering); without
//! them the crate is what needs no page: simulator, scenarios, advice and words.

#[cfg(feature = "page")]
pub mod app;
#[cfg(feature = "page")]
pub mod article;
#[cfg(feature = "page")]
mod catalogue;
#[cfg(feature = "page")]
mod chart;
#[cfg(any(feature = "hydrate", all(feature = "page", test)))]
mod export;
#[cfg(feature = "page")]
mod figures;
#[cfg(feature = "page")]
mod lab;
#[cfg(feature = "page")]
mod parts;
#[cfg(feature = "page")]
mod widgets;

pub mod advice;
pub mod api;
pub mod words;

pub use ::{scenario, simulation};
