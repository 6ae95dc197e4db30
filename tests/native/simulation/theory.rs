//! What theory says of a scenario, against its runs: over thirty settings within 99.9 %.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::theory::{Bound, Measure, interval, theory};
use concurrency_explained::simulation::{BANDS, Repeat, Request, Run, run};
use proptest::prelude::*;

use super::shapes::{config, scenario, troubled};
use super::support::*;

const REPLICATIONS: u64 = 20;
/// Student's t for 19 degrees of freedom, 99.9 % two-sided.
const T: f64 = 3.883;
const REQUESTS: u32 = 30_000;

fn mean(run: &Run, measure: Measure) -> f64 {
    let stay: fn(&Request) -> u64 = match measure {
        Measure::MeanWait => |r| r.start - r.arrival,
        Measure::MeanLatency => |r| r.end - r.arrival,
        other => panic!("{other:?} is no mean"),
    };
    let steady = &run.requests[run.requests.len() / 10..];
    steady.iter().map(stay).sum::<u64>() as f64 / steady.len() as f64 / 1e6
}

/// Asserts that the formula named `formula` holds, and that runs agree with it.
fn assert_theory(mut scenario: Scenario, formula: &str) {
    scenario.workload.requests = REQUESTS;
    let theory = theory(&scenario).unwrap_or_else(|reason| panic!("{reason}: {scenario:?}"));
    assert!(theory.formula.contains(formula), "{theory:?}");
    assert_eq!(theory.bound, Bound::Mean);
    let means: Vec<f64> = (1..=REPLICATIONS)
        .map(|seed| {
            scenario.seed = seed;
            mean(&run(&scenario), theory.measure)
        })
        .collect();
    let n = REPLICATIONS as f64;
    let mean = means.iter().sum::<f64>() / n;
    let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half_width = T * (variance / n).sqrt();
    let expected = theory.value;
    assert!(
        (mean - expected).abs() <= half_width + 1e-9,
        "{mean} ± {half_width} ms, expected {expected}: {scenario:?}"
    );
    assert!(
        half_width < expected * 0.15 + 0.01,
        "± {half_width} of {mean} ms: {scenario:?}"
    );
}

fn poisson(mut scenario: Scenario, servers: u32, utilisation: f64, spread: Spread) -> Scenario {
    scenario.workload.io_ms = 10.0;
    scenario.workload.spread = spread;
    scenario.workload.arrivals = Arrivals::Poisson {
        rate_per_s: utilisation * f64::from(servers) * 100.0,
    };
    scenario
}

fn cpu_only(mut scenario: Scenario) -> Scenario {
    std::mem::swap(&mut scenario.workload.io_ms, &mut scenario.workload.cpu_ms);
    scenario
}

#[test]
fn erlang_c_holds_for_every_number_of_servers_and_load() {
    for servers in [1, 2, 4, 8] {
        for utilisation in [0.3, 0.5, 0.7, 0.8] {
            let slots = poisson(sync(servers), servers, utilisation, Spread::Exponential);
            assert_theory(slots, "Erlang C");
        }
    }
    for utilisation in [0.5, 0.7] {
        let computing = cpu_only(poisson(sync(4), 4, utilisation, Spread::Exponential));
        assert_theory(computing, "Erlang C");
        assert_theory(
            poisson(threads(6), 6, utilisation, Spread::Exponential),
            "Erlang C",
        );
        let mut pooled = poisson(loops(1), 5, utilisation, Spread::Exponential);
        pooled.workload.pool_size = Some(5);
        assert_theory(pooled, "Erlang C");
        let mut split = poisson(gthread(4, 2), 8, utilisation, Spread::Exponential);
        if let System::Gunicorn(gunicorn) = &mut split.system {
            gunicorn.accept = Some(Accept::Random);
        }
        assert_theory(split, "Erlang C");
    }
}

#[test]
fn pollaczek_and_khinchine_hold_for_every_spread() {
    for utilisation in [0.3, 0.5, 0.7] {
        for spread in [Spread::Constant, Spread::Lognormal] {
            assert_theory(poisson(sync(1), 1, utilisation, spread), "Pollaczek");
        }
        let computing = cpu_only(poisson(loops(1), 1, utilisation, Spread::Constant));
        assert_theory(computing, "Pollaczek");
        // A wait and CPU time, each exponential: their sum varies less.
        let mut both = poisson(sync(1), 1, utilisation, Spread::Exponential);
        (both.workload.io_ms, both.workload.cpu_ms) = (6.0, 4.0);
        assert_theory(both, "Pollaczek");
    }
}

#[test]
fn mean_value_analysis_holds_for_closed_loops() {
    for (clients, think_ms, servers) in [
        (4, 0.0, 2),
        (10, 30.0, 4),
        (20, 10.0, 8),
        (8, 50.0, 1),
        (40, 5.0, 16),
        (3, 20.0, 4),
        (100, 5.0, 20),
        (300, 200.0, 50),
    ] {
        let mut scenario = sync(servers);
        scenario.workload.io_ms = 10.0;
        scenario.workload.spread = Spread::Exponential;
        scenario.workload.arrivals = Arrivals::Closed { clients, think_ms };
        assert_theory(scenario, "mean value analysis");
    }
}

#[test]
fn no_formula_means_a_reason() {
    let reason = |change: fn(&mut Scenario)| {
        let mut scenario = poisson(gthread(4, 2), 8, 0.5, Spread::Constant);
        change(&mut scenario);
        theory(&scenario).expect_err("no formula holds")
    };
    assert!(reason(|_| {}).contains("where service times are exponential"));
    assert!(reason(|s| s.fidelity = Fidelity::Calibrated).contains("calibrated"));
    assert!(reason(|s| s.machine.client_cpu_ms = 0.1).contains("load generator"));
    assert!(reason(|s| s.workload.cpu_ms = 1.0).contains("GIL"));
    assert!(reason(|s| s.workload.pool_size = Some(1)).contains("connections"));
    assert!(reason(|s| s.machine.crash_at_ms = Some(1.0)).contains("die"));
    assert!(reason(|s| s.workload.io_ms = 0.0).contains("nothing takes any time"));
    let overload = reason(|s| {
        s.workload.spread = Spread::Exponential;
        s.workload.arrivals = Arrivals::Poisson { rate_per_s: 900.0 };
    });
    assert!(overload.contains("grows"));
}

#[test]
fn makespans_are_the_exact_value_or_above_the_bound() {
    let (mut exact, mut bounded) = (0, 0);
    for system in [sync(4), gthread(2, 4), loops(1), threads(20), processes(3)] {
        for requests in [1, 40, 1000] {
            for (io, cpu) in [(100.0, 0.0), (0.0, 10.0), (40.0, 8.0)] {
                let run = with(system.clone(), burst(requests, io, cpu));
                let mut scenario = system.clone();
                burst(requests, io, cpu)(&mut scenario);
                let theory = theory(&scenario).unwrap_or_else(|why| panic!("{why}: {scenario:?}"));
                assert_eq!(theory.measure, Measure::Makespan);
                let rest = run.report.makespan_ms - theory.value;
                match theory.bound {
                    Bound::Exact => {
                        exact += 1;
                        assert!(rest.abs() < 1e-6, "{rest} ms: {scenario:?}");
                    }
                    _ => {
                        bounded += 1;
                        assert!(rest > -1e-6, "{rest} ms: {scenario:?}");
                        let one_by_one = f64::from(requests) * (io + cpu);
                        assert!(run.report.makespan_ms <= one_by_one + 1e-6, "{scenario:?}");
                    }
                }
            }
        }
    }
    assert!(
        exact >= 15 && exact + bounded == 45,
        "{exact} and {bounded}"
    );
}

proptest! {
    #![proptest_config(config(600))]

    /// Whatever theory says without doubt is so on every run.
    #[test]
    fn bounds_and_exact_values_hold_on_every_run(mut s in scenario(), burst in any::<bool>()) {
        if burst {
            s.workload.arrivals = Arrivals::Burst;
            s.workload.spread = Spread::Constant;
        }
        if let Ok(theory) = theory(&s) {
            let simulated = theory.measure.of(&run(&s).report);
            // A fraction of a nanosecond a request is rounded.
            let rounding = 1e-6 * f64::from(s.workload.requests);
            match theory.bound {
                Bound::Exact => prop_assert!((simulated - theory.value).abs() <= rounding, "{:?} {}", theory, simulated),
                Bound::AtLeast => prop_assert!(simulated >= theory.value - rounding, "{:?} {}", theory, simulated),
                Bound::AtMost | Bound::Mean => {}
            }
        }
    }

    #[test]
    fn theory_has_an_answer_or_a_reason_for_everything(s in troubled()) {
        match theory(&s) {
            Ok(theory) => prop_assert!(theory.value.is_finite() && theory.value >= 0.0),
            Err(reason) => prop_assert!(!reason.is_empty()),
        }
    }
}

#[test]
fn intervals_of_single_runs_hold_the_true_mean() {
    let mut scenario = poisson(sync(2), 2, 0.5, Spread::Exponential);
    scenario.workload.requests = 40_000;
    let expected = theory(&scenario).unwrap();
    let hits = (1..=100).filter(|seed| {
        scenario.seed = *seed;
        let interval = interval(&run(&scenario), expected.measure).unwrap();
        (interval.mean - expected.value).abs() <= interval.half_width
    });
    // They are ten times as long as they have to be.
    assert!(hits.count() >= 98);
    assert_eq!(
        interval(
            &with(sync(1), |s| s.workload.requests = 100),
            Measure::MeanWait
        ),
        None
    );
}

#[test]
fn repetition_gives_medians_and_bands_one_run_at_a_time() {
    let mut repeat = Repeat::new(poisson(sync(2), 2, 0.8, Spread::Exponential), 41);
    assert_eq!(repeat.bands()[0].median, 0.0);
    let mut steps = 1;
    while repeat.step() {
        steps += 1;
        assert_eq!(repeat.done(), steps - 1);
    }
    assert_eq!((steps, repeat.done(), repeat.step()), (41, 41, false));
    for (band, (name, _)) in repeat.bands().iter().zip(BANDS) {
        assert!(
            band.low <= band.median && band.median <= band.high,
            "{name}"
        );
        assert!(name == "completed" || band.low < band.high, "{name}");
    }
    let mut once = Repeat::new(sync(4), 5);
    while once.step() {}
    let makespan = once.bands()[0];
    assert_eq!(
        (makespan.low, makespan.median, makespan.high),
        (25_000.0, 25_000.0, 25_000.0)
    );
}

/// Misses of 200 such intervals of runs that are as long as theory asks for.
fn missed(mut scenario: Scenario) -> usize {
    let theory = theory(&scenario).expect("there is a formula");
    scenario.workload.requests = theory.least.ceil() as u32;
    let misses = (1..=200).filter(|&seed| {
        scenario.seed = seed;
        let interval = interval(&run(&scenario), theory.measure).expect("it is long enough");
        (interval.mean - theory.value).abs() > interval.half_width
    });
    misses.count()
}

/// Of runs as long as theory asks for 99 % of the intervals hold its value: in no setting more than 8 of 200 miss it,
/// which they would by a chance of one in a thousand if they were right; of all of them a hundredth at most.
#[test]
fn intervals_hold_the_value_of_theory_from_the_least_number_of_requests_on() {
    let exponential = [
        (1, 0.1),
        (1, 0.5),
        (1, 0.7),
        (1, 0.8),
        (1, 0.9),
        (4, 0.3),
        (4, 0.5),
        (4, 0.8),
        (8, 0.5),
        (8, 0.7),
        (8, 0.9),
        (20, 0.7),
        (20, 0.8),
    ];
    let others = [
        (1, 0.1, Spread::Constant),
        (1, 0.6, Spread::Constant),
        (1, 0.8, Spread::Constant),
        (1, 0.3, Spread::Lognormal),
        (1, 0.5, Spread::Lognormal),
    ];
    let closed = [
        (1, 0.0, 1),
        (10, 50.0, 1),
        (40, 1000.0, 1),
        (30, 300.0, 4),
        (100, 5.0, 20),
        (400, 50.0, 20),
    ];
    let exponential = exponential.map(|(servers, load)| (servers, load, Spread::Exponential));
    let open = exponential.into_iter().chain(others);
    let open = open.map(|(servers, load, spread)| poisson(sync(servers), servers, load, spread));
    let closed = closed.map(|(clients, think_ms, servers)| {
        let mut scenario = poisson(sync(servers), servers, 0.5, Spread::Exponential);
        scenario.workload.arrivals = Arrivals::Closed { clients, think_ms };
        scenario
    });
    let settings: Vec<_> = open.chain(closed).collect();
    let mut all = 0;
    for scenario in &settings {
        let missed = missed(scenario.clone());
        assert!(missed <= 8, "{missed} of 200: {scenario:?}");
        all += missed;
    }
    assert!(
        all <= settings.len() * 2,
        "{all} of {} x 200",
        settings.len()
    );
}
