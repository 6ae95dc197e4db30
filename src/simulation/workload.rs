//! What each request does: its I/O calls and its CPU time.

use super::Nanos;
use super::calibration::FREE_THREADED;
use super::random::{Draws, Stream};
use scenario::{Fidelity, Scenario, Spread};

/// Nanoseconds in a millisecond.
const MS: f64 = 1e6;

/// Milliseconds as nanoseconds, to the nearest.
pub(crate) fn nanos(ms: f64) -> Nanos {
    nearest(ms * MS)
}

/// The nearest whole number to one that is not negative, and less than 2^63: signed ones are converted faster.
pub(crate) fn nearest(x: f64) -> Nanos {
    (x + 0.5) as i64 as Nanos
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
        self.cpu.each > 0 || self.cpu.step > 0
    }

    /// CPU time of segment `index`, from 0. The segments add up to all of it exactly.
    pub(crate) fn cpu_segment(&self, index: u32) -> Nanos {
        self.cpu.part(index)
    }

    /// Duration of I/O call `index`, from 0. The calls add up to all of it exactly.
    pub(crate) fn io_call(&self, index: u32) -> Nanos {
        self.io.part(index)
    }
}

/// A time divided into parts that differ by a nanosecond at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    each: Nanos,
    /// How much more is due to each, in 2^-16 of a nanosecond, rounded up: the parts are so few, 21 at
    /// most, that a whole one never comes too early.
    step: u32,
}

impl Parts {
    fn new(whole: Nanos, parts: u32) -> Self {
        let number = Nanos::from(parts);
        Self {
            each: whole / number,
            step: (((whole % number) as u32) << 16).div_ceil(parts),
        }
    }

    /// Part `index`.
    #[inline]
    fn part(self, index: u32) -> Nanos {
        let before = index * self.step;
        let longer = ((before + self.step) >> 16) - (before >> 16);
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

/// How many times as long Python computes as under a GIL.
pub(super) fn slowness(scenario: &Scenario) -> f64 {
    match scenario.fidelity {
        Fidelity::Calibrated if !scenario.machine.gil => FREE_THREADED,
        _ => 1.0,
    }
}

impl Mill {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let python = slowness(scenario);
        Self {
            draws: Draws::new(scenario.seed),
            spread: scenario.workload.spread,
            io: nanos(scenario.workload.io_ms),
            cpu: nanos(scenario.workload.cpu_ms * python),
            calls: scenario.workload.io_calls,
            heavy: scenario
                .workload
                .heavy_every
                .map(|every| (every, nanos(scenario.workload.heavy_cpu_ms * python))),
        }
    }

    /// What `request` does, whatever the system.
    pub(crate) fn work(&self, request: u32) -> Work {
        let factors = match self.spread {
            Spread::Constant => [1.0; 2],
            Spread::Exponential => {
                [Stream::Io, Stream::Cpu].map(|stream| self.draws.exponential(request, stream))
            }
            Spread::Lognormal => self.draws.lognormals(
                request,
                [
                    (Stream::Io, Stream::IoAngle),
                    (Stream::Cpu, Stream::CpuAngle),
                ],
            ),
        };
        let drawn = |mean: Nanos, factor: f64| nearest(mean as i64 as f64 * factor);
        let cpu = match self.heavy {
            Some((every, cpu)) if (request + 1).is_multiple_of(every) => cpu,
            _ => drawn(self.cpu, factors[1]),
        };
        Work::new(drawn(self.io, factors[0]), cpu, self.calls)
    }
}
