//! The figures, a file each, and the table that lists them.

mod bands;
mod compared;
mod frame;
mod live;
mod metric;
mod race;
#[cfg(feature = "hydrate")]
mod seen;
mod setup;
mod stage;

use leptos::prelude::*;

pub use metric::{Metric, Number, metric};
pub use setup::{Case, Setup, describe, model};
pub use stage::{Runs, Stage, run_end};

/// One figure of the article.
pub struct Figure {
    /// Its name in the content's directives and in the page's hooks.
    pub name: &'static str,
    /// Whether it takes the whole width, below its text instead of beside it.
    pub wide: bool,
    /// What it runs before the reader touches it.
    pub setup: fn() -> Setup,
    pub view: fn(name: &'static str, setup: Setup) -> AnyView,
}

/// Every figure. A new one is a file and a row here.
pub static FIGURES: &[Figure] = &[
    race::FIGURE,
    compared::BINDING,
    compared::POOL,
    compared::CPU_BOUND,
    compared::THOUSAND,
    compared::COMPARISON,
    compared::FASTAPI,
    compared::FLASK_ASYNC,
    compared::GEVENT,
];

/// The figure called `name`.
pub fn find(name: &str) -> Option<&'static Figure> {
    FIGURES.iter().find(|figure| figure.name == name)
}

/// A figure's live value before the reader touches it: raw, and as the reader sees it.
pub fn quote(figure: &str, key: &str) -> Option<(String, String)> {
    let setup = (find(figure)?.setup)();
    live::value(&setup, &Runs::new(&setup, None), key)
}
