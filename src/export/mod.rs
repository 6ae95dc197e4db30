//! Runs as files to take away: requests as CSV, everything as a trace for Perfetto.

mod csv;
mod trace;

#[cfg(feature = "hydrate")]
pub use {csv::csv, trace::trace};

use std::fmt::Write;

use crate::simulation::Nanos;

/// Appends to `out`; writing to a `String` cannot fail.
fn put(out: &mut String, args: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(args);
}

/// Appends `t` in units of `unit` nanoseconds, a power of ten, exactly.
fn exact(out: &mut String, t: Nanos, unit: Nanos) {
    put(out, format_args!("{}", t / unit));
    let rest = t % unit;
    if rest > 0 {
        let width = unit.ilog10() as usize;
        let digits = format!("{rest:0width$}");
        put(out, format_args!(".{}", digits.trim_end_matches('0')));
    }
}
