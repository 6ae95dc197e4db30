//! Scenarios: their table of fields, readers and writers.

mod any;
mod config;
mod fields;
mod hostile;
mod json;
mod permalink;
mod presets;
