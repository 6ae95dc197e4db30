use super::demand::REQUESTS;
use super::*;
use crate::scenario::{Machine, Spread, Workload};

fn demand(rate_per_s: f64, io_ms: f64, cpu_ms: f64, code: Code) -> Demand {
    Demand {
        workload: Workload {
            arrivals: Arrivals::Poisson { rate_per_s },
            io_ms,
            cpu_ms,
            ..example()
        },
        machine: Machine::default(),
        seed: 1,
        target_p95_ms: 300.0,
        code,
    }
}

fn pick(demand: &Demand) -> Candidate {
    let advice = advise(demand);
    let pick = advice
        .pick
        .unwrap_or_else(|| panic!("{:?}", advice.obstacle));
    pick.candidate
}

#[test]
fn computing_gets_about_a_process_a_core_and_no_threads() {
    for code in [Code::Sync, Code::Either] {
        let pick = pick(&demand(25.0, 5.0, 100.0, code));
        assert_eq!(pick.family, Family::Sync);
        assert!((4..=6).contains(&pick.processes), "{pick:?}");
    }
}

#[test]
fn many_waits_in_async_code_get_event_loops() {
    let demand = demand(500.0, 200.0, 1.0, Code::Async);
    assert_eq!(pick(&demand).family, Family::EventLoop);
}

#[test]
fn synchronous_code_gets_its_slots() {
    let pick = pick(&demand(60.0, 100.0, 5.0, Code::Sync));
    assert_ne!(pick.family, Family::EventLoop);
    assert!(pick.slots() >= 8, "{pick:?}");
}

#[test]
fn more_computing_than_cores_is_said_to_be_the_bottleneck() {
    let advice = advise(&demand(500.0, 50.0, 10.0, Code::Either));
    assert_eq!((advice.pick, advice.obstacle), (None, Some(Obstacle::Cpu)));
}

#[test]
fn a_pool_that_is_too_small_is_said_to_be_the_bottleneck() {
    let mut demand = demand(60.0, 200.0, 1.0, Code::Async);
    demand.workload.pool_size = Some(2);
    let advice = advise(&demand);
    assert!(
        matches!(advice.obstacle, Some(Obstacle::Pool { .. })),
        "{:?}",
        advice.obstacle
    );
    demand.workload.pool_size = Some(30);
    assert_eq!(pick(&demand).family, Family::EventLoop);
}

#[test]
fn a_target_below_the_work_itself_is_said_to_be_out_of_reach() {
    let mut demand = demand(60.0, 100.0, 5.0, Code::Either);
    demand.target_p95_ms = 50.0;
    let advice = advise(&demand);
    assert!(matches!(advice.obstacle, Some(Obstacle::Work { p95_ms }) if p95_ms >= 105.0));
}

#[test]
fn a_looser_target_never_costs_more_memory() {
    for spread in [Spread::Constant, Spread::Exponential] {
        for (rate, io, cpu) in [(60.0, 100.0, 5.0), (200.0, 50.0, 10.0), (25.0, 5.0, 100.0)] {
            let mut last = f64::INFINITY;
            for target in [110.0, 150.0, 200.0, 300.0, 450.0, 700.0, 2000.0] {
                let mut demand = demand(rate, io, cpu, Code::Sync);
                demand.workload.spread = spread;
                demand.target_p95_ms = target;
                let memory = advise(&demand)
                    .pick
                    .map_or(f64::INFINITY, |pick| pick.memory());
                assert!(memory <= last, "{spread:?} {rate}/s: {memory} after {last}");
                last = memory;
            }
        }
    }
}

#[test]
fn a_good_setting_is_in_time_complete_and_has_room() {
    let demand = demand(60.0, 100.0, 5.0, Code::Either);
    for trial in advise(&demand).trials {
        let Some(report) = &trial.report else {
            assert_eq!(trial.verdict, Verdict::Overloaded);
            continue;
        };
        assert_eq!(report.completed, REQUESTS);
        let good = report.latency_ms.p95 <= 300.0 && trial.load.busy < 0.85;
        assert_eq!(trial.verdict == Verdict::Good, good, "{trial:?}");
    }
}

#[test]
fn every_extreme_of_the_form_gets_some_advice_in_whole_sentences() {
    for rate in [0.001, 60.0, 1e6] {
        for io in [0.0, 100.0, 60_000.0] {
            for cpu in [0.0, 5.0, 1000.0] {
                for (cores, pool) in [(1, None), (4, Some(1)), (256, None)] {
                    let mut demand = demand(rate, io, cpu, Code::Either);
                    demand.workload.requests = 50;
                    demand.workload.pool_size = pool;
                    demand.machine.cores = cores;
                    let advice = advise(&demand);
                    assert_eq!(advice.pick.is_none(), advice.obstacle.is_some());
                    for reason in advice.reasons() {
                        let odd = ["NaN", "inf", "  "].iter().any(|odd| reason.contains(odd));
                        assert!(reason.ends_with('.') && !odd, "{reason}");
                    }
                }
            }
        }
    }
}

/// Prints what the reader would see: `cargo test --lib advice -- --ignored --nocapture`.
#[test]
#[ignore = "prints, checks nothing"]
fn survey() {
    for (rate, io, cpu, target, pool) in [
        (60.0, 100.0, 5.0, 300.0, None),
        (25.0, 5.0, 100.0, 300.0, None),
        (500.0, 200.0, 1.0, 300.0, None),
        (60.0, 200.0, 1.0, 300.0, Some(2)),
        (500.0, 50.0, 10.0, 300.0, None),
    ] {
        for code in [Code::Either, Code::Sync, Code::Async] {
            let mut demand = demand(rate, io, cpu, code);
            demand.target_p95_ms = target;
            demand.workload.pool_size = pool;
            let start = std::time::Instant::now();
            let advice = advise(&demand);
            println!("\n{rate}/s {io} + {cpu} {code:?}: {:?}", start.elapsed());
            println!("{}\n{:#?}", advice.headline(), advice.reasons());
            for trial in &advice.trials {
                let (command, words) = (trial.candidate.command(), trial.verdict_words(&demand));
                println!(
                    "{command:42}{:7.0}{:7.0}  {words}",
                    trial.p95(),
                    trial.memory()
                );
            }
            for variation in &advice.variations {
                println!("{:20} {:.0}", variation.words, variation.trial.p95());
            }
        }
    }
}
