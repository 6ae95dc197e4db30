//! The figures, a file each, and the table that lists them.

mod advice;
mod advisor;
mod bands;
mod compared;
mod event_loop;
mod executor;
mod frame;
mod gunicorn;
mod live;
mod metric;
mod model;
mod race;
#[cfg(feature = "hydrate")]
mod seen;
mod setup;
mod stage;
mod steps;
mod svg;

use crate::widgets::Place;
use compared::{binding, cpu_bound, migrations, pool, worked_example};

pub use bands::{Band, Look};
pub use frame::{Caption, Frame, Legend};
pub use live::value;
pub use metric::{Metric, metric, number};
pub use setup::{Case, Setup, describe};
pub use stage::{Runs, Stage, run_end};

/// One figure of the article.
pub struct Figure {
    /// Its name in the content's directives and in the page's hooks.
    pub name: &'static str,
    /// Whether it takes the whole width, below its text instead of beside it.
    pub wide: bool,
    /// What it runs before the reader touches it.
    pub setup: fn() -> Setup,
    /// Shows it in its place; the HTML where it is written out.
    pub show: fn(name: &'static str, setup: Setup, place: Place) -> String,
}

/// Every figure. A new one is a file and a row here.
pub static FIGURES: &[Figure] = &[
    race::FIGURE,
    gunicorn::FIGURE,
    event_loop::FIGURE,
    executor::FIGURE,
    binding::FIGURE,
    pool::FIGURE,
    cpu_bound::FIGURE,
    worked_example::THOUSAND,
    worked_example::COMPARISON,
    migrations::FASTAPI,
    migrations::FLASK_ASYNC,
    migrations::GEVENT,
    advisor::FIGURE,
];
