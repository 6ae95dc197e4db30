//! The report's numbers by name: how each is called, read and written for the reader.

use super::stage::Runs;
use crate::simulation::{Quantiles, Report};
use crate::widgets::html;
use crate::words::{fixed, grouped, milliseconds};

/// One number of a report.
pub struct Metric {
    /// Its path in the report, such as `latency_ms.p95`.
    pub name: &'static str,
    pub label: &'static str,
    read: fn(&Report) -> f64,
    write: fn(f64) -> String,
}

macro_rules! quantiles {
    ($group:ident, $word:literal) => {
        [
            quantiles!($group, $word, mean, "mean"),
            quantiles!($group, $word, p50, "p50"),
            quantiles!($group, $word, p90, "p90"),
            quantiles!($group, $word, p95, "p95"),
            quantiles!($group, $word, p99, "p99"),
            quantiles!($group, $word, max, "max"),
        ]
    };
    ($group:ident, $word:literal, $quantile:ident, $name:literal) => {
        Metric {
            name: concat!(stringify!($group), ".", $name),
            label: concat!($word, $name),
            read: |report| {
                let quantiles: &Quantiles = &report.$group;
                quantiles.$quantile
            },
            write: milliseconds,
        }
    };
}

macro_rules! failed {
    ($cause:ident, $label:literal) => {
        Metric {
            name: concat!("failed.", stringify!($cause)),
            label: $label,
            read: |report| f64::from(report.failed.$cause),
            write: grouped,
        }
    };
}

static LATENCY: [Metric; 6] = quantiles!(latency_ms, "Latency, ");
static WAIT: [Metric; 6] = quantiles!(wait_ms, "Wait, ");
static TOTALS: [Metric; 11] = [
    Metric {
        name: "makespan_ms",
        label: "Done after",
        read: |r| r.makespan_ms,
        write: milliseconds,
    },
    Metric {
        name: "throughput_rps",
        label: "Throughput",
        read: |r| r.throughput_rps,
        write: |x| format!("{}/s", grouped(x)),
    },
    Metric {
        name: "completed",
        label: "Answered",
        read: |r| f64::from(r.completed),
        write: grouped,
    },
    failed!(client_timeout, "Client gave up"),
    failed!(worker_timeout, "Lost to a worker timeout"),
    failed!(refused, "Refused"),
    failed!(crashed, "Lost in a crash"),
    Metric {
        name: "peak_in_flight",
        label: "Most in flight",
        read: |r| f64::from(r.peak_in_flight),
        write: grouped,
    },
    Metric {
        name: "cpu_utilisation",
        label: "CPU utilisation",
        read: |r| r.cpu_utilisation,
        write: |x| format!("{}\u{a0}%", fixed(x * 100.0, 0)),
    },
    Metric {
        name: "memory_mb",
        label: "Memory, estimated",
        read: |r| r.memory_mb,
        write: mebibytes,
    },
    Metric {
        name: "context_switches",
        label: "Switches between requests",
        read: |r| r.context_switches as f64,
        write: grouped,
    },
];

/// The metric called `name`.
pub fn metric(name: &str) -> Option<&'static Metric> {
    [&TOTALS[..], &LATENCY, &WAIT]
        .into_iter()
        .flatten()
        .find(|metric| metric.name == name)
}

impl Metric {
    /// Such a number as the reader sees it.
    #[cfg_attr(
        feature = "ssr",
        expect(dead_code, reason = "repeats run in the browser")
    )]
    pub fn words(&self, x: f64) -> String {
        (self.write)(x)
    }

    /// The number as the report has it, and as the reader sees it.
    pub fn of(&self, report: &Report) -> (f64, String) {
        let raw = (self.read)(report);
        // No answer has no time.
        let words = match report.completed {
            0 if self.name.as_bytes().windows(3).any(|part| part == b"_ms") => {
                "\u{2013}".to_owned()
            }
            _ => (self.write)(raw),
        };
        (raw, words)
    }
}

/// Memory in words.
pub fn mebibytes(x: f64) -> String {
    fixed(x, 0) + "\u{a0}MiB"
}

/// A headline number of a figure's case, as HTML.
pub fn number(runs: &Runs, case: usize, name: &str) -> String {
    let (case, run) = runs.at(case);
    metric(name).map_or_else(String::new, |metric| {
        html::number(name, case.id, metric.of(&run.report))
    })
}
