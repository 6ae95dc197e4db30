//! How Python servers handle requests at the same time, explained by simulating them in the
//! reader's browser.
//!
//! # Layout
//!
//! Imports run downwards only.
//!
//! - [`api`]: JSON in, JSON out, for the page's JavaScript API.
//! - [`scenario`]: what goes into the simulator: types, fields and ranges, permalink, presets.
//! - [`simulation`]: the engine, one file a system under `models/`, traces, reports.

pub mod api;
pub mod scenario;
pub mod simulation;
