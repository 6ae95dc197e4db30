//! Cores, shared equally among the interpreters that have something to run.
//!
//! Processor sharing is kept in virtual time: a clock that runs at the rate each running
//! interpreter gets, `min(1, cores / running)`. A segment of CPU time finishes when the clock has
//! advanced by its length, whatever the rate did meanwhile, so a change of rate touches no
//! segment. The clock counts [`TICK`] parts of a nanosecond. While no more than `cores`
//! interpreters run it advances by whole nanoseconds, so nothing is ever rounded; beyond that,
//! a completion falls on the first nanosecond at which its segment is done.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Nanos;

/// Ticks of virtual time in a nanosecond. CPU time is at most 60 s a request on average and 10^6
/// requests, 6 * 10^16 ns, and the clock never passes the CPU time spent: it fits a `u64`.
pub(crate) const TICK: u64 = 256;

/// The machine's cores and the segments running on them.
pub(crate) struct Cores {
    cores: u64,
    /// What they do for interpreters in a nanosecond, in ticks.
    power: u64,
    /// How many interpreters have a segment here.
    running: u64,
    /// Virtual time in ticks, and the real time at which it was read.
    clock: u64,
    read: Nanos,
    /// (finish in virtual time, number of the segment, interpreter), stale ones included.
    finishes: BinaryHeap<Reverse<(u64, u32, u32)>>,
    /// Each interpreter's running segment: finish and number; `IDLE` if none.
    segments: Vec<(u64, u32)>,
    /// Segments ever started.
    started: u32,
    /// When the next segment ends if nothing changes; `Nanos::MAX` if none runs.
    due: Nanos,
    /// Core time spent so far.
    busy: Nanos,
}

const IDLE: (u64, u32) = (u64::MAX, u32::MAX);

impl Cores {
    /// `cores` of which `background` ticks a nanosecond go elsewhere.
    pub(crate) fn new(cores: u32, background: u64, interpreters: usize) -> Self {
        Self {
            cores: cores.into(),
            power: u64::from(cores) * TICK - background,
            running: 0,
            clock: 0,
            read: 0,
            finishes: BinaryHeap::new(),
            segments: vec![IDLE; interpreters],
            started: 0,
            due: Nanos::MAX,
            busy: 0,
        }
    }

    pub(crate) fn due(&self) -> Nanos {
        self.due
    }

    /// Core time spent until `now`, summed over the cores.
    pub(crate) fn busy(&self, now: Nanos) -> Nanos {
        self.busy + (now - self.read) * self.running.min(self.cores)
    }

    /// Whether an interpreter has a segment running.
    pub(crate) fn runs(&self, interpreter: u32) -> bool {
        self.segments[interpreter as usize] != IDLE
    }

    /// Starts a segment of `ticks` on an interpreter that has none.
    pub(crate) fn start(&mut self, now: Nanos, interpreter: u32, ticks: u64) {
        self.advance(now);
        let segment = (self.clock + ticks, self.started);
        self.started += 1;
        self.running += 1;
        self.segments[interpreter as usize] = segment;
        self.finishes
            .push(Reverse((segment.0, segment.1, interpreter)));
        self.plan();
    }

    /// Takes an interpreter's segment off its core; gives the ticks it still needs.
    pub(crate) fn stop(&mut self, now: Nanos, interpreter: u32) -> u64 {
        self.advance(now);
        let (finish, _) = std::mem::replace(&mut self.segments[interpreter as usize], IDLE);
        let left = finish.saturating_sub(self.clock);
        self.running -= 1;
        self.plan();
        left
    }

    /// Ends the segment that is due; gives its interpreter.
    pub(crate) fn finish(&mut self) -> u32 {
        self.advance(self.due);
        let Reverse((_, _, interpreter)) = self.finishes.pop().expect("a segment is due");
        self.segments[interpreter as usize] = IDLE;
        self.running -= 1;
        self.plan();
        interpreter
    }

    fn advance(&mut self, now: Nanos) {
        let elapsed = now - self.read;
        self.read = now;
        self.busy += elapsed * self.running.min(self.cores);
        if self.running * TICK <= self.power {
            if self.running > 0 {
                self.clock += elapsed * TICK;
            }
        } else {
            self.clock += scale(elapsed, self.power, self.running, 0);
        }
    }

    /// Finds when the next segment ends, after the running ones have changed.
    fn plan(&mut self) {
        while let Some(&Reverse((finish, number, interpreter))) = self.finishes.peek() {
            if self.segments[interpreter as usize] != (finish, number) {
                self.finishes.pop();
                continue;
            }
            let left = finish.saturating_sub(self.clock);
            let wait = if self.running * TICK <= self.power {
                left.div_ceil(TICK)
            } else {
                scale(left, self.running, self.power, self.power - 1)
            };
            self.due = self.read + wait;
            return;
        }
        // Nothing runs: start the clock afresh, free of fractions.
        self.clock = 0;
        self.due = Nanos::MAX;
    }
}

/// `(value * factor + plus) / divisor` without overflow on the way.
fn scale(value: u64, factor: u64, divisor: u64, plus: u64) -> u64 {
    match value.checked_mul(factor).and_then(|x| x.checked_add(plus)) {
        Some(product) => product / divisor,
        None => {
            ((u128::from(value) * u128::from(factor) + u128::from(plus)) / u128::from(divisor))
                as u64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs everything to its end; gives (time, interpreter) of each completion.
    fn drain(cores: &mut Cores) -> Vec<(Nanos, u32)> {
        std::iter::from_fn(|| {
            let due = cores.due();
            (due != Nanos::MAX).then(|| (due, cores.finish()))
        })
        .collect()
    }

    #[test]
    fn three_equal_segments_share_two_cores_exactly() {
        let mut cores = Cores::new(2, 0, 3);
        (0..3).for_each(|i| cores.start(0, i, 100 * TICK));
        assert_eq!(drain(&mut cores), [(150, 0), (150, 1), (150, 2)]);
        assert_eq!(cores.busy(cores.read), 300);
    }

    #[test]
    fn a_late_comer_slows_the_others_from_then_on() {
        let mut cores = Cores::new(1, 0, 2);
        cores.start(0, 0, 100 * TICK);
        cores.start(50, 1, 100 * TICK);
        // 50 left each at a half: 0 ends at 150, when 1 has 50 left and the core to itself.
        assert_eq!(drain(&mut cores), [(150, 0), (200, 1)]);
        assert_eq!(cores.busy(cores.read), 200);
    }

    #[test]
    fn a_stopped_segment_resumes_where_it_was() {
        let mut cores = Cores::new(4, 0, 2);
        cores.start(10, 0, 100 * TICK);
        assert_eq!(cores.stop(40, 0), 70 * TICK);
        assert_eq!(cores.due(), Nanos::MAX);
        cores.start(60, 1, 5 * TICK);
        cores.start(60, 0, 70 * TICK);
        assert_eq!(drain(&mut cores), [(65, 1), (130, 0)]);
    }

    #[test]
    fn shares_that_do_not_divide_end_on_the_next_nanosecond() {
        let mut cores = Cores::new(3, 0, 7);
        (0..7).for_each(|i| cores.start(0, i, TICK));
        // 7/3 ns each, all at once.
        assert!(drain(&mut cores).iter().all(|&(at, _)| at == 3));
    }

    #[test]
    fn the_longest_segments_do_not_overflow() {
        let mut cores = Cores::new(255, 0, 256);
        let ticks = 60_000_000_000 * 1_000_000 * TICK;
        (0..256).for_each(|i| cores.start(0, i, ticks));
        assert_eq!(drain(&mut cores)[255].0, (ticks / TICK * 256).div_ceil(255));
    }
}
