//! The article's three systems again: every wave of the worked example, and the table's numbers.

use super::look;
use crate::figures::race::{caption, three_models};
use crate::parts::{Figure, Look, bands};

pub(in crate::figures) const TIMELINE: Figure = Figure {
    name: "timeline",
    wide: true,
    setup: || three_models(|_| {}),
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            height: 168.0,
            fields: &[
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(20.0)),
                ("workers", Some(16.0)),
                ("threads", Some(16.0)),
                ("max_workers", Some(64.0)),
            ],
            ..look("Every wave of the worked example", caption)
        };
        bands(name, start, place, look)
    },
};

pub(in crate::figures) const COMPARISON: Figure = Figure {
    name: "comparison",
    wide: true,
    setup: || three_models(|_| {}),
    show: |name, start, place| {
        let look = Look {
            fields: &[
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(20.0)),
                ("cores", Some(16.0)),
                ("workers", Some(16.0)),
                ("threads", Some(16.0)),
                ("max_workers", Some(64.0)),
            ],
            ..look("The numbers of the table, at work", caption)
        };
        bands(name, start, place, look)
    },
};
