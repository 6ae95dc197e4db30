//! The simulator: a discrete-event engine, the systems it models, traces and reports.

mod report;
mod trace;

pub use report::{Failed, Quantiles, Report};
pub use trace::{Lane, Nanos, Request, Span, State};

/// One simulated run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Every request, in order of arrival.
    pub requests: Vec<Request>,
    /// Everything requests did, in order of each span's end.
    pub spans: Vec<Span>,
    /// Where requests were handled.
    pub lanes: Vec<Lane>,
    pub report: Report,
}
