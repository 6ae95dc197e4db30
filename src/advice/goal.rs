//! What an advisor asks beyond the scenario: fields of a form that no scenario has.

use crate::scenario::{Field, row};

/// The latency that 95 requests of 100 have to beat.
pub static TARGET_P95: Field = row::number("target_p95_ms", 1.0, 600_000.0, 300.0)
    .label("Target for p95")
    .unit("ms")
    .slider(10.0, 2000.0, 10.0)
    .help("95 of 100 requests should be answered within this time.");

/// How many workers of the reader's application fit in memory.
pub static FIT: Field = row::integer("workers_in_memory", 2, 256, 32)
    .label("Workers that fit in memory")
    .slider(2.0, 64.0, 1.0)
    .help("Memory for this service, divided by the private memory of one worker.");

/// What kind of code has to be served.
pub static CODE: Field = row::choice("code", "sync")
    .label("Kind of code")
    .choices(&[
        ("sync", "sync (Flask, Django)"),
        ("async", "async-ready (FastAPI)"),
        ("either", "either"),
    ])
    .help("Synchronous code runs under Gunicorn, async-ready code on event loops.");
