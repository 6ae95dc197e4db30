//! One loop, with and without a pool of connections behind it.

use super::{look, makespan};
use crate::parts::{Case, Figure, Look, Setup, bands};
use crate::scenario::{EventLoop, System};
use crate::words::{milliseconds, times};

pub(in crate::figures) const FIGURE: Figure = Figure {
    name: "pool",
    wide: false,
    setup: || {
        let event_loop = || System::EventLoop(EventLoop::default());
        let mut pooled = Case::new("pooled", "Pool of connections", event_loop());
        pooled.scenario.workload.pool_size = Some(10);
        let mut unpooled = Case::new("unpooled", "A connection each", event_loop());
        unpooled.pinned = &["pool_size"];
        Setup {
            cases: vec![pooled, unpooled],
        }
    },
    show: |name, start, place| {
        let look = Look {
            fields: &[
                ("pool_size", Some(200.0)),
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
            ],
            ..look("A loop in front of a pool", |stage| {
                let (pooled, free) = (makespan(stage, "pooled"), makespan(stage, "unpooled"));
                match times(pooled, free) {
                    Some(times) => (
                        format!("With the pool the last answer takes {times} as long."),
                        format!(
                            "{} against {}. Every request is accepted at once; it is for a \
                             connection that they stand in line.",
                            milliseconds(pooled),
                            milliseconds(free)
                        ),
                    ),
                    None => (
                        "This pool is large enough to make no difference.".to_owned(),
                        "Every request is accepted at once, and hardly one has to wait for its \
                         connection."
                            .to_owned(),
                    ),
                }
            })
        };
        bands(name, start, place, look)
    },
};
