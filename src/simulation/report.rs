//! The numbers of a run, under the names that the page, the JavaScript API and the tests share.

use serde::Serialize;

use super::engine::Trail;
use super::plan::{Death, Plan};
use super::quantiles::{Quantiles, millis};
use super::trace::{Nanos, Outcome};

/// What a run came to. Field names are public: they are the keys of the JavaScript API's answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// From the first arrival's clock zero to the last answer or failure, in milliseconds.
    pub makespan_ms: f64,
    /// Requests answered.
    pub completed: u32,
    pub failed: Failed,
    /// Completed requests per second of makespan.
    pub throughput_rps: f64,
    /// From arrival to answer, in milliseconds.
    pub latency_ms: Quantiles,
    /// From arrival to the handler's first instruction, in milliseconds.
    pub wait_ms: Quantiles,
    /// The most requests whose handler had started and not ended, for any time at all.
    pub peak_in_flight: u32,
    /// Busy core time over cores x makespan, 0 to 1.
    pub cpu_utilisation: f64,
    /// Resident memory in megabytes of 2^20 bytes at the peak, estimated.
    pub memory_mb: f64,
    /// Hand-overs of an interpreter (a GIL, a loop, a free thread) from one request to another.
    pub context_switches: u64,
    /// What the reader should know about this run, in sentences.
    pub notes: Vec<String>,
}

/// Requests that got no answer, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// The client gave up.
    pub client_timeout: u32,
    /// The server killed the worker for its silence.
    pub worker_timeout: u32,
    /// The backlog was full.
    pub refused: u32,
    /// The worker died.
    pub crashed: u32,
}

impl Report {
    /// Sums up a run on a machine of `cores` that was over at `makespan`.
    pub(crate) fn new(plan: Plan, cores: u32, makespan: Nanos, trail: &Trail) -> Self {
        let requests = &trail.requests;
        let per = |amount: f64, of: f64| if of > 0.0 { amount / of } else { 0.0 };
        let mut durations = Vec::with_capacity(requests.len());
        let mut failed = Failed::default();
        for request in requests {
            match request.outcome {
                Outcome::Answered => durations.push(request.end - request.arrival),
                outcome => failed.count(outcome),
            }
        }
        let completed = durations.len() as u32;
        let latency_ms = Quantiles::of(&mut durations);
        durations.clear();
        let answered = requests.iter().filter(|r| r.outcome == Outcome::Answered);
        durations.extend(answered.map(|r| r.start - r.arrival));
        let wait_ms = Quantiles::of(&mut durations);
        let threads = match plan.threads {
            Some(threads) => plan.processes * threads,
            None => 0,
        };
        let memory_mb = plan.footprint.megabytes(
            plan.processes,
            threads.min(trail.peak_in_hand.max(plan.processes)),
            trail.peak_in_hand,
        );
        let mut notes = plan.notes;
        if let Death::Final(_, why) = plan.death
            && !trail.deaths.is_empty()
        {
            notes.push(why.into());
        }
        if trail.turned_away > 0 {
            notes.push(format!(
                "{} connections found the backlog of {} full and were tried again, ever more rarely",
                trail.turned_away, plan.backlog
            ));
        }
        Self {
            makespan_ms: millis(makespan),
            completed,
            failed,
            throughput_rps: per(f64::from(completed), makespan as f64 / 1e9),
            latency_ms,
            wait_ms,
            peak_in_flight: trail.peak_in_flight,
            cpu_utilisation: per(trail.busy as f64, f64::from(cores) * makespan as f64),
            memory_mb,
            context_switches: trail.context_switches,
            notes,
        }
    }
}

impl Failed {
    /// Those of every cause.
    pub fn all(&self) -> u32 {
        self.client_timeout + self.worker_timeout + self.refused + self.crashed
    }

    fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Answered => return,
            Outcome::ClientTimeout => &mut self.client_timeout,
            Outcome::WorkerTimeout => &mut self.worker_timeout,
            Outcome::Refused => &mut self.refused,
            Outcome::Crashed => &mut self.crashed,
        } += 1;
    }
}
