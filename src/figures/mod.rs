//! The figures, a file each, and the table that lists them.

mod advisor;
mod compared;
mod event_loop;
mod executor;
mod gunicorn;
mod race;

use crate::parts::Figure;
use compared::{binding, cpu_bound, migrations, pool, worked_example};

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
