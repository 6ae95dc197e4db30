//! Charts: pure geometry of what fills which pixel, and its drawing through plotters.

mod draw;
mod lanes;
mod raster;
mod scale;
#[cfg(feature = "ssr")]
mod still;

pub use draw::{Chart, Colour, Paper};
pub use lanes::{By, Timeline};
pub use scale::Axis;
#[cfg(feature = "ssr")]
pub use still::themed;
