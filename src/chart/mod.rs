//! Charts: pure geometry of what fills which pixel, and its drawing through plotters.
//!
//! `axis` is time and the window on it, `rows` what a row stands for, `raster` what fills a pixel;
//! `timeline` and `curve` are what is shown of a run, `draw` puts either on paper.

mod axis;
mod curve;
mod draw;
mod raster;
mod rows;
#[cfg(feature = "ssr")]
mod still;
mod timeline;

pub use axis::{Axis, Window};
pub use curve::{Curve, LABEL_FOOT, LABEL_ROW, Of, Scale};
#[cfg(feature = "hydrate")]
pub use draw::draw_key;
pub use draw::{Colour, Paper, Picture, most_rows};
pub use raster::{Shade, Shades};
pub use rows::{By, Rows};
#[cfg(feature = "ssr")]
pub use still::themed;
pub use timeline::Timeline;
