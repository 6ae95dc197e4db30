//! Runs in words: one request's story, a moment, a stretch.

use std::fmt::Write;

use crate::chart::Rows;
use crate::simulation::{NEVER, Nanos, Outcome, Run, State};
use crate::words::{duration, fixed, grouped, milliseconds};

/// A title, and pairs of words under it.
pub type Told = (String, Vec<(&'static str, String)>);

/// One request from its arrival to its end, where its time went.
pub fn story(run: &Run, request: u32) -> Told {
    let Some(r) = run.requests.get(request as usize) else {
        return (String::new(), Vec::new());
    };
    let several = run.lanes.last().is_some_and(|lane| lane.process > 0);
    let mut title = format!("Request {}", request + 1);
    if let Some(lane) = run.lanes.get(r.lane as usize) {
        if several {
            let _ = write!(title, ", process {}", lane.process + 1);
        }
        if let Some(thread) = lane.thread {
            let _ = write!(title, ", thread {}", thread + 1);
        }
    }
    let mut spent = [0; 4];
    for span in run.story(request) {
        spent[span.state as usize] += span.end - span.start;
    }
    let queued = r.admitted.min(r.end) - r.arrival;
    let end = match r.outcome {
        Outcome::Answered => "answered at",
        Outcome::ClientTimeout => "client gave up at",
        Outcome::WorkerTimeout => "worker timed out at",
        Outcome::Refused => "refused at",
        Outcome::Crashed => "lost in a crash at",
    };
    let rows = [
        ("arrived at", r.arrival, true),
        ("in line", queued, queued > 0),
        ("for the GIL or loop", spent[State::Ready as usize], false),
        ("on CPU", spent[State::Running as usize], false),
        ("for a connection", spent[State::Connection as usize], false),
        ("for I/O", spent[State::Io as usize], false),
        (end, r.end, true),
        ("in all", r.end - r.arrival, true),
    ];
    let told = rows.into_iter().filter(|(_, t, always)| *always || *t > 0);
    (
        title,
        told.map(|(words, t, _)| (words, duration(t))).collect(),
    )
}

/// What goes on at `t`.
pub fn moment(run: &Run, t: Nanos) -> Told {
    let now = run.at(t);
    let of = |state: State| now.in_hand.iter().filter(|one| one.state == state).count() as f64;
    let rows = [
        ("in line", f64::from(now.queued)),
        ("for the GIL or loop", of(State::Ready)),
        ("on CPU", of(State::Running)),
        ("for a connection", of(State::Connection)),
        ("for I/O", of(State::Io)),
        ("done", f64::from(now.done)),
    ];
    let told = rows.into_iter().filter(|(_, count)| *count > 0.0);
    let told = told.map(|(words, count)| (words, grouped(count)));
    (format!("At {}", duration(t)), told.collect())
}

/// How many requests were answered within `t`.
pub fn within(run: &Run, t: Nanos) -> Told {
    let answered = || {
        run.requests
            .iter()
            .filter(|r| r.outcome == Outcome::Answered)
    };
    let faster = answered().filter(|r| r.end - r.arrival <= t).count() as f64;
    let share = 100.0 * faster / answered().count().max(1) as f64;
    let rows = vec![
        ("requests", grouped(faster)),
        ("of those answered", format!("{}\u{a0}%", fixed(share, 1))),
    ];
    (format!("Within {}", duration(t)), rows)
}

/// What happened between two moments.
pub fn stretch(run: &Run, from: Nanos, to: Nanos) -> Told {
    let it = run.between(from, to);
    // Where nothing was answered there is none.
    let latency = |ms| match it.answered {
        0 => "\u{2013}".to_owned(),
        _ => milliseconds(ms),
    };
    let rows = vec![
        ("arrived", grouped(f64::from(it.arrived))),
        ("answered", grouped(f64::from(it.answered))),
        ("throughput", format!("{}/s", fixed(it.throughput_rps, 1))),
        ("p50", latency(it.latency_ms.p50)),
        ("p95", latency(it.latency_ms.p95)),
        ("p99", latency(it.latency_ms.p99)),
        ("in flight, mean", fixed(it.mean_in_flight, 1)),
    ];
    (format!("{} to {}", duration(from), duration(to)), rows)
}

/// The requests on a stretch of time as a table's rows, the first `most` of them, and how many there are.
pub fn table(run: &Run, rows: &Rows, from: Nanos, to: Nanos, most: usize) -> (String, usize) {
    let first = run.first_open(from);
    let last = run.requests.partition_point(|r| r.arrival <= to);
    let there = (first..last).filter(|i| run.requests[*i].end >= from);
    let count = there.clone().count();
    let mut out = String::new();
    for i in there.take(most) {
        let r = &run.requests[i];
        let start = if r.start == NEVER {
            "never".to_owned()
        } else {
            duration(r.start)
        };
        let lane = match run.lanes.get(r.lane as usize) {
            Some(_) => rows.name(run, r.lane, 0),
            None => "none".to_owned(),
        };
        let outcome = match r.outcome {
            Outcome::Answered => "answered",
            _ => "failed",
        };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{start}</td><td>{}</td><td>{}</td><td>{lane}</td><td>{outcome}</td></tr>",
            i + 1,
            duration(r.arrival),
            duration(r.end),
            duration(r.end - r.arrival),
        );
    }
    (out, count)
}
