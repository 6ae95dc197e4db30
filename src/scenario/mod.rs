//! What goes into the simulator: the scenario, its fields and ranges, its readers and writers.

mod comparison;
mod config;
mod decimal;
mod draft;
mod field;
mod fields;
mod json;
mod node;
mod percent;
mod permalink;
mod presets;
mod problem;
mod reader;
pub mod row;
mod slot;
mod suggest;
mod types;

pub use comparison::{Comparison, MOST_SYSTEMS};
pub use config::{Snippet, snippets};
pub use decimal::{number, plain};
pub use field::{Field, Kind, Slider};
pub use fields::{FIELDS, MOST_REQUESTS, field};
pub use presets::{Preset, parse_presets, presets};
pub use problem::{Problem, Problems};
pub use slot::Value;
pub use types::*;
