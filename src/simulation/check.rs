//! Refuses runs that would take too long.

use super::calibration::LOOK;
use super::models;
use super::workload::{nanos, slowness};
use scenario::*;

/// The most steps that runs may take, one or several that are kept side by side. A step takes 0.1
/// to 0.4 microseconds natively, the more the more requests are in hand, and leaves a span of 32
/// bytes at most: a few seconds and 320 MB.
const MOST_STEPS: f64 = 1e7;

/// Interpreters that run at once, above which it counts that each segment moves others aside: three steps' worth
/// among so many, and more among more.
const CROWD: f64 = 4096.0;

/// Whether [`run`](super::run) simulates a valid scenario in reasonable time and space.
///
/// # Errors
///
/// Which field makes it too long a run, and what to do about it.
pub fn check(scenario: &Scenario) -> Result<(), Problems> {
    check_all(std::slice::from_ref(scenario))
}

/// Whether all of several valid scenarios together are simulated in reasonable time and space, as
/// a comparison is that keeps all of its runs.
///
/// # Errors
///
/// As [`check`] for the first that is too long, or that there are too many.
pub fn check_all(scenarios: &[Scenario]) -> Result<(), Problems> {
    let mut steps = 0.0;
    for scenario in scenarios {
        steps += count(scenario).map_err(|problem| Problems(vec![problem]))?;
    }
    if steps <= MOST_STEPS {
        return Ok(());
    }
    let (systems, steps) = (scenarios.len(), steps as u64);
    let message = format!(
        "{systems} systems come to about {steps} steps together, at most {} are \
         simulated: lower requests or compare fewer systems",
        MOST_STEPS as u64
    );
    Err(Problems(vec![Problem::new("workload.requests", message)]))
}

/// How many steps a run takes at most: changes of state, and turns at a GIL. Refuses too many.
fn count(scenario: &Scenario) -> Result<f64, Problem> {
    let plan = models::plan(&scenario.system, scenario.fidelity);
    let workload = &scenario.workload;
    let calls = if nanos(workload.io_ms) == 0 {
        0.0
    } else {
        f64::from(workload.io_calls)
    };
    let machine = &scenario.machine;
    // What a switch costs is CPU time of the segment after it, and server's costs of the handler's.
    let toll = f64::from(plan.costs.switch) / 1e3 + machine.context_switch_us / 1e3;
    let heavy_ms = workload
        .heavy_every
        .map_or(0.0, |every| workload.heavy_cpu_ms / f64::from(every));
    let own_ms = (workload.cpu_ms + heavy_ms) * slowness(scenario);
    let cpu_ms = own_ms + f64::from(plan.costs.before + plan.costs.after) / 1e3;
    let has_cpu = nanos(cpu_ms + toll) > 0;
    let (segments, requests) = (calls + 1.0, f64::from(workload.requests));
    // Each segment may wait for its interpreter, each call for its connection.
    let segment_steps = if has_cpu { 2.0 } else { 1.0 };
    let call_steps = if workload.pool_size.is_some() {
        2.0
    } else {
        1.0
    };
    // The client's steps, and what a server does outside the handler.
    let client_steps = if machine.client_cpu_ms > 0.0 {
        2.0
    } else {
        0.0
    };
    let costs = [plan.costs.accept, plan.costs.parse, plan.costs.reply];
    let server_steps = 2.0 * costs.iter().filter(|cost| **cost > 0).count() as f64;
    let each = segments * segment_steps + calls * call_steps + client_steps + server_steps;
    // Where cores go round, the kernel looks at who runs.
    let looks = match scenario.fidelity {
        Fidelity::Textbook => 0.0,
        Fidelity::Calibrated => cpu_ms * 1e6 / LOOK as f64,
    };
    // Each segment's place among thousands of others that run is moved to: so many steps' worth.
    let interpreters = plan.interpreters(machine.gil);
    let moved = match f64::from(interpreters.min(workload.requests)) {
        crowd if has_cpu && crowd > CROWD => segments * crowd / CROWD * 3.0,
        _ => 0.0,
    };
    let changes = requests * (each + looks + moved);
    // A turn ends one state and begins another. Turns are counted in elapsed time, which grows
    // where processes share cores.
    let shares = plan.threads.is_some_and(|threads| threads > 1) && machine.gil;
    let turns = if shares && has_cpu {
        let sharing = plan.processes.min(workload.requests) as f64;
        let slowdown = (sharing / f64::from(machine.cores)).max(1.0);
        let interval = machine.switch_interval_ms;
        let own = cpu_ms + toll * 2.0 * segments;
        2.0 * requests * own * slowdown / interval * (1.0 + toll / interval)
    } else {
        0.0
    };
    if changes + turns <= MOST_STEPS {
        return Ok(changes + turns);
    }
    let requests = workload.requests;
    let more = changes > turns;
    let (changes, turns) = (changes as u64, turns as u64);
    Err(if more {
        Problem::new(
            "workload.requests",
            format!(
                "{requests} requests come to about {changes} steps at {} io_calls each, \
                 at most {} are simulated: lower requests, io_calls, cpu_ms or heavy_cpu_ms",
                workload.io_calls, MOST_STEPS as u64
            ),
        )
    } else {
        let interval = scenario.machine.switch_interval_ms;
        Problem::new(
            "machine.switch_interval_ms",
            format!(
                "{requests} requests of {} cpu_ms come to about {turns} steps at turns of \
                 {} ms, at most {} are simulated: lower requests, cpu_ms or heavy_cpu_ms, or \
                 raise switch_interval_ms",
                plain(workload.cpu_ms),
                plain(interval),
                MOST_STEPS as u64
            ),
        )
    })
}
