//! Who gets the connections of an open loop among `gthread` workers: calibrated runs against `content/measured/shares.json`.

use concurrency_explained::scenario::{Arrivals, Fidelity, Scenario};
use concurrency_explained::simulation::run;
use serde_json::Value;

use super::support::*;

const MEASURED: &str = include_str!("../../../content/measured/shares.json");

const SEEDS: u64 = 40;

/// How much a share may be off beside chance.
const NEAR: f64 = 0.03;

/// Where it is off by more: with few workers at 150 a second, where the first to wake gets less, and the second more.
const MISSES: [&str; 7] = [
    "2 at 150/s, woken as number 1",
    "2 at 150/s, woken as number 2",
    "3 at 150/s, woken as number 1",
    "3 at 150/s, woken as number 2",
    "4 at 150/s, woken as number 1",
    "4 at 150/s, woken as number 2",
    "5 at 150/s, woken as number 2",
];

/// How many requests each worker gets of those that arrive after `from` ms, calibrated, over so many seeds.
fn handled(mut scenario: Scenario, workers: usize, from: u64, seeds: u64) -> Vec<u32> {
    scenario.fidelity = Fidelity::Calibrated;
    let mut counts = vec![0; workers];
    for seed in 1..=seeds {
        scenario.seed = seed;
        let run = run(&scenario);
        for request in run.requests.iter().filter(|r| r.arrival >= from * MS) {
            counts[run.lanes[request.lane as usize].process as usize] += 1;
        }
    }
    counts
}

/// The share of each worker, the one that is woken first at the head: the last one.
fn simulated(scenario: Scenario, workers: usize) -> Vec<f64> {
    let counts = handled(scenario, workers, 0, SEEDS);
    let all: u32 = counts.iter().sum();
    let shares = counts.iter().rev();
    shares.map(|n| f64::from(*n) / f64::from(all)).collect()
}

#[test]
fn shares_of_a_race_agree_with_measured_ones_for_any_number_of_workers() {
    let rows: Vec<Value> = serde_json::from_str(MEASURED).expect("the file is JSON");
    let (mut table, mut out) = (String::new(), Vec::new());
    for row in &rows {
        let scenario = Scenario::from_json(&row["scenario"].to_string()).expect("a scenario");
        let accepted: Vec<Vec<f64>> =
            serde_json::from_value(row["accepted"].clone()).expect("counts of each run");
        let workers = accepted[0].len();
        let all: f64 = accepted.iter().flatten().sum();
        let name = format!(
            "{workers} at {}/s",
            row["scenario"]["workload"]["arrivals"]["rate_per_s"]
        );
        let mut line = format!("{name:>11} ");
        for (place, share) in simulated(scenario, workers).into_iter().enumerate() {
            let measured = accepted.iter().map(|run| run[place]).sum::<f64>() / all;
            // Of so many connections, in a 99.9 % interval.
            let chance = 3.29 * (share * (1.0 - share) / all).sqrt();
            line += &format!(" {:.0} ({:.0})", 100.0 * share, 100.0 * measured);
            if (share - measured).abs() > chance + NEAR {
                out.push(format!("{name}, woken as number {}", place + 1));
            }
        }
        table += &(line + "\n");
    }
    println!("simulated (measured) %, in the order of waking\n{table}");
    assert_eq!(out, MISSES, "what is out has changed:\n{table}");
}

/// What each of four workers gets of 60 requests a second.
fn of_four(mut scenario: Scenario, from: u64) -> Vec<u32> {
    scenario.workload.arrivals = Arrivals::Poisson { rate_per_s: 60.0 };
    scenario.machine.cores = 2;
    handled(scenario, 4, from, 20)
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
