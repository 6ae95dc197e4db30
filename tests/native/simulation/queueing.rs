//! Long runs against queueing theory: means within a 99.9 % confidence interval.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{Request, run, theory};

use super::support::*;

const REPLICATIONS: u64 = 30;
/// Student's t for 29 degrees of freedom, 99.9 % two-sided.
const T: f64 = 3.659;
const REQUESTS: u32 = 100_000;
/// Requests left out of each replication's mean while its queue fills.
const WARM_UP: usize = 10_000;
/// Mean service time in milliseconds.
const SERVICE: f64 = 10.0;

fn wait(r: &Request) -> u64 {
    r.start - r.arrival
}

fn latency(r: &Request) -> u64 {
    r.end - r.arrival
}

/// Asserts that the mean of `measure` in milliseconds over independent replications agrees with
/// `expected`, and that the interval is narrow enough for that to mean something.
fn assert_mean(mut scenario: Scenario, measure: fn(&Request) -> u64, expected: f64) {
    scenario.workload.requests = REQUESTS;
    let means: Vec<f64> = (1..=REPLICATIONS)
        .map(|seed| {
            scenario.seed = seed;
            let run = run(&scenario);
            let steady = &run.requests[WARM_UP..];
            steady.iter().map(measure).sum::<u64>() as f64 / steady.len() as f64 / 1e6
        })
        .collect();
    let n = REPLICATIONS as f64;
    let mean = means.iter().sum::<f64>() / n;
    let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half_width = T * (variance / n).sqrt();
    assert!(
        (mean - expected).abs() <= half_width,
        "{mean} ± {half_width} ms, expected {expected}: {scenario:?}"
    );
    assert!(
        half_width < expected * 0.1 + 0.01,
        "± {half_width} ms of {mean}"
    );
}

/// Poisson arrivals that keep `servers` busy to the share `utilisation`.
fn loaded(mut scenario: Scenario, servers: u32, utilisation: f64, spread: Spread) -> Scenario {
    scenario.workload.arrivals = Arrivals::Poisson {
        rate_per_s: utilisation * f64::from(servers) / SERVICE * 1e3,
    };
    scenario.workload.spread = spread;
    scenario.workload.io_ms = SERVICE;
    scenario
}

/// The same load in CPU time.
fn on_cpu(mut scenario: Scenario) -> Scenario {
    scenario.workload.cpu_ms = scenario.workload.io_ms;
    scenario.workload.io_ms = 0.0;
    scenario
}

fn assert_mmc(servers: u32, utilisation: f64) {
    let scenario = loaded(sync(servers), servers, utilisation, Spread::Exponential);
    let rate = utilisation * f64::from(servers) / SERVICE;
    assert_mean(
        scenario,
        wait,
        theory::mean_wait_mmc(servers, rate, SERVICE),
    );
}

#[test]
fn mm1_at_half_load() {
    assert_mmc(1, 0.5);
}

#[test]
fn mm1_at_80_percent() {
    assert_mmc(1, 0.8);
}

#[test]
fn mm1_at_90_percent() {
    assert_mmc(1, 0.9);
}

#[test]
fn mm2_at_half_load() {
    assert_mmc(2, 0.5);
}

#[test]
fn mm2_at_80_percent() {
    assert_mmc(2, 0.8);
}

#[test]
fn mm2_at_90_percent() {
    assert_mmc(2, 0.9);
}

#[test]
fn mm8_at_half_load() {
    assert_mmc(8, 0.5);
}

#[test]
fn mm8_at_80_percent() {
    assert_mmc(8, 0.8);
}

#[test]
fn mm8_at_90_percent() {
    assert_mmc(8, 0.9);
}

fn assert_md1(utilisation: f64) {
    let scenario = loaded(sync(1), 1, utilisation, Spread::Constant);
    let expected = theory::mean_wait_mg1(utilisation / SERVICE, SERVICE, 0.0);
    assert_mean(scenario, wait, expected);
}

#[test]
fn md1_at_half_load() {
    assert_md1(0.5);
}

#[test]
fn md1_at_80_percent() {
    assert_md1(0.8);
}

#[test]
fn md1_at_90_percent() {
    assert_md1(0.9);
}

#[test]
fn lognormal_service_waits_like_its_coefficient_of_variation() {
    let scenario = loaded(sync(1), 1, 0.5, Spread::Lognormal);
    let expected = theory::mean_wait_mg1(0.5 / SERVICE, SERVICE, 1.0);
    assert_mean(scenario, wait, expected);
}

#[test]
fn a_loop_full_of_cpu_work_is_one_server() {
    let scenario = on_cpu(loaded(loops(1), 1, 0.8, Spread::Exponential));
    let expected = theory::mean_wait_mmc(1, 0.8 / SERVICE, SERVICE);
    assert_mean(scenario, wait, expected);
}

#[test]
fn a_connection_pool_is_a_shared_queue() {
    let mut scenario = loaded(loops(1), 8, 0.8, Spread::Exponential);
    scenario.workload.pool_size = Some(8);
    let expected = theory::mean_wait_mmc(8, 0.8 * 8.0 / SERVICE, SERVICE) + SERVICE;
    assert_mean(scenario, latency, expected);
}

/// Requests split at random among workers make each worker a queue of its own.
#[test]
fn early_binding_makes_separate_queues() {
    let mut scenario = loaded(gthread(4, 2), 8, 0.8, Spread::Exponential);
    if let System::Gunicorn(gunicorn) = &mut scenario.system {
        gunicorn.accept = Some(Accept::Random);
    }
    let expected = theory::mean_wait_mmc(2, 0.8 * 2.0 / SERVICE, SERVICE);
    assert_mean(scenario, wait, expected);
}

/// Processor sharing is insensitive to the distribution: M/G/1-PS has a mean latency of
/// S / (1 - rho) whatever the spread (Kleinrock, "Queueing Systems", volume 2, chapter 4).
#[test]
fn processes_on_one_core_share_it_like_mg1_ps() {
    for spread in [Spread::Constant, Spread::Exponential, Spread::Lognormal] {
        let mut scenario = on_cpu(loaded(sync(64), 1, 0.8, spread));
        scenario.machine.cores = 1;
        assert_mean(scenario, latency, SERVICE / (1.0 - 0.8));
    }
}

/// On several cores with exponential work, sharing equals M/M/c in the mean: the number present
/// is the same birth-death process.
#[test]
fn processes_on_four_cores_share_them_like_mmc() {
    let scenario = on_cpu(loaded(sync(64), 4, 0.8, Spread::Exponential));
    let expected = theory::mean_wait_mmc(4, 0.8 * 4.0 / SERVICE, SERVICE) + SERVICE;
    assert_mean(scenario, latency, expected);
}

#[test]
fn a_closed_loop_reaches_its_bound_when_nothing_varies() {
    for (clients, think_ms) in [(4, 10.0), (8, 10.0), (16, 10.0), (20, 0.0)] {
        let report = with(sync(8), |s| {
            s.workload.requests = 80_000;
            s.workload.io_ms = 10.0;
            s.workload.arrivals = Arrivals::Closed { clients, think_ms };
        })
        .report;
        let bound = theory::closed_throughput_bound(clients, think_ms, 8, 10.0) * 1e3;
        assert!(report.throughput_rps <= bound * 1.001);
        assert!(
            report.throughput_rps > bound * 0.999,
            "{}",
            report.throughput_rps
        );
    }
}
