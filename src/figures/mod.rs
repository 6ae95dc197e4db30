//! The figures, a file each, and the table that lists them.

mod advisor;
mod compared;
mod event_loop;
mod executor;
mod gunicorn;
mod race;

use crate::parts::Figure;
use compared::{
    convoy, cpu_bound, crash, latency, load_test, migrations, pool, stall, worked_example,
};

/// Every figure. A new one is a file and a row here.
pub static FIGURES: &[Figure] = &[
    race::FIGURE,
    gunicorn::FIGURE,
    event_loop::FIGURE,
    executor::FIGURE,
    latency::FIGURE,
    crash::FIGURE,
    stall::FIGURE,
    convoy::FIGURE,
    load_test::FIGURE,
    pool::FIGURE,
    cpu_bound::FIGURE,
    worked_example::TIMELINE,
    worked_example::COMPARISON,
    migrations::FASTAPI,
    migrations::FLASK_ASYNC,
    migrations::GEVENT,
    advisor::FIGURE,
];
