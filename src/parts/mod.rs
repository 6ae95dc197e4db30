//! What figures are made of: their setup and runs, their frame, bands and diagrams, and the numbers
//! that they show. They know no figure.

mod bands;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "readers move about in the browser")
)]
mod explore;
mod frame;
#[cfg(feature = "hydrate")]
mod gestures;
#[cfg(feature = "hydrate")]
pub mod link;
mod live;
mod metric;
mod minimap;
mod model;
mod reality;
#[cfg(feature = "hydrate")]
mod seen;
mod setup;
mod shown;
mod stage;
mod steps;
mod svg;
#[cfg(feature = "hydrate")]
mod takeaway;
mod told;
mod tools;
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "readers move about in the browser")
)]
mod view;

use crate::widgets::Place;

pub use bands::{CLIENTS, Look, Runway, bands};
pub use frame::{Caption, Frame};
#[cfg(feature = "ssr")]
pub use live::value;
pub use metric::{mebibytes, metric, number};
pub use model::{Diagram, Model, Scene, WIDTH, model_figure};
#[cfg(feature = "ssr")]
pub use reality::{FILE as MEASURED_FILE, RUNS as CALIBRATED_RUNS, line as measured_line};
pub use setup::{Case, Setup};
#[cfg(feature = "ssr")]
pub use stage::Runs;
pub use stage::{Stage, Start};
pub use steps::middle;
pub use svg::Svg;
pub use view::LATENCY;

/// What stands before a figure's name where a link points to it: sections have the bare names.
pub const ANCHOR: &str = "figure-";

/// One figure of the article.
pub struct Figure {
    /// Its name in the content's directives and in the page's hooks.
    pub name: &'static str,
    /// Whether it takes the whole width, below its text instead of beside it.
    #[cfg_attr(feature = "hydrate", expect(dead_code, reason = "laid out natively"))]
    pub wide: bool,
    /// What it runs before the reader touches it.
    pub setup: fn() -> Setup,
    /// Shows it in its place; the HTML where it is written out.
    pub show: fn(name: &'static str, start: Start, place: Place) -> String,
}
