//! The numbers of a run, under the names that the page, the JavaScript API and the tests share.

use serde::Serialize;

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
    /// Hand-overs of an interpreter or a core from one request to another.
    pub context_switches: u64,
    /// What the reader should know about this run, in sentences.
    pub notes: Vec<String>,
}

/// Requests that got no answer, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failed {
    pub client_timeout: u32,
    pub worker_timeout: u32,
    pub refused: u32,
    pub crashed: u32,
}

/// A distribution in milliseconds. Quantiles are nearest rank: the value at index
/// `ceil(q * n) - 1` of the sorted values; all are 0 where nothing completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}
