use super::demand::{PLANNED, REQUESTS};
use super::*;
use crate::scenario::{Gunicorn, Machine, Scenario, Spread, System, Value, Workload, snippets};
use crate::simulation;

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
        fit: 32,
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
fn the_article_s_example_gets_the_article_s_answer() {
    let scenario = Scenario {
        workload: example(),
        ..Scenario::new(System::Gunicorn(Gunicorn::default()))
    };
    for code in ["sync", "either"] {
        let code = Code::named(Value::Text(code));
        let advice = advise(&Demand::new(&scenario, 300.0, code, 32));
        let pick = advice.pick.as_ref().map(|pick| pick.candidate.command());
        assert_eq!(pick.as_deref(), Some("gunicorn -w 9"));
        let reasons = advice.reasons();
        assert_eq!(
            reasons[0].replace('\u{a0}', " "),
            "60 requests a second of 100 ms, 5 ms of it computing, keep 6 in progress and 0.3 cores \
             busy on average. With headroom that is 9 slots and 1 core."
        );
        assert!(reasons[1].starts_with("Rule 2: "), "{}", reasons[1]);
    }
    assert_eq!(Code::named(CODE.default), Code::Sync);
    let article = include_str!("../../content/06-choosing.md");
    for example in [
        "For 60 requests a second of 100 ms with 5 ms of CPU: slots = 60 × 0.1 / 0.7, about 9.",
        "workers = 9                  # slots",
        "a hundred requests a second that each wait two seconds",
        "286 slots with headroom",
    ] {
        let article = article.to_lowercase();
        assert!(article.contains(&example.to_lowercase()), "{example}");
    }
}

#[test]
fn a_few_hundred_slots_are_threads_and_thousands_are_not() {
    let hundreds = demand(100.0, 2000.0, 1.0, Code::Either);
    let hundreds = Demand {
        target_p95_ms: 3000.0,
        ..hundreds
    };
    let advice = advise(&hundreds);
    assert!(advice.reasons()[0].contains(" 286 slots "));
    let threads = advice.pick.unwrap().candidate;
    assert_eq!((threads.family, threads.slots()), (Family::Gthread, 286));
    for (code, family) in [
        (Code::Either, Family::EventLoop),
        (Code::Async, Family::EventLoop),
        (Code::Sync, Family::Gevent),
    ] {
        let mut thousands = hundreds.clone();
        thousands.code = code;
        thousands.workload.arrivals = Arrivals::Poisson { rate_per_s: 1000.0 };
        assert_eq!(pick(&thousands).family, family);
    }
}

#[test]
fn computing_gets_a_process_a_core_and_no_threads() {
    for code in [Code::Sync, Code::Either] {
        let pick = pick(&demand(25.0, 5.0, 100.0, code));
        assert_eq!((pick.family, pick.processes), (Family::Sync, 4));
    }
    // Loops share a line of computing less well.
    let pick = pick(&Demand {
        target_p95_ms: 1000.0,
        ..demand(25.0, 5.0, 100.0, Code::Async)
    });
    assert_eq!((pick.family, pick.processes), (Family::EventLoop, 4));
}

#[test]
fn one_process_of_two_may_always_fail() {
    for rate in [0.1, 60.0, 500.0] {
        for (io, cpu) in [(100.0, 0.1), (1.0, 2.0), (2000.0, 0.5)] {
            for code in [Code::Sync, Code::Async, Code::Either] {
                for cores in [1, 4] {
                    let mut demand = demand(rate, io, cpu, code);
                    demand.target_p95_ms = 10_000.0;
                    demand.machine.cores = cores;
                    let advice = advise(&demand);
                    for trial in &advice.trials {
                        assert!(trial.candidate.processes >= 2, "{trial:?}");
                    }
                    if let Some(pick) = advice.pick {
                        assert!(
                            code == Code::Async
                                || pick.candidate.family != Family::EventLoop
                                || pick.candidate.slots() > 512
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn more_slots_than_fit_in_memory_are_threads_with_the_cap_that_was_simulated() {
    let demand = Demand {
        fit: 4,
        ..demand(60.0, 95.0, 5.0, Code::Sync)
    };
    let pick = pick(&demand);
    assert_eq!(
        (pick.family, pick.processes, pick.threads),
        (Family::Gthread, 2, 5)
    );
    let scenario = demand.scenario(pick.system());
    let System::Gunicorn(gunicorn) = &scenario.system else {
        panic!("{pick:?}");
    };
    assert_eq!(gunicorn.worker_connections, 6);
    assert!(simulation::run(&scenario).early_binding);
    assert_eq!(
        snippets(&scenario)[0].code,
        "gunicorn --workers 2 --worker-class gthread --threads 5 --keep-alive 0 --worker-connections 6 app:app\n"
    );
}

#[test]
fn no_recommendation_is_busier_than_the_headroom_that_sizes_it() {
    for rate in [1.0, 60.0, 100.0, 137.0, 500.0] {
        for (io, cpu) in [(95.0, 5.0), (200.0, 1.0), (5.0, 5.0), (5.0, 100.0)] {
            for code in [Code::Sync, Code::Async, Code::Either] {
                let demand = demand(rate, io, cpu, code);
                let Some(pick) = advise(&demand).pick else {
                    continue;
                };
                assert!(pick.load.busy <= PLANNED + 1e-9, "{pick:?}");
                let slots = demand.in_progress() / PLANNED;
                assert!(
                    f64::from(pick.candidate.slots()) >= slots - 1e-9,
                    "{pick:?}"
                );
            }
        }
    }
}

#[test]
fn a_setting_just_at_its_target_in_one_run_is_not_recommended() {
    let mut demand = demand(60.0, 95.0, 5.0, Code::Sync);
    demand.workload.spread = Spread::Exponential;
    let candidate = Candidate {
        family: Family::Sync,
        processes: 9,
        threads: 1,
    };
    let p95: Vec<_> = [1, 2, 3]
        .into_iter()
        .map(|seed| {
            Trial::once(
                candidate,
                &Demand {
                    seed,
                    ..demand.clone()
                },
            )
            .p95()
        })
        .collect();
    let worst = p95.iter().copied().fold(0.0, f64::max);
    assert_eq!(
        Trial::new(
            candidate,
            &Demand {
                target_p95_ms: worst,
                ..demand.clone()
            }
        )
        .verdict,
        Verdict::Good
    );
    let short = Trial::new(
        candidate,
        &Demand {
            target_p95_ms: worst - 0.01,
            ..demand.clone()
        },
    );
    assert_eq!(short.verdict, Verdict::Slow, "{p95:?}");
    assert_eq!(short.p95(), worst);
}

#[test]
fn trials_agree_with_the_measured_servers() {
    // content/measured.json: p95 of real servers on 2 cores under Poisson arrivals.
    let gunicorn = |family, processes, threads| Candidate {
        family,
        processes,
        threads,
    };
    for (candidate, rate, cpu, least, most) in [
        (gunicorn(Family::Sync, 8, 1), 60.0, 0.0, 152.0, 174.2),
        (gunicorn(Family::Gthread, 4, 2), 60.0, 0.0, 177.3, 198.1),
        (gunicorn(Family::EventLoop, 1, 1), 200.0, 2.0, 109.6, 111.5),
    ] {
        let mut demand = demand(rate, 100.0, cpu, Code::Either);
        demand.machine.cores = 2;
        demand.machine.client_cpu_ms = 0.2;
        demand.workload.requests = 1200;
        let p95 = Trial::once(candidate, &demand).p95();
        assert!(
            (least * 0.9..=most * 1.1).contains(&p95),
            "{candidate:?}: {p95}"
        );
    }
}

#[test]
fn a_server_s_own_computing_counts_as_load() {
    // The handlers keep 0.4 of 2 cores busy; the server's own part is larger than that.
    let mut demand = demand(4000.0, 10.0, 0.1, Code::Async);
    demand.machine.cores = 2;
    let advice = advise(&demand);
    assert!(
        matches!(advice.obstacle, Some(Obstacle::Cpu { computing }) if computing > 1.4),
        "{:?}",
        advice.obstacle
    );
}

#[test]
fn more_computing_than_cores_is_said_to_be_the_bottleneck() {
    let advice = advise(&demand(500.0, 50.0, 10.0, Code::Either));
    assert_eq!(advice.pick, None);
    assert_eq!(advice.obstacle, Some(Obstacle::Cpu { computing: 5.0 }));
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
fn more_processes_bring_more_pools() {
    let mut demand = demand(60.0, 95.0, 5.0, Code::Sync);
    demand.machine.cores = 2;
    demand.workload.pool_size = Some(3);
    let processes = |demand: &Demand, family: Family| {
        let candidates = family.candidates(demand);
        candidates.iter().map(|it| it.processes).max()
    };
    for (fit, most) in [(2, 2), (4, 3), (32, 3)] {
        demand.fit = fit;
        for family in [Family::Gthread, Family::EventLoop, Family::Gevent] {
            assert_eq!(processes(&demand, family), Some(most), "{family:?}, {fit}");
        }
    }
    demand.fit = 4;
    let advice = advise(&demand);
    let pick = advice.pick.as_ref().unwrap().candidate;
    assert_eq!((pick.family, pick.processes), (Family::Gthread, 3));
    let why = &advice.reasons()[1];
    assert!(
        why.starts_with("Each process brings a pool of its own"),
        "{why}"
    );
}

#[test]
fn a_setting_has_one_p95_wherever_it_is_named() {
    let demand = demand(60.0, 95.0, 5.0, Code::Sync);
    let advice = advise(&demand);
    let words: Vec<&str> = advice.variations.iter().map(|it| it.words).collect();
    assert_eq!(
        words,
        [
            "one size smaller",
            "as recommended",
            "one size larger",
            "20 % more load"
        ]
    );
    let tried = |candidate: Candidate| {
        let mut trials = advice.trials.iter();
        trials.find(|trial| trial.candidate == candidate).cloned()
    };
    let neighbours = &advice.variations[..3];
    for Variation { words, trial } in neighbours {
        let again = Trial::new(trial.candidate, &demand);
        assert_eq!(*trial, again, "{words}");
        assert!(tried(trial.candidate).is_none_or(|same| same == again));
    }
    let both = neighbours
        .iter()
        .filter(|it| tried(it.trial.candidate).is_some());
    assert!(both.count() >= 2, "no neighbour was among the trials");
}

#[test]
fn what_all_pools_may_open_together_is_told() {
    let mut demand = demand(60.0, 95.0, 5.0, Code::Sync);
    let told = |demand: &Demand| advise(demand).reasons().concat().contains("pools may open");
    assert!(!told(&demand));
    demand.workload.pool_size = Some(5);
    // A worker of one thread never holds more than one.
    for (code, each) in [(Code::Sync, 1), (Code::Async, 5)] {
        demand.code = code;
        let processes = pick(&demand).processes;
        let all = format!(
            "{processes} pools may open {} connections",
            processes * each
        );
        let reasons = advise(&demand).reasons();
        assert!(reasons.iter().any(|why| why.contains(&all)), "{reasons:?}");
    }
}

#[test]
fn a_target_below_the_work_itself_is_said_to_be_out_of_reach() {
    let mut demand = demand(60.0, 100.0, 5.0, Code::Either);
    demand.target_p95_ms = 50.0;
    let advice = advise(&demand);
    assert!(matches!(advice.obstacle, Some(Obstacle::Work { p95_ms }) if p95_ms >= 105.0));
    assert!(advice.reasons()[1].starts_with("With nothing in the way a request takes 105"));
    demand.workload.spread = Spread::Exponential;
    assert!(advise(&demand).reasons()[1].contains("5 requests of 100 take over"));
}

#[test]
fn a_target_hardly_above_the_work_itself_is_said_to_leave_little_room() {
    let mut tight = demand(60.0, 100.0, 0.0, Code::Sync);
    tight.workload.spread = Spread::Exponential;
    // 95 of a hundred exponential draws with a mean of 100 are below 300.
    tight.target_p95_ms = 310.0;
    let said = |demand: &Demand| advise(demand).reasons().join("\n").contains("little room");
    assert!(said(&tight));
    tight.target_p95_ms = 450.0;
    assert!(!said(&tight));
}

#[test]
fn the_smallest_size_that_will_do_is_recommended() {
    for target_p95_ms in [112.0, 120.0, 135.0, 150.0, 200.0] {
        let demand = Demand {
            target_p95_ms,
            ..demand(60.0, 100.0, 5.0, Code::Sync)
        };
        let advice = advise(&demand);
        let pick = advice.pick.as_ref().expect("all of these can be met");
        let smaller = pick.candidate.resized(false).expect("more than one");
        let smaller = Trial::new(smaller, &demand);
        assert_ne!(
            smaller.verdict,
            Verdict::Good,
            "{target_p95_ms}: {smaller:?}"
        );
        assert!(
            advice
                .trials
                .is_sorted_by_key(|trial| trial.candidate.rank())
        );
    }
}

#[test]
fn a_rival_whose_requests_outlast_the_worker_timeout_is_said_to_lose_them() {
    let slow = Demand {
        target_p95_ms: 60_000.0,
        ..demand(0.1, 40_000.0, 1.0, Code::Sync)
    };
    let reasons = advise(&slow).reasons().join("\n");
    assert!(
        reasons.contains("loses 2000 of 2000 requests, as they outlast its `timeout`."),
        "{reasons}"
    );
}

#[test]
fn what_takes_longer_than_the_target_is_not_said_to_need_cores() {
    let demand = Demand {
        target_p95_ms: 500.0,
        ..demand(80.0, 180.0, 20.0, Code::Sync)
    };
    let mut slow = demand.clone();
    slow.workload.spread = Spread::Exponential;
    slow.machine.cores = 2;
    let obstacle = advise(&slow).obstacle;
    assert!(
        matches!(obstacle, Some(Obstacle::Work { p95_ms }) if p95_ms > 500.0),
        "{obstacle:?}"
    );
}

#[test]
fn one_of_a_thing_is_not_several_and_large_numbers_are_grouped() {
    let needs = |rate, io, cpu| {
        advise(&demand(rate, io, cpu, Code::Sync))
            .reasons()
            .concat()
    };
    let small = needs(1.0, 100.0, 5.0);
    assert!(small.contains("1 request a second of"), "{small}");
    assert!(small.contains("that is 1 slot and 1 core."), "{small}");
    let large = needs(100_000.0, 0.0, 100.0);
    assert!(large.contains("It takes 14,286 cores at least"), "{large}");
}

#[test]
fn a_looser_target_never_takes_a_later_rule_or_more_processes() {
    for spread in [Spread::Constant, Spread::Exponential] {
        for (rate, io, cpu) in [(60.0, 100.0, 5.0), (200.0, 50.0, 10.0), (25.0, 5.0, 100.0)] {
            let mut last: Option<Trial> = None;
            for target in [110.0, 150.0, 200.0, 300.0, 450.0, 700.0, 2000.0] {
                let mut demand = demand(rate, io, cpu, Code::Sync);
                demand.workload.spread = spread;
                demand.target_p95_ms = target;
                let pick = advise(&demand).pick;
                if let Some(last) = &last {
                    let pick = pick.as_ref().unwrap();
                    assert!(pick.before(last).is_le(), "{spread:?} {rate}/s {target} ms");
                }
                last = pick;
            }
        }
    }
}

#[test]
fn a_good_setting_is_in_time_complete_and_has_room() {
    let demand = demand(60.0, 95.0, 5.0, Code::Either);
    for trial in advise(&demand).trials {
        let Some(report) = &trial.report else {
            assert_eq!(trial.verdict, Verdict::Overloaded);
            continue;
        };
        assert_eq!(report.completed, REQUESTS);
        let good = report.latency_ms.p95 <= 300.0 && trial.load.busy <= PLANNED;
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
                    demand.fit = 2 + cores.min(254);
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
        (60.0, 95.0, 5.0, 300.0, None),
        (100.0, 2000.0, 1.0, 3000.0, None),
        (1000.0, 2000.0, 1.0, 3000.0, None),
        (60.0, 95.0, 5.0, 90.0, None),
        (1.0, 100.0, 5.0, 300.0, None),
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
            let slowest = advice.trials.iter().map(|trial| {
                let start = std::time::Instant::now();
                Trial::new(trial.candidate, &demand);
                start.elapsed()
            });
            println!("slowest trial {:?}", slowest.max().unwrap());
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
