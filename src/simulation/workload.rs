//! What each request does: its I/O calls and its CPU time.

use super::Nanos;
use super::random::{Draws, Stream};
use scenario::{Scenario, Spread};

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
    io: Parts,
    cpu: Parts,
    pub(crate) calls: u32,
}

impl Work {
    fn new(io: Nanos, cpu: Nanos, calls: u32) -> Self {
        let calls = if io == 0 { 0 } else { calls };
        Self {
            io: Parts::new(io, calls.max(1)),
            cpu: Parts::new(cpu, calls + 1),
            calls,
        }
    }

    /// Whether it takes CPU time at all.
    pub(crate) fn computes(&self) -> bool {
        self.cpu.each > 0 || self.cpu.rest > 0
    }

    /// CPU time of segment `index`, from 0. The segments add up to all of it exactly.
    pub(crate) fn cpu_segment(&self, index: u32) -> Nanos {
        self.cpu.part(index, self.calls + 1)
    }

    /// Duration of I/O call `index`, from 0. The calls add up to all of it exactly.
    pub(crate) fn io_call(&self, index: u32) -> Nanos {
        self.io.part(index, self.calls)
    }
}

/// A time divided into parts that differ by a nanosecond at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    each: Nanos,
    /// How many are a nanosecond longer.
    rest: u32,
}

impl Parts {
    fn new(whole: Nanos, parts: u32) -> Self {
        let parts = Nanos::from(parts);
        Self {
            each: whole / parts,
            rest: (whole % parts) as u32,
        }
    }

    /// Part `index` of so many.
    #[inline]
    fn part(self, index: u32, parts: u32) -> Nanos {
        let longer = match self.rest {
            0 => 0,
            rest => rest * (index + 1) / parts - rest * index / parts,
        };
        self.each + Nanos::from(longer)
    }
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
        Work::new(io, cpu, self.calls)
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
