//! The numbers of a run, under the names that the page, the JavaScript API and the tests share.

use serde::Serialize;

use super::engine::Outcome;
use super::plan::Plan;
use super::quantiles::{Quantiles, millis};

/// What a run came to. Field names are public: they are the keys of the JavaScript API's answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// From the first arrival's clock zero to the last answer, in milliseconds.
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
    /// The most requests whose handler had started and not ended.
    pub peak_in_flight: u32,
    /// Busy core time over cores x makespan, 0 to 1.
    pub cpu_utilisation: f64,
    /// Resident memory in megabytes at the peak, estimated.
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
    /// Sums up a run on a machine of `cores`.
    pub(crate) fn new(plan: Plan, cores: u32, outcome: &Outcome) -> Self {
        let requests = &outcome.requests;
        let completed = requests.len() as u32;
        let makespan = requests.iter().map(|r| r.end).max().unwrap_or(0);
        let per = |amount: f64, of: f64| if of > 0.0 { amount / of } else { 0.0 };
        let mut durations: Vec<_> = requests.iter().map(|r| r.end - r.arrival).collect();
        let latency_ms = Quantiles::of(&mut durations);
        durations.clear();
        durations.extend(requests.iter().map(|r| r.start - r.arrival));
        let wait_ms = Quantiles::of(&mut durations);
        let threads = match plan.threads {
            Some(threads) => plan.processes * threads,
            None => 0,
        };
        Self {
            makespan_ms: millis(makespan),
            completed,
            failed: Failed::default(),
            throughput_rps: per(f64::from(completed), makespan as f64 / 1e9),
            latency_ms,
            wait_ms,
            peak_in_flight: outcome.peak_in_flight,
            cpu_utilisation: per(outcome.busy as f64, f64::from(cores) * makespan as f64),
            memory_mb: plan.footprint.megabytes(
                plan.processes,
                threads.min(outcome.peak_in_hand.max(plan.processes)),
                outcome.peak_in_hand,
            ),
            context_switches: outcome.context_switches,
            notes: plan.notes,
        }
    }
}
