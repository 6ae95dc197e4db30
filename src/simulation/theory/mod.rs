//! What queueing theory says, to hold the simulator against.
//!
//! - `formulas`: the formulas themselves, in any unit.
//! - `closed`: closed networks by mean value analysis.
//! - `answer`: which formula holds for a scenario, and its value, or why none does.
//! - `interval`: how sure a simulated mean is.

mod answer;
mod closed;
mod formulas;
mod interval;

pub use answer::{Bound, Measure, Theory, theory};
pub use closed::{Closed, closed_network};
pub use formulas::*;
pub use interval::{Interval, interval};
