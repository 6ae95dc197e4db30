//! Runs as Chrome Trace Event JSON, which Perfetto and chrome://tracing open.
//!
//! Each process is one of theirs, and each lane a thread: a slice a request, and in it a slice a state.
//! Where a thread interleaves requests, each row of tasks is a thread, since the slices of one
//! thread have to nest. Time in a queue is an asynchronous slice.
//! <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>

use super::{exact, put};
use crate::chart::{By, Rows};
use crate::simulation::{NEVER, Nanos, Outcome, Run, State};

/// Nanoseconds in a microsecond, the format's unit.
const US: Nanos = 1000;

/// Everything that the runs did, each under its system's name.
pub fn trace(runs: &mut dyn Iterator<Item = (&'static str, &Run)>) -> String {
    let mut out = String::from("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
    let mut first_process = 1;
    for (system, run) in runs {
        first_process += one(&mut out, system, run, first_process);
    }
    if out.ends_with(',') {
        out.pop();
    }
    out + "]}"
}

/// Writes one run whose first process gets the number `first`; how many numbers it has used.
fn one(out: &mut String, system: &str, run: &Run, first: u32) -> u32 {
    let by = By::lanes_of(run);
    let rows = Rows::new(run, if by == By::Lane { By::Lane } else { By::Task });
    let processes = run.lanes.last().map_or(0, |lane| lane.process + 1);
    // The queue is nobody's: a process of its own before the others.
    name(out, "process_name", first, 0, &format!("{system}: in line"));
    for process in 0..processes {
        let words = format!("{system}: process {}", process + 1);
        name(out, "process_name", first + 1 + process, 0, &words);
    }
    let mut named = vec![false; rows.count as usize];
    let mut thread = |out: &mut String, (process, row): (u32, u32)| {
        if !std::mem::replace(&mut named[row as usize], true) {
            let words = rows.name(run, row, 0);
            name(out, "thread_name", process, row, &words);
        }
    };
    // Where each request is handled: a process and a row.
    let place = |number: u32| {
        let lane = run.requests[number as usize].lane;
        let row = match by {
            By::Lane => lane,
            _ => rows.of_request(number)?,
        };
        let at = run.lanes.get(lane as usize)?;
        Some((first + 1 + at.process, row))
    };
    for (number, request) in (0..).zip(&run.requests) {
        let queued = request.admitted.min(request.end);
        if queued > request.arrival {
            for (phase, t) in [("b", request.arrival), ("e", queued)] {
                put(
                    out,
                    format_args!(
                        "{{\"ph\":\"{phase}\",\"cat\":\"queue\",\"id\":{number},\"pid\":{first},\"tid\":0,\
                         \"name\":\"request {}\",\"ts\":",
                        number + 1
                    ),
                );
                exact(out, t, US);
                out.push_str("},");
            }
        }
        if request.admitted == NEVER {
            continue;
        }
        let Some(place) = place(number) else {
            continue;
        };
        thread(out, place);
        let words = match request.outcome {
            Outcome::Answered => format!("request {}", number + 1),
            _ => format!("request {}, failed", number + 1),
        };
        slice(out, place, &words, request.admitted, request.left);
    }
    for span in &run.spans {
        let words = match span.state {
            State::Ready => "waiting for the interpreter",
            State::Running => "running on CPU",
            State::Connection => "waiting for a connection",
            State::Io => "waiting for I/O",
        };
        if let Some(place) = place(span.request) {
            slice(out, place, words, span.start, span.end);
        }
    }
    processes + 1
}

fn slice(out: &mut String, (pid, tid): (u32, u32), name: &str, from: Nanos, to: Nanos) {
    put(
        out,
        format_args!("{{\"ph\":\"X\",\"pid\":{pid},\"tid\":{tid},\"name\":\"{name}\",\"ts\":"),
    );
    exact(out, from, US);
    out.push_str(",\"dur\":");
    exact(out, to.saturating_sub(from), US);
    out.push_str("},");
}

fn name(out: &mut String, what: &str, pid: u32, tid: u32, name: &str) {
    put(
        out,
        format_args!(
            "{{\"ph\":\"M\",\"pid\":{pid},\"tid\":{tid},\"name\":\"{what}\",\"args\":{{\"name\":\"{name}\"}}}},"
        ),
    );
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::scenario::Scenario;
    use crate::simulation::run;

    fn events(json: &str) -> (Run, Vec<Value>) {
        let run = run(&Scenario::from_json(json).expect("a scenario"));
        let text = trace(&mut [("it", &run)].into_iter());
        let file: Value = serde_json::from_str(&text).expect("the file is JSON");
        let events = file["traceEvents"].as_array().expect("a list").clone();
        (run, events)
    }

    const SCENARIOS: [&str; 4] = [
        r#"{"system": {"kind": "gunicorn", "workers": 2, "threads": 3}, "workload": {"requests": 60, "cpu_ms": 4}}"#,
        r#"{"system": {"kind": "event_loop", "loops": 2}, "workload": {"requests": 60, "cpu_ms": 1, "pool_size": 5}}"#,
        r#"{"system": {"kind": "executor"}, "workload": {"requests": 60, "client_timeout_ms": 150}}"#,
        r#"{"system": {"kind": "gunicorn", "worker_class": "gevent"}, "workload": {"requests": 60, "io_calls": 3, "cpu_ms": 1}}"#,
    ];

    #[test]
    fn every_event_has_its_fields_and_every_state_is_there() {
        for scenario in SCENARIOS {
            let (run, events) = events(scenario);
            for event in &events {
                for key in ["ph", "pid", "tid", "name"] {
                    assert!(!event[key].is_null(), "{key} is missing: {event}");
                }
                let timed = event["ph"] != "M";
                assert_eq!(event["ts"].is_number(), timed, "{event}");
                assert_eq!(event["dur"].is_number(), event["ph"] == "X", "{event}");
            }
            let slices = events.iter().filter(|e| e["ph"] == "X").count();
            assert_eq!(slices, run.spans.len() + run.requests.len());
        }
    }

    #[test]
    fn slices_of_a_thread_nest() {
        for scenario in SCENARIOS {
            let (_, events) = events(scenario);
            let mut threads: BTreeMap<(u64, u64), Vec<(f64, f64)>> = BTreeMap::new();
            for event in events.iter().filter(|e| e["ph"] == "X") {
                let number = |key: &str| event[key].as_f64().expect("a number");
                let thread = (number("pid") as u64, number("tid") as u64);
                let slice = (number("ts"), number("ts") + number("dur"));
                threads.entry(thread).or_default().push(slice);
            }
            for (thread, mut slices) in threads {
                slices.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
                let mut open: Vec<f64> = Vec::new();
                for (from, to) in slices {
                    while open.last().is_some_and(|end| *end <= from + 1e-6) {
                        open.pop();
                    }
                    let fits = open.last().is_none_or(|end| to <= end + 1e-6);
                    assert!(fits, "{thread:?}: {from} to {to} in {open:?}");
                    open.push(to);
                }
            }
        }
    }

    #[test]
    fn time_in_line_is_begun_and_ended() {
        let (run, events) = events(SCENARIOS[0]);
        let of = |phase: &str| events.iter().filter(|e| e["ph"] == phase).count();
        let waited = run
            .requests
            .iter()
            .filter(|r| r.admitted > r.arrival)
            .count();
        assert_eq!((of("b"), of("e")), (waited, waited));
    }
}
