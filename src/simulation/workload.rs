//! What each request does: its I/O calls and its CPU time.

use super::Nanos;
use super::random::{Draws, Stream};
use crate::scenario::{Scenario, Spread};

/// Nanoseconds in a millisecond.
const MS: f64 = 1e6;

/// Milliseconds as nanoseconds, to the nearest.
pub(crate) fn nanos(ms: f64) -> Nanos {
    nearest(ms * MS)
}

/// The nearest whole number to one that is not negative.
pub(crate) fn nearest(x: f64) -> Nanos {
    (x + 0.5) as Nanos
}

/// What one request does: CPU segments around I/O calls.
///
/// With `calls` I/O calls there are `calls + 1` CPU segments, before, between and after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) io: Nanos,
    pub(crate) cpu: Nanos,
    pub(crate) calls: u32,
}

impl Work {
    /// CPU time of segment `index`, from 0. The segments add up to `cpu` exactly.
    pub(crate) fn cpu_segment(&self, index: u32) -> Nanos {
        part(self.cpu, index, self.calls + 1)
    }

    /// Duration of I/O call `index`, from 0. The calls add up to `io` exactly.
    pub(crate) fn io_call(&self, index: u32) -> Nanos {
        part(self.io, index, self.calls)
    }
}

/// Part `index` of `whole` divided into `parts` that differ by a nanosecond at most.
fn part(whole: Nanos, index: u32, parts: u32) -> Nanos {
    if parts == 1 || whole == 0 {
        return whole;
    }
    let upto = |n: u32| whole * Nanos::from(n) / Nanos::from(parts);
    upto(index + 1) - upto(index)
}

/// Draws each request's work.
pub(crate) struct Mill {
    draws: Draws,
    spread: Spread,
    io: Nanos,
    cpu: Nanos,
    calls: u32,
    /// Every so many-th request computes for so long.
    heavy: Option<(u32, Nanos)>,
}

impl Mill {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            draws: Draws::new(scenario.seed),
            spread: scenario.workload.spread,
            io: nanos(scenario.workload.io_ms),
            cpu: nanos(scenario.workload.cpu_ms),
            calls: scenario.workload.io_calls,
            heavy: scenario
                .workload
                .heavy_every
                .map(|every| (every, nanos(scenario.workload.heavy_cpu_ms))),
        }
    }

    /// What `request` does, whatever the system.
    pub(crate) fn work(&self, request: u32) -> Work {
        let io = self.draw(self.io, request, Stream::Io, Stream::IoAngle);
        let cpu = match self.heavy {
            Some((every, cpu)) if (request + 1).is_multiple_of(every) => cpu,
            _ => self.draw(self.cpu, request, Stream::Cpu, Stream::CpuAngle),
        };
        Work {
            io,
            cpu,
            calls: if io == 0 { 0 } else { self.calls },
        }
    }

    fn draw(&self, mean: Nanos, request: u32, stream: Stream, angle: Stream) -> Nanos {
        if mean == 0 {
            return 0;
        }
        let factor = match self.spread {
            Spread::Constant => return mean,
            Spread::Exponential => self.draws.exponential(request, stream),
            Spread::Lognormal => self.draws.lognormal(request, stream, angle),
        };
        nearest(mean as f64 * factor)
    }
}
