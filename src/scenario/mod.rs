//! What goes into the simulator: the scenario, its fields and ranges, its readers and writers.

mod problem;
mod types;

pub use problem::{Problem, Problems};
pub use types::*;
