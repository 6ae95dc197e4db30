//! What this build simulates: refuses the rest, field by field.

use super::models;
use super::plan::Plan;
use super::workload::nanos;
use crate::scenario::*;

/// The most steps a run may take. A step takes 0.1 to 0.4 microseconds natively, the more the more
/// requests are in hand, and leaves a span of 32 bytes at most: a few seconds and 320 MB.
const MOST_STEPS: f64 = 1e7;

/// Whether [`run`](super::run) simulates a valid scenario as it stands; otherwise what it would
/// have to ignore, or why it would take too long.
pub fn check(scenario: &Scenario) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut refuse = |refused: bool, field: &str, message: &str| {
        if refused {
            problems.push(Problem::new(field, message));
        }
    };
    if let System::Gunicorn(gunicorn) = &scenario.system {
        let default = Gunicorn::default();
        let threaded = matches!(
            gunicorn.worker_class,
            WorkerClass::Sync | WorkerClass::Gthread
        );
        refuse(
            threaded && gunicorn.worker_connections != default.worker_connections,
            "system.worker_connections",
            "a cap under sync or gthread is not simulated yet, only 1000 is; gevent takes any",
        );
        refuse(
            gunicorn.backlog != default.backlog,
            "system.backlog",
            "a full backlog is not simulated yet, only 2048 is, and it holds any number",
        );
        refuse(
            gunicorn.timeout_s != default.timeout_s,
            "system.timeout_s",
            "worker timeouts are not simulated yet, only 30 is, and it never expires",
        );
        refuse(
            gunicorn.accept == Some(Accept::Skewed),
            "system.accept",
            "'skewed' is not simulated yet, 'shared' and 'random' are",
        );
    }
    refuse(
        scenario.workload.client_timeout_ms.is_some(),
        "workload.client_timeout_ms",
        "clients that give up are not simulated yet, only clients that wait are: leave it out",
    );
    refuse(
        scenario.machine.context_switch_us != 0.0,
        "machine.context_switch_us",
        "the cost of a switch is not simulated yet, only 0 is",
    );
    refuse(
        scenario.machine.client_cpu_ms != 0.0,
        "machine.client_cpu_ms",
        "a load generator on the same cores is not simulated yet, only 0 is",
    );
    refuse(
        scenario.fidelity == Fidelity::Calibrated,
        "fidelity",
        "'calibrated' is not simulated yet, 'textbook' is",
    );
    problems.extend(too_long(scenario, &models::plan(&scenario.system)));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Problems(problems))
    }
}

/// Refuses a run of too many steps: changes of state, and turns at a GIL.
fn too_long(scenario: &Scenario, plan: &Plan) -> Option<Problem> {
    let workload = &scenario.workload;
    let calls = if nanos(workload.io_ms) == 0 {
        0.0
    } else {
        f64::from(workload.io_calls)
    };
    let has_cpu = nanos(workload.cpu_ms) > 0;
    let (segments, requests) = (calls + 1.0, f64::from(workload.requests));
    // Each segment may wait for its interpreter, each call for its connection.
    let segment_steps = if has_cpu { 2.0 } else { 1.0 };
    let call_steps = if workload.pool_size.is_some() {
        2.0
    } else {
        1.0
    };
    let plain = requests * (segments * segment_steps + calls * call_steps);
    // A turn ends one state and begins another. Turns are counted in elapsed time, which grows
    // where processes share cores.
    let shares = plan.threads.is_some_and(|threads| threads > 1) && scenario.machine.gil;
    let turns = if shares && has_cpu {
        let sharing = plan.processes.min(workload.requests) as f64;
        let slowdown = (sharing / f64::from(scenario.machine.cores)).max(1.0);
        let interval = scenario.machine.switch_interval_ms;
        2.0 * requests * workload.cpu_ms * slowdown / interval
    } else {
        0.0
    };
    (plain + turns > MOST_STEPS).then(|| {
        let requests = workload.requests;
        let more = plain > turns;
        let (plain, turns) = (plain as u64, turns as u64);
        if more {
            Problem::new(
                "workload.requests",
                format!(
                    "{requests} requests come to about {plain} steps at {} io_calls each, \
                     at most {MOST_STEPS} are simulated: lower requests or io_calls",
                    workload.io_calls
                ),
            )
        } else {
            let interval = scenario.machine.switch_interval_ms;
            Problem::new(
                "machine.switch_interval_ms",
                format!(
                    "{requests} requests of {} cpu_ms come to about {turns} steps at turns of \
                     {interval} ms, at most {MOST_STEPS} are simulated: lower requests or \
                     cpu_ms, or raise switch_interval_ms",
                    workload.cpu_ms
                ),
            )
        }
    })
}
