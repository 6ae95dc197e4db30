//! Cores, shared equally among the interpreters that have something to run, or given to one at a
//! time, in slices, as a kernel does.
//!
//! Processor sharing is kept in virtual time: a clock that runs at the rate each running
//! interpreter gets, `min(1, cores / running)`. A segment of CPU time finishes when the clock has
//! advanced by its length, whatever the rate did meanwhile, so a change of rate touches no
//! segment. The clock counts [`TICK`] parts of a nanosecond. While no more than `cores`
//! interpreters run it advances by whole nanoseconds, so nothing is ever rounded; beyond that,
//! a completion falls on the first nanosecond at which its segment is done.

use super::Nanos;
use super::calibration::{LOOK, SLICE};
use super::ranking::Ranking;

/// Ticks of virtual time in a nanosecond. CPU time is at most 60 s a request on average and 10^6
/// requests, 6 * 10^16 ns, and the clock never passes the CPU time spent: it fits a `u64`.
pub(crate) const TICK: u64 = 256;

/// The machine's cores and the segments running on them.
pub(crate) struct Cores {
    cores: u64,
    /// What they do for interpreters in a nanosecond, in ticks.
    power: u64,
    /// Virtual time in ticks, and the real time at which it was read.
    clock: u64,
    read: Nanos,
    /// The running segments, by their finish in virtual time and in the order they were started.
    finishes: Ranking,
    /// When the next segment ends if nothing changes; `Nanos::MAX` if none runs.
    due: Nanos,
    /// Whether the running segments have changed since that was found.
    changed: bool,
    /// Core time spent so far.
    busy: Nanos,
    /// Where each core is given to one at a time.
    rounds: Option<Box<Rounds>>,
    /// Whether what is due is the kernel's look at who runs.
    look: bool,
}

/// Who has a core and who waits for one, where they go round: as in Linux's scheduler, whoever
/// has had the least CPU time comes first.
struct Rounds {
    /// Who waits, by the CPU time had and in the order they came.
    line: Ranking,
    /// By interpreter.
    shares: Box<[Share]>,
    /// Who has left its core just now: it may go on.
    left: Option<u32>,
    /// How long before time zero the kernel's last look was, and when the next one is.
    phase: Nanos,
    look: Nanos,
}

/// What an interpreter has had of the cores, in ticks.
#[derive(Clone, Copy)]
struct Share {
    /// CPU time had; while it runs, less what the clock says.
    had: u64,
    /// What its segment in line needs.
    needs: u64,
    /// Since when it has had its core.
    since: Nanos,
    /// Who took the core that it had to leave; no one, since it began anew.
    behind: u32,
}

impl Rounds {
    /// An interpreter wakes up. However long it slept, it is not ahead of those that run. Gives what counts as had if it
    /// has to wait: a look's time more than they have had at most, as Linux bounds what a sleeper owes.
    fn wake(&mut self, clock: u64, running: &Ranking, interpreter: u32) -> u64 {
        let kept = self.left.map(|other| self.shares[other as usize].had);
        let (mut least, mut most) = (kept.unwrap_or(u64::MAX), kept.unwrap_or(0));
        for other in running.all() {
            let had = self.shares[other as usize].had.wrapping_add(clock);
            (least, most) = (least.min(had), most.max(had));
        }
        let had = &mut self.shares[interpreter as usize].had;
        // Of nobody the least is more than the most.
        *had = (*had).max(least.min(most));
        (*had).min(most + LOOK * TICK)
    }

    /// An interpreter that has had so much waits for a core.
    fn queue_up(&mut self, interpreter: u32, had: u64, ticks: u64, behind: u32) {
        let share = &mut self.shares[interpreter as usize];
        (share.had, share.needs, share.behind) = (had, ticks, behind);
        self.line.insert(interpreter, had);
    }
}

impl Cores {
    /// `cores` of which `background` ticks a nanosecond go elsewhere. Where `sliced`, they go round
    /// in slices, and the kernel looked at them for the last time so many nanoseconds ago.
    pub(crate) fn new(
        cores: u32,
        background: u64,
        sliced: Option<Nanos>,
        interpreters: usize,
    ) -> Self {
        Self {
            cores: cores.into(),
            power: u64::from(cores) * TICK - background,
            clock: 0,
            read: 0,
            finishes: Ranking::new(interpreters),
            due: Nanos::MAX,
            changed: false,
            busy: 0,
            rounds: sliced.map(|phase| {
                Box::new(Rounds {
                    line: Ranking::new(interpreters),
                    shares: vec![
                        Share {
                            had: 0,
                            needs: 0,
                            since: 0,
                            behind: u32::MAX
                        };
                        interpreters
                    ]
                    .into(),
                    left: None,
                    phase,
                    look: 0,
                })
            }),
            look: false,
        }
    }

    /// When something happens here next; `Nanos::MAX` if nothing runs. Found once however much has
    /// changed at one instant.
    #[inline]
    pub(crate) fn due(&mut self) -> Nanos {
        if std::mem::take(&mut self.changed) {
            self.fill();
            self.plan();
        }
        self.due
    }

    /// Core time spent until `now`, summed over the cores.
    pub(crate) fn busy(&self, now: Nanos) -> Nanos {
        self.busy + (now - self.read) * self.running().min(self.cores)
    }

    /// How many interpreters run.
    #[inline]
    fn running(&self) -> u64 {
        self.finishes.len() as u64
    }

    /// Whether an interpreter has a segment, running or in line.
    pub(crate) fn runs(&self, interpreter: u32) -> bool {
        let rounds = self.rounds.as_ref();
        self.finishes.has(interpreter) || rounds.is_some_and(|rounds| rounds.line.has(interpreter))
    }

    /// Starts a segment of `ticks` on an interpreter that has none.
    pub(crate) fn start(&mut self, now: Nanos, interpreter: u32, ticks: u64) {
        self.advance(now);
        // Who has left its core just now may go on: it is kept for it.
        if let Some(rounds) = &mut self.rounds
            && rounds.left != Some(interpreter)
        {
            let had = rounds.wake(self.clock, &self.finishes, interpreter);
            if self.finishes.len() as u64 + u64::from(rounds.left.is_some()) >= self.cores {
                return rounds.queue_up(interpreter, had, ticks, u32::MAX);
            }
        }
        self.run(interpreter, ticks);
    }

    /// An interpreter gets a core, or its share of them.
    #[inline]
    fn run(&mut self, interpreter: u32, ticks: u64) {
        self.finishes.insert(interpreter, self.clock + ticks);
        if let Some(rounds) = &mut self.rounds {
            let share = &mut rounds.shares[interpreter as usize];
            share.had = share.had.wrapping_sub(self.clock);
            if rounds.left == Some(interpreter) {
                rounds.left = None;
            } else {
                share.since = self.read;
            }
        }
    }

    /// An interpreter leaves its core; gives the ticks that its segment still needs.
    #[inline]
    fn leave(&mut self, interpreter: u32) -> u64 {
        let finish = self.finishes.remove(interpreter);
        self.left(interpreter);
        finish.map_or(0, |finish| finish.saturating_sub(self.clock))
    }

    /// An interpreter has left its core.
    #[inline]
    fn left(&mut self, interpreter: u32) {
        if let Some(rounds) = &mut self.rounds {
            let share = &mut rounds.shares[interpreter as usize];
            share.had = share.had.wrapping_add(self.clock);
            rounds.left = Some(interpreter);
        }
    }

    /// Who has left its core does not go on: the first in line gets it.
    #[inline]
    fn fill(&mut self) {
        if let Some(rounds) = &mut self.rounds
            && rounds.left.take().is_some()
            && !rounds.line.is_empty()
        {
            self.come_on();
        }
    }

    #[inline(never)]
    fn come_on(&mut self) {
        while self.running() < self.cores
            && let Some(rounds) = &mut self.rounds
            && let Some((_, interpreter)) = rounds.line.pop()
        {
            let ticks = rounds.shares[interpreter as usize].needs;
            self.run(interpreter, ticks);
        }
    }

    /// The kernel's look: who has had more than the first in line, and its core for long enough,
    /// makes room; whoever got its core last goes first. Who had to leave a core waits for that one
    /// alone, as long as who took it is on it.
    fn hand_over(&mut self) {
        while let Some(rounds) = &mut self.rounds
            && let Some((least, next)) = rounds.line.first()
        {
            let behind = rounds.shares[next as usize].behind;
            let kept = self.finishes.all().any(|on| on == behind);
            let Some((_, interpreter)) = self
                .finishes
                .all()
                .map(|on| (&rounds.shares[on as usize], on))
                .filter(|(share, on)| {
                    let had = share.had.wrapping_add(self.clock);
                    self.read - share.since >= SLICE && had > least && (!kept || *on == behind)
                })
                .map(|(share, on)| (share.since, on))
                .max()
            else {
                return;
            };
            let ticks = self.leave(interpreter);
            self.fill();
            if let Some(rounds) = &mut self.rounds {
                let had = rounds.shares[interpreter as usize].had;
                rounds.queue_up(interpreter, had, ticks, next);
            }
        }
    }

    /// Takes an interpreter's segment off its core; gives the ticks it still needs.
    pub(crate) fn stop(&mut self, now: Nanos, interpreter: u32) -> u64 {
        self.advance(now);
        if let Some(rounds) = &mut self.rounds
            && rounds.line.remove(interpreter).is_some()
        {
            return rounds.shares[interpreter as usize].needs;
        }
        self.leave(interpreter)
    }

    /// If an interpreter waits for a core, its segment ends as soon as it has one; gives the ticks that it needed.
    pub(crate) fn cut(&mut self, interpreter: u32) -> Option<u64> {
        let rounds = self.rounds.as_mut()?;
        let waits = rounds.line.has(interpreter);
        waits.then(|| std::mem::take(&mut rounds.shares[interpreter as usize].needs))
    }

    /// Ends the segment that is due and gives its interpreter, or `None` if that was the kernel's
    /// look at who runs.
    pub(crate) fn finish(&mut self) -> Option<u32> {
        self.advance(self.due);
        if self.look {
            self.hand_over();
            return None;
        }
        let (_, interpreter) = self.finishes.pop().expect("a segment is due");
        self.left(interpreter);
        Some(interpreter)
    }

    /// The clock moves on to `now`, when the running segments change.
    fn advance(&mut self, now: Nanos) {
        self.changed = true;
        let elapsed = now - self.read;
        if elapsed == 0 {
            return;
        }
        self.read = now;
        self.busy += elapsed * self.running().min(self.cores);
        if self.running() * TICK <= self.power {
            if self.running() > 0 {
                self.clock += elapsed * TICK;
            }
        } else {
            self.clock += scale(elapsed, self.power, self.running(), 0);
        }
    }

    /// Finds when the next segment ends, after the running ones have changed.
    fn plan(&mut self) {
        self.look = false;
        if let Some((finish, _)) = self.finishes.first() {
            let left = finish.saturating_sub(self.clock);
            let wait = if self.running() * TICK <= self.power {
                left.div_ceil(TICK)
            } else {
                scale(left, self.running(), self.power, self.power - 1)
            };
            self.due = self.read + wait;
            if let Some(rounds) = &mut self.rounds
                && !rounds.line.is_empty()
            {
                if rounds.look <= self.read {
                    rounds.look = ((self.read + rounds.phase) / LOOK + 1) * LOOK - rounds.phase;
                }
                self.look = rounds.look < self.due;
                self.due = self.due.min(rounds.look);
            }
            return;
        }
        // Nothing runs: start the clock afresh, free of fractions.
        self.clock = 0;
        self.due = Nanos::MAX;
    }
}

/// `(value * factor + plus) / divisor` without overflow on the way.
fn scale(value: u64, factor: u64, divisor: u64, plus: u64) -> u64 {
    // Factors are the power of 256 cores, or segments: one a request at most, less than 2^24.
    // One division is what most need.
    if value < 1 << 39 {
        return (value * factor + plus) / divisor;
    }
    value / divisor * factor + (value % divisor * factor + plus) / divisor
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs everything to its end; gives (time, interpreter) of each completion.
    fn drain(cores: &mut Cores) -> Vec<(Nanos, u32)> {
        std::iter::from_fn(|| {
            let due = cores.due();
            (due != Nanos::MAX).then(|| (due, cores.finish().expect("nothing goes round")))
        })
        .collect()
    }

    /// When an interpreter's segment is done.
    fn end_of(cores: &mut Cores, interpreter: u32) -> Nanos {
        loop {
            let due = cores.due();
            if cores.finish() == Some(interpreter) {
                return due;
            }
        }
    }

    #[test]
    fn three_equal_segments_share_two_cores_exactly() {
        let mut cores = Cores::new(2, 0, None, 3);
        (0..3).for_each(|i| cores.start(0, i, 100 * TICK));
        assert_eq!(drain(&mut cores), [(150, 0), (150, 1), (150, 2)]);
        assert_eq!(cores.busy(cores.read), 300);
    }

    #[test]
    fn a_late_comer_slows_the_others_from_then_on() {
        let mut cores = Cores::new(1, 0, None, 2);
        cores.start(0, 0, 100 * TICK);
        cores.start(50, 1, 100 * TICK);
        // 50 left each at a half: 0 ends at 150, when 1 has 50 left and the core to itself.
        assert_eq!(drain(&mut cores), [(150, 0), (200, 1)]);
        assert_eq!(cores.busy(cores.read), 200);
    }

    #[test]
    fn a_stopped_segment_resumes_where_it_was() {
        let mut cores = Cores::new(4, 0, None, 2);
        cores.start(10, 0, 100 * TICK);
        assert_eq!(cores.stop(40, 0), 70 * TICK);
        assert_eq!(cores.due(), Nanos::MAX);
        cores.start(60, 1, 5 * TICK);
        cores.start(60, 0, 70 * TICK);
        assert_eq!(drain(&mut cores), [(65, 1), (130, 0)]);
    }

    #[test]
    fn shares_that_do_not_divide_end_on_the_next_nanosecond() {
        let mut cores = Cores::new(3, 0, None, 7);
        (0..7).for_each(|i| cores.start(0, i, TICK));
        // 7/3 ns each, all at once.
        assert!(drain(&mut cores).iter().all(|&(at, _)| at == 3));
    }

    #[test]
    fn who_had_to_leave_a_core_waits_for_that_one() {
        // Three of 10 ms each on two cores, looked at every 4 ms: the third takes the second's core, and
        // the first keeps its own to the end, when the second gets it.
        let mut cores = Cores::new(2, 0, Some(0), 3);
        (0..3).for_each(|i| cores.start(0, i, 10_000_000 * TICK));
        let mut ends = Vec::new();
        while cores.due() != Nanos::MAX {
            let due = cores.due();
            if let Some(interpreter) = cores.finish() {
                ends.push((due / 1_000_000, interpreter));
            }
        }
        assert_eq!(ends, [(10, 0), (14, 2), (16, 1)]);
    }

    #[test]
    fn who_slept_owes_little_when_it_wakes() {
        // It computed for 10 ms while nobody else wanted the core, and slept. When it wakes, who has run for 1 ms
        // since makes room after 4 more, at the kernel's next look.
        let mut cores = Cores::new(1, 0, Some(0), 2);
        cores.start(0, 0, 10_000_000 * TICK);
        assert_eq!((cores.due(), cores.finish()), (10_000_000, Some(0)));
        cores.due();
        cores.start(20_000_000, 1, 10_000_000 * TICK);
        cores.due();
        cores.start(21_000_000, 0, 1_000_000 * TICK);
        assert_eq!((cores.due(), cores.finish()), (24_000_000, None));
        assert_eq!((cores.due(), cores.finish()), (28_000_000, None));
        assert_eq!((cores.due(), cores.finish()), (29_000_000, Some(0)));
    }

    #[test]
    fn who_slept_owes_little_where_others_wait_too() {
        // The core was idle before the two others came.
        let mut cores = Cores::new(1, 0, Some(0), 3);
        cores.start(0, 0, 1_000_000_000 * TICK);
        assert_eq!((cores.due(), cores.finish()), (1_000_000_000, Some(0)));
        cores.due();
        (1..3).for_each(|i| cores.start(1_100_000_000, i, 3_000_000_000 * TICK));
        cores.start(1_110_000_000, 0, 1_000_000 * TICK);
        let end = end_of(&mut cores, 0);
        assert!(end < 1_140_000_000, "{end}");
    }

    #[test]
    fn who_gets_a_core_at_once_is_not_ahead_of_those_that_run() {
        // One computes for 30 ms, then three others want two cores for 40 ms each: when it wakes up after 1 ms it goes
        // round with them, and does not wait until each of them has had as much as it has.
        let mut cores = Cores::new(2, 0, Some(0), 4);
        cores.start(0, 0, 30_000_000 * TICK);
        (1..4).for_each(|i| cores.start(29_000_000, i, 40_000_000 * TICK));
        assert_eq!((cores.due(), cores.finish()), (30_000_000, Some(0)));
        cores.due();
        cores.start(31_000_000, 0, 5_000_000 * TICK);
        let end = end_of(&mut cores, 0);
        assert!(end < 45_000_000, "{end}");
    }

    #[test]
    fn a_segment_cut_while_it_waits_ends_when_it_gets_a_core() {
        let mut cores = Cores::new(1, 0, Some(0), 2);
        cores.start(0, 0, 3_000_000 * TICK);
        cores.start(0, 1, 5_000_000 * TICK);
        assert_eq!((cores.cut(0), cores.cut(1)), (None, Some(5_000_000 * TICK)));
        assert_eq!((cores.due(), cores.finish()), (3_000_000, Some(0)));
        cores.due();
        assert_eq!((cores.due(), cores.finish()), (3_000_000, Some(1)));
    }

    #[test]
    fn the_longest_segments_do_not_overflow() {
        let mut cores = Cores::new(255, 0, None, 256);
        let ticks = 60_000_000_000 * 1_000_000 * TICK;
        (0..256).for_each(|i| cores.start(0, i, ticks));
        assert_eq!(drain(&mut cores)[255].0, (ticks / TICK * 256).div_ceil(255));
    }
}
