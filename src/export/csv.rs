//! Requests as CSV, a line each, in the order of their arrival.

use super::{exact, put};
use crate::simulation::{NEVER, Nanos, Outcome, Run};

const HEAD: &str = "system,request,outcome,process,thread,arrival_ms,admitted_ms,start_ms,end_ms,\
                    wait_ms,latency_ms\n";

/// Nanoseconds in a millisecond.
const MS: Nanos = 1_000_000;

/// The requests of each run under its system's name. Times are exact; what never happened is empty.
pub fn csv(runs: &mut dyn Iterator<Item = (&'static str, &Run)>) -> String {
    let mut out = HEAD.to_owned();
    for (system, run) in runs {
        for (number, request) in (1..).zip(&run.requests) {
            let lane = run.lanes.get(request.lane as usize);
            let outcome = match request.outcome {
                Outcome::Answered => "answered",
                Outcome::ClientTimeout => "client_timeout",
                Outcome::WorkerTimeout => "worker_timeout",
                Outcome::Refused => "refused",
                Outcome::Crashed => "crashed",
            };
            put(&mut out, format_args!("{system},{number},{outcome},"));
            if let Some(lane) = lane {
                put(&mut out, format_args!("{}", lane.process + 1));
            }
            out.push(',');
            if let Some(thread) = lane.and_then(|lane| lane.thread) {
                put(&mut out, format_args!("{}", thread + 1));
            }
            let started = request.start != NEVER;
            let wait = if started {
                request.start - request.arrival
            } else {
                NEVER
            };
            let times = [
                request.arrival,
                request.admitted,
                request.start,
                request.end,
                wait,
                request.end - request.arrival,
            ];
            for t in times {
                out.push(',');
                if t != NEVER {
                    exact(&mut out, t, MS);
                }
            }
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::simulation::{Quantiles, run};

    fn runs_of(json: &str) -> Run {
        run(&Scenario::from_json(json).expect("a scenario"))
    }

    /// What the file says, read back: each answered request's latency and wait, and the last end, in
    /// nanoseconds.
    fn read(text: &str) -> (Vec<Nanos>, Vec<Nanos>, Nanos) {
        let mut lines = text.lines();
        let head: Vec<_> = lines.next().expect("a head").split(',').collect();
        let column = |name: &str| head.iter().position(|h| *h == name).expect("a column");
        let ns = |text: &str| (text.parse::<f64>().expect("a number") * 1e6).round() as Nanos;
        let (mut latencies, mut waits, mut end) = (Vec::new(), Vec::new(), 0);
        for line in lines {
            let cells: Vec<_> = line.split(',').collect();
            assert_eq!(cells.len(), head.len(), "{line}");
            end = end.max(ns(cells[column("end_ms")]));
            if cells[column("outcome")] == "answered" {
                latencies.push(ns(cells[column("latency_ms")]));
                waits.push(ns(cells[column("wait_ms")]));
            }
        }
        (latencies, waits, end)
    }

    #[test]
    fn the_file_read_again_gives_the_runs_report() {
        for json in [
            r#"{"system": {"kind": "gunicorn", "workers": 4, "threads": 2},
                "workload": {"cpu_ms": 3, "spread": "lognormal", "arrivals": {"kind": "poisson", "rate_per_s": 60}},
                "fidelity": "calibrated"}"#,
            r#"{"system": {"kind": "event_loop"}, "workload": {"requests": 300, "pool_size": 10, "client_timeout_ms": 900}}"#,
            r#"{"system": {"kind": "gunicorn", "workers": 2, "backlog": 5}, "workload": {"requests": 100, "io_ms": 900}}"#,
        ] {
            let run = runs_of(json);
            let text = csv(&mut [("it", &run)].into_iter());
            let (mut latencies, mut waits, end) = read(&text);
            assert_eq!(text.lines().count(), run.requests.len() + 1);
            assert_eq!(latencies.len() as u32, run.report.completed);
            assert_eq!(Quantiles::of(&mut latencies), run.report.latency_ms);
            assert_eq!(Quantiles::of(&mut waits), run.report.wait_ms);
            assert_eq!(end as f64 / 1e6, run.report.makespan_ms);
        }
    }
}
