//! Who gets the connections: calibrated runs against `content/measured/shares.json`, `shares-closed.json` and `turns.json` for
//! `gthread` workers, and against the records of bursts for any.

use concurrency_explained::scenario::{Arrivals, Fidelity, Scenario};
use concurrency_explained::simulation::{Nanos, Run, Span, State, run};
use serde_json::Value;

use super::support::*;

const OPEN: &str = include_str!("../../../content/measured/shares.json");
const TURNS: &str = include_str!("../../../content/measured/turns.json");
const CLOSED: &str = include_str!("../../../content/measured/shares-closed.json");

/// Bursts that are over before many workers have had a turn.
const SHORT: [&str; 6] = [
    include_str!("../../../content/measured/cases/burst-asgi-2-80.json"),
    include_str!("../../../content/measured/cases/burst-asgi-4-200.json"),
    include_str!("../../../content/measured/cases/burst-gevent-2-80.json"),
    include_str!("../../../content/measured/cases/burst-gevent-3-240.json"),
    include_str!("../../../content/measured/cases/burst-gthread-2x2-16.json"),
    include_str!("../../../content/measured/cases/burst-gthread-4x2-16.json"),
];

const SEEDS: u64 = 40;

/// How much a share may be off beside chance.
const NEAR: f64 = 0.03;

/// The same in a closed loop.
const NEAR_CLOSED: f64 = 0.01;

/// How much the busiest worker's share of a short burst may be off, on average, chance included.
const NEAR_SHORT: f64 = 0.1;

/// Where it is off by more there: of three hubs one had 0.59.
const SHORT_MISSES: [&str; 1] = ["burst-gevent-3-240: 0.42"];

/// Where it is off by more in a closed loop: three workers share more evenly.
const CLOSED_MISSES: [&str; 1] = ["3 at 12 clients, 100 ms, woken as number 3"];

/// Where it is off by more: with few workers at 150 a second, where the first to wake gets less, and the second more.
const MISSES: [&str; 4] = [
    "2 at 150/s, woken as number 1",
    "2 at 150/s, woken as number 2",
    "3 at 150/s, woken as number 2",
    "4 at 150/s, woken as number 2",
];

/// How many requests each worker gets of those that arrive at `from` of the run or later, calibrated, over so many seeds.
fn handled(
    mut scenario: Scenario,
    workers: usize,
    from: impl Fn(&Run) -> Nanos,
    seeds: u64,
) -> Vec<u32> {
    scenario.fidelity = Fidelity::Calibrated;
    let mut counts = vec![0; workers];
    for seed in 1..=seeds {
        scenario.seed = seed;
        let run = run(&scenario);
        count(&run, from(&run), &mut counts);
    }
    counts
}

/// Adds the requests of a run that arrive at `from` or later to their workers' `counts`.
fn count(run: &Run, from: Nanos, counts: &mut [u32]) {
    for request in run.requests.iter().filter(|r| r.arrival >= from) {
        counts[run.lanes[request.lane as usize].process as usize] += 1;
    }
}

/// The share of each worker, the one that is woken first at the head: the last one.
fn simulated(scenario: Scenario, workers: usize) -> Vec<f64> {
    // In a closed loop, of the connections that follow an answer.
    let closed = matches!(scenario.workload.arrivals, Arrivals::Closed { .. });
    let from = |run: &Run| match closed {
        true => run.requests.iter().map(|r| r.end).min().unwrap_or(0),
        false => 0,
    };
    let counts = handled(scenario, workers, from, SEEDS);
    let all: u32 = counts.iter().sum();
    let shares = counts.iter().rev();
    shares.map(|n| f64::from(*n) / f64::from(all)).collect()
}

/// What is off, of the shares that were `measured` under loads that `name` tells apart.
fn off(measured: &str, near: f64, name: impl Fn(&Value) -> String) -> (Vec<String>, String) {
    let rows: Vec<Value> = serde_json::from_str(measured).expect("the file is JSON");
    let (mut table, mut out) = (String::new(), Vec::new());
    for row in &rows {
        let scenario = Scenario::from_json(&row["scenario"].to_string()).expect("a scenario");
        let accepted: Vec<Vec<f64>> =
            serde_json::from_value(row["accepted"].clone()).expect("counts of each run");
        let workers = accepted[0].len();
        let all: f64 = accepted.iter().flatten().sum();
        let name = format!("{workers} at {}", name(&row["scenario"]["workload"]));
        let mut line = format!("{name:>22} ");
        for (place, share) in simulated(scenario, workers).into_iter().enumerate() {
            let measured = accepted.iter().map(|run| run[place]).sum::<f64>() / all;
            // Of so many connections, in a 99.9 % interval.
            let chance = 3.29 * (share * (1.0 - share) / all).sqrt();
            line += &format!(" {:.0} ({:.0})", 100.0 * share, 100.0 * measured);
            if (share - measured).abs() > chance + near {
                out.push(format!("{name}, woken as number {}", place + 1));
            }
        }
        table += &(line + "\n");
    }
    println!("simulated (measured) %, in the order of waking\n{table}");
    (out, table)
}

#[test]
fn shares_of_a_race_agree_with_measured_ones_for_any_number_of_workers() {
    let (out, table) = off(OPEN, NEAR, |workload| {
        format!("{}/s", workload["arrivals"]["rate_per_s"])
    });
    assert_eq!(out, MISSES, "what is out has changed:\n{table}");
}

/// How many times as often as its share says a worker has the connection after next, in these runs: sequences of who
/// accepted each.
fn after_next(runs: &[Vec<usize>]) -> f64 {
    let (mut same, mut expected) = (0.0, 0.0);
    for run in runs {
        let all = run.len() as f64;
        let shares =
            (0..10).map(|worker| run.iter().filter(|it| **it == worker).count() as f64 / all);
        let alike: f64 = shares.map(|share| share * share).sum();
        same += run.windows(3).filter(|of| of[0] == of[2]).count() as f64;
        expected += alike * (all - 2.0);
    }
    same / expected
}

#[test]
fn workers_take_turns_as_measured_ones_do() {
    let rows: Vec<Value> = serde_json::from_str(TURNS).expect("the file is JSON");
    assert_eq!(rows.len(), 3);
    for row in &rows {
        let mut scenario = Scenario::from_json(&row["scenario"].to_string()).expect("a scenario");
        scenario.fidelity = Fidelity::Calibrated;
        let order: Vec<String> = serde_json::from_value(row["order"].clone()).expect("digits");
        let digits = |run: &String| run.bytes().map(|it| usize::from(it - b'0')).collect();
        let measured: Vec<Vec<usize>> = order.iter().map(digits).collect();
        let simulated = (1..=SEEDS).map(|seed| {
            scenario.seed = seed;
            let run = run(&scenario);
            let process = |lane: u32| run.lanes[lane as usize].process as usize;
            run.requests.iter().map(|r| process(r.lane)).collect()
        });
        let simulated: Vec<Vec<usize>> = simulated.collect();
        let (simulated, measured) = (after_next(&simulated), after_next(&measured));
        println!("the connection after next: {simulated:.2} simulated, {measured:.2} measured");
        assert!(measured > 1.2, "{measured}");
        assert!(
            (simulated - measured).abs() < 0.2,
            "{simulated} and {measured}"
        );
    }
}

#[test]
fn shares_of_connections_that_follow_an_answer_agree_with_measured_ones() {
    let (out, table) = off(CLOSED, NEAR_CLOSED, |workload| {
        let clients = &workload["arrivals"]["clients"];
        format!("{clients} clients, {} ms", workload["io_ms"])
    });
    assert_eq!(out, CLOSED_MISSES, "what is out has changed:\n{table}");
}

/// What each of four workers gets of 60 requests a second.
fn of_four(mut scenario: Scenario, from_ms: u64) -> Vec<u32> {
    scenario.workload.arrivals = Arrivals::Poisson { rate_per_s: 60.0 };
    scenario.machine.cores = 2;
    handled(scenario, 4, |_| from_ms * MS, 20)
}

#[test]
fn workers_that_stop_listening_at_their_cap_take_turns_in_being_woken_first() {
    // As measured: content/measured/cases/poisson-gthread-4x2-wc3.json has 26, 25, 25 and 24 %.
    let capped = tuned(gthread(4, 2), |g| g.worker_connections = 3);
    for count in of_four(capped, 0) {
        assert!((4600..=5400).contains(&count), "{count} of 20000");
    }
}

#[test]
fn a_worker_that_is_started_anew_is_woken_first() {
    let mut scenario = gthread(4, 2);
    let before = of_four(scenario.clone(), 2000);
    assert!(before[3] > before[2], "{before:?}");
    scenario.machine.crash_at_ms = Some(1000.0);
    scenario.machine.crash_worker = 2;
    let after = of_four(scenario, 2000);
    assert!(after[2] > after[3], "{after:?}");
}

#[test]
fn the_busiest_worker_of_a_short_burst_has_what_was_measured() {
    let mut out = Vec::new();
    for record in SHORT {
        let record: Value = serde_json::from_str(record).expect("the file is JSON");
        let mut scenario =
            Scenario::from_json(&record["scenario"].to_string()).expect("a scenario");
        scenario.fidelity = Fidelity::Calibrated;
        let all = f64::from(scenario.workload.requests);
        let measured: Vec<Vec<f64>> =
            serde_json::from_value(record["requests_per_worker"].clone()).expect("counts");
        let measured: Vec<f64> = measured.iter().map(|run| run[0] / all).collect();
        let simulated = (1..=200).map(|seed| {
            scenario.seed = seed;
            let mut counts = [0; 4];
            count(&run(&scenario), 0, &mut counts);
            f64::from(counts.into_iter().max().unwrap_or(0)) / all
        });
        let simulated: Vec<f64> = simulated.collect();
        let (measured, simulated) = (mean(&measured), mean(&simulated));
        let slug = record["slug"].as_str().expect("a slug");
        println!("{slug}: {simulated:.2} simulated, {measured:.2} measured");
        if (simulated - measured).abs() > NEAR_SHORT {
            out.push(format!("{slug}: {simulated:.2}"));
        }
    }
    assert_eq!(out, SHORT_MISSES, "what is out has changed");
}

fn mean(sample: &[f64]) -> f64 {
    sample.iter().sum::<f64>() / sample.len() as f64
}

#[test]
fn who_computes_for_long_gets_none_of_what_comes_meanwhile() {
    for system in [
        r#"{"kind": "event_loop", "loops": 2}"#,
        r#"{"kind": "gunicorn", "worker_class": "gthread", "workers": 2, "threads": 4}"#,
    ] {
        let mut scenario = Scenario::from_json(&format!(
            r#"{{"system": {system}, "workload": {{"requests": 400, "arrivals": {{"kind": "poisson", "rate_per_s": 30}},
                "io_ms": 20, "cpu_ms": 1, "heavy_every": 50, "heavy_cpu_ms": 250}}, "fidelity": "calibrated"}}"#
        ))
        .expect("a scenario");
        let (mut came, mut fell) = (0, 0);
        for seed in 1..=10 {
            scenario.seed = seed;
            let run = run(&scenario);
            let process =
                |request: u32| run.lanes[run.requests[request as usize].lane as usize].process;
            for heavy in (0..run.requests.len() as u32).filter(|r| (r + 1).is_multiple_of(50)) {
                // To its I/O call, and from there to its end, with the GIL and without.
                let spans: Vec<_> = run.story(heavy).collect();
                for phase in spans.split(|span| span.state == State::Io) {
                    let computes = |span: &&&Span| span.state == State::Running;
                    let (Some(first), Some(last)) = (phase.iter().find(computes), phase.last())
                    else {
                        continue;
                    };
                    let meanwhile = |r: &u32| {
                        let arrival = run.requests[*r as usize].arrival;
                        *r != heavy && (first.start..last.end).contains(&arrival)
                    };
                    for request in (0..run.requests.len() as u32).filter(meanwhile) {
                        came += 1;
                        fell += u32::from(process(request) == process(heavy));
                    }
                }
            }
        }
        assert!(came > 200, "{came} came");
        assert!(
            f64::from(fell) < 0.03 * f64::from(came),
            "{system}: {fell} of {came} fell to the one that computes"
        );
    }
}
