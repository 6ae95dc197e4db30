//! Eight slots, filled early and late: what it costs to take a request before a thread is free.

use super::{gunicorn, look, p95, workload};
use crate::parts::{Case, Figure, LATENCY, Look, Setup, bands};
use crate::scenario::{Arrivals, Fidelity, Gunicorn, System};
use crate::words::{milliseconds, times};

pub(in crate::figures) const FIGURE: Figure = Figure {
    name: "latency",
    wide: false,
    setup: || {
        let capped = Gunicorn {
            worker_connections: 3,
            ..gunicorn(4, 2)
        };
        let shipped = System::Gunicorn(gunicorn(4, 2));
        Setup::new(
            vec![
                Case::new("early", "4 × 2 as shipped", shipped),
                Case::new("capped", "4 × 2, at most 3 each", System::Gunicorn(capped)),
                Case::new("eight", "8 × 1", System::Gunicorn(gunicorn(8, 1))),
            ],
            |scenario| {
                scenario.workload.requests = 1200;
                scenario.workload.arrivals = Arrivals::Poisson { rate_per_s: 60.0 };
                scenario.machine.cores = 2;
                scenario.fidelity = Fidelity::Calibrated;
                // Its p95 and mean are near those of the median run, simulated and measured.
                scenario.seed = 17;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            aspect: LATENCY,
            height: 76.0,
            big: "latency_ms.p95",
            aside: ("p95, median", "latency_ms.p50"),
            fields: &[
                ("rate_per_s", Some(100.0)),
                ("io_ms", Some(200.0)),
                ("requests", Some(3000.0)),
                ("seed", Some(40.0)),
            ],
            ..look("Eight slots, three ways to fill them", |stage| {
                let (early, eight) = (p95(stage, "early"), p95(stage, "eight"));
                let work = workload(stage);
                if let Arrivals::Poisson { rate_per_s } = work.arrivals
                    && rate_per_s * work.io_ms >= 8000.0
                    && work.requests > 8
                {
                    return (
                        "As much comes as eight slots can serve, or more.".to_owned(),
                        "The lines grow for as long as it does: these times say how long that was."
                            .to_owned(),
                    );
                }
                let Some(times) = times(early, eight) else {
                    return (
                        format!(
                            "Early or late, one request in twenty takes longer than {}.",
                            milliseconds(early)
                        ),
                        "Few requests come at a time, or this is the whiteboard, where all wait in one line."
                            .to_owned(),
                    );
                };
                (
                    format!(
                        "Bound early, one request in twenty takes longer than {}.",
                        milliseconds(early)
                    ),
                    format!(
                        "With eight workers that take a request only when idle it is {}; the first is \
                         {times} as long. Show the timeline instead: gaps are threads with nothing to \
                         do while another worker has a line.",
                        milliseconds(eight),
                    ),
                )
            })
        };
        bands(name, start, place, look)
    },
};
