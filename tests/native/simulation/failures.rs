//! What goes wrong, and what is lost with it, case by case.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{NEVER, Outcome, Request, Run, State};

use super::support::*;

/// 20 requests of a second, and worker 0 killed at `at` milliseconds.
fn killed(scenario: Scenario, at: f64) -> Run {
    with(scenario, |s| {
        burst(20, 1000.0, 0.0)(s);
        s.machine.crash_at_ms = Some(at);
    })
}

fn crashed(run: &Run) -> u32 {
    assert_eq!(run.report.completed + run.report.failed.crashed, 20);
    run.report.failed.crashed
}

#[test]
fn a_killed_sync_worker_loses_the_request_in_its_hands() {
    let run = killed(sync(8), 1400.0);
    assert_eq!(crashed(&run), 1);
    let death = run.deaths[0];
    assert_eq!((death.process, death.at, death.lost), (0, 1400 * MS, 1));
    assert_eq!(death.cause, Outcome::Crashed);
    assert!(death.respawned > death.at && death.respawned < NEVER);
}

#[test]
fn a_killed_gthread_worker_loses_its_queue_too() {
    let bound = |workers, accept| tuned(gthread(workers, 2), |g| g.accept = Some(accept));
    // Two were answered at 1 s; two run, and 16 wait in its own queue.
    for fidelity in [Fidelity::Textbook, Fidelity::Calibrated] {
        let mut alone = gthread(1, 2);
        alone.fidelity = fidelity;
        let alone = killed(alone, 1400.0);
        assert_eq!((crashed(&alone), alone.report.completed), (18, 2));
    }
    let run = killed(bound(4, Accept::Random), 1400.0);
    let mine = run
        .requests
        .iter()
        .filter(|r| run.lanes[r.lane as usize].process == 0);
    let before = mine
        .clone()
        .filter(|r| r.arrival == 0 && r.bound != NEVER || r.admitted == 0);
    let answered = mine.filter(|r| r.end <= 1400 * MS && r.outcome == Outcome::Answered);
    assert_eq!(crashed(&run) as usize, before.count() - answered.count());
    assert!(crashed(&run) >= 2);
}

#[test]
fn a_killed_loop_loses_everything_it_has() {
    assert_eq!(
        crashed(&killed(gunicorn(WorkerClass::Gevent, 1, 1), 400.0)),
        20
    );
    assert_eq!(
        crashed(&killed(gunicorn(WorkerClass::Asgi, 1, 1), 400.0)),
        20
    );
    assert_eq!(crashed(&killed(loops(1), 400.0)), 20);
    assert_eq!(crashed(&killed(loops(4), 400.0)), 5);
}

#[test]
fn one_dead_process_breaks_the_whole_pool() {
    let run = killed(processes(4), 1400.0);
    assert_eq!((run.report.completed, crashed(&run)), (4, 16));
    assert_eq!(run.deaths.len(), 4);
    assert_eq!(crashed(&killed(threads(4), 1400.0)), 16);
    let note = &run.report.notes[0];
    assert!(note.contains("BrokenProcessPool"), "{note}");
    let alone = killed(processes(1), 400.0);
    let note = &alone.report.notes[0];
    assert!(note.contains("BrokenProcessPool"), "{note}");
    let alone = killed(loops(1), 400.0);
    let note = &alone.report.notes[0];
    assert!(note.contains("no supervisor"), "{note}");
}

#[test]
fn a_lone_server_that_died_refuses_what_comes_later() {
    let run = with(loops(1), |s| {
        burst(20, 50.0, 0.0)(s);
        s.workload.arrivals = Arrivals::Paced { rate_per_s: 10.0 };
        s.machine.crash_at_ms = Some(1010.0);
    });
    let failed = run.report.failed;
    assert_eq!(
        (run.report.completed, failed.crashed, failed.refused),
        (10, 1, 9)
    );
}

#[test]
fn what_waits_in_the_kernel_survives_a_death() {
    let run = killed(sync(1), 500.0);
    assert_eq!((crashed(&run), run.report.completed), (1, 19));
    let respawned = run.deaths[0].respawned;
    assert_eq!(run.requests[1].admitted, respawned);
    assert_eq!(run.requests[19].end, respawned + 19_000 * MS);
}

#[test]
fn a_worker_past_the_last_one_is_the_last_one() {
    let run = with(sync(3), |s| {
        s.machine.crash_at_ms = Some(150.0);
        s.machine.crash_worker = 1000;
    });
    assert_eq!(run.deaths[0].process, 2);
}

#[test]
fn a_silent_sync_worker_is_killed_within_a_second_of_its_timeout() {
    let run = with(tuned(sync(2), |g| g.timeout_s = 2), |s| {
        burst(6, 500.0, 0.0)(s);
        s.workload.spread = Spread::Constant;
        s.workload.io_ms = 5000.0;
    });
    assert_eq!(run.report.failed.worker_timeout, 6);
    assert_eq!(ends(&run)[..2], [3000.0, 3000.0]);
    let fine = with(tuned(sync(2), |g| g.timeout_s = 6), |s| {
        burst(6, 5000.0, 0.0)(s)
    });
    assert_eq!(fine.report.completed, 6);
    let off = with(tuned(sync(2), |g| g.timeout_s = 0), |s| {
        burst(6, 5000.0, 0.0)(s)
    });
    assert_eq!(off.report.completed, 6);
}

#[test]
fn a_timeout_of_gthread_limits_no_request() {
    let run = with(tuned(gthread(1, 2), |g| g.timeout_s = 2), |s| {
        burst(4, 5000.0, 4000.0)(s)
    });
    assert_eq!(run.report.completed, 4);
    assert!(
        run.report
            .notes
            .iter()
            .any(|note| note.contains("main thread beats"))
    );
}

#[test]
fn a_blocked_loop_dies_with_everything_it_has_and_a_hub_with_what_runs() {
    let blocked = |class, io, cpu| {
        with(tuned(gunicorn(class, 1, 1), |g| g.timeout_s = 2), |s| {
            burst(3, io, cpu)(s)
        })
    };
    // A signal interrupts the one that runs in a hub, and the next one gets its turn; when that has blocked it for as
    // long again, the next signal takes all. A loop dies.
    for (class, died) in [
        (WorkerClass::Gevent, [3000.0, 6000.0, 6000.0]),
        (WorkerClass::Asgi, [4000.0; 3]),
    ] {
        let run = blocked(class, 0.0, 10_000.0);
        assert_eq!(run.report.failed.worker_timeout, 3);
        assert_eq!(ends(&run), died);
        // Waits do not block it.
        assert_eq!(blocked(class, 10_000.0, 1000.0).report.completed, 3);
    }
}

#[test]
fn a_signal_ends_what_was_there_and_not_what_comes_later() {
    let paced = |class, timeout_s, change: fn(&mut Scenario), rate_per_s| {
        with(
            tuned(gunicorn(class, 1, 1), |g| g.timeout_s = timeout_s),
            |s| {
                s.workload.io_ms = 0.0;
                s.workload.arrivals = Arrivals::Paced { rate_per_s };
                change(s);
            },
        )
    };
    // A loop that was signalled at 13 s ends at 13.5, when it is no longer blocked; the next request is another's.
    let run = paced(
        WorkerClass::Asgi,
        2,
        |s| {
            s.workload.requests = 4;
            s.workload.cpu_ms = 10.0;
            s.workload.heavy_every = Some(2);
            s.workload.heavy_cpu_ms = 3500.0;
        },
        0.1,
    );
    assert_eq!(run.report.completed, 4);
    assert_eq!(run.deaths[0].at, 13_500 * MS);
    // The second call takes as long as the first, and has as long to end after its signal.
    let run = paced(
        WorkerClass::Asgi,
        1,
        |s| {
            s.workload.requests = 3;
            s.workload.cpu_ms = 2100.0;
        },
        1.0 / 1.2,
    );
    assert!(
        run.deaths
            .iter()
            .all(|death| death.lost == 0 || death.at % (1000 * MS) != 0),
        "{:?}",
        run.deaths
    );
    // A hub that blocks again and again, with others in hand all the time, is another one each time.
    let run = paced(
        WorkerClass::Gevent,
        2,
        |s| {
            s.workload.requests = 400;
            s.workload.io_ms = 6000.0;
            s.workload.heavy_every = Some(100);
            s.workload.heavy_cpu_ms = 6100.0;
        },
        10.0,
    );
    let lost: Vec<_> = run.deaths.iter().map(|death| death.lost).collect();
    assert_eq!(lost, [1; 4]);
}

#[test]
fn clients_that_give_up_leave_their_work_behind() {
    let run = with(sync(1), |s| {
        burst(10, 100.0, 0.0)(s);
        s.workload.client_timeout_ms = Some(350.0);
    });
    assert_eq!(
        (run.report.completed, run.report.failed.client_timeout),
        (3, 7)
    );
    assert_eq!(run.report.latency_ms.max, 300.0);
    assert_eq!(run.report.makespan_ms, 350.0);
    // The server works on for another 650 ms.
    assert_eq!(run.requests[9].left, 1000 * MS);
    assert_eq!(run.at(999 * MS).in_hand.len(), 1);
    assert_eq!(run.at(1000 * MS).done, 10);
}

#[test]
fn a_client_of_a_closed_loop_goes_on_after_giving_up() {
    let run = with(sync(1), |s| {
        burst(4, 100.0, 0.0)(s);
        s.workload.arrivals = Arrivals::Closed {
            clients: 1,
            think_ms: 0.0,
        };
        s.workload.client_timeout_ms = Some(40.0);
    });
    let arrivals: Vec<_> = run.requests.iter().map(|r| r.arrival / MS).collect();
    assert_eq!(arrivals, [0, 40, 80, 120]);
    assert_eq!(run.report.failed.client_timeout, 4);
}

#[test]
fn a_full_backlog_makes_clients_knock_again() {
    let run = with(tuned(sync(1), |g| g.backlog = 5), |s| {
        burst(10, 100.0, 0.0)(s)
    });
    // One in hand, six in a backlog of five, and three come back after a second.
    let expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 11.0, 12.0, 13.0].map(|x| x * 100.0);
    assert_eq!(ends(&run), expected);
}

#[test]
fn clients_that_knock_in_one_go_take_themselves_for_connected() {
    let last = |arrivals| {
        let run = with(tuned(sync(1), |g| g.backlog = 1), |s| {
            burst(12, 1300.0, 0.0)(s);
            s.workload.arrivals = arrivals;
        });
        let admitted = run.requests.iter().map(|r| r.admitted / MS);
        admitted.max().unwrap()
    };
    // In one go they knock after 1 s and then 0.2, 0.6, 1.4, 3, 6.2, 12.6 and 25.4 s later; alone 1, 2,
    // 3, 4, 5, 7, 11 and 19 s after their first try.
    assert_eq!(last(Arrivals::Burst), 26_400);
    let alone = last(Arrivals::Paced { rate_per_s: 20.0 });
    assert!((19_000..20_000).contains(&alone), "{alone}");
}

#[test]
fn clients_give_up_knocking_in_the_end() {
    // 0, 60, 120 s: one each. A place is free from 60 s on; the first to knock after that has it.
    for arrivals in [Arrivals::Burst, Arrivals::Paced { rate_per_s: 20.0 }] {
        let run = with(tuned(sync(1), |g| (g.backlog, g.timeout_s) = (1, 0)), |s| {
            burst(30, 60_000.0, 0.0)(s);
            s.workload.arrivals = arrivals;
        });
        assert_eq!((run.report.completed, run.report.failed.refused), (4, 26));
        assert_eq!(run.report.makespan_ms, 240_000.0);
        let refused = run.requests.iter().filter(|r| r.admitted == NEVER);
        for request in refused {
            assert_eq!(request.outcome, Outcome::Refused);
            assert_eq!(request.end - request.arrival, 131_000 * MS);
        }
    }
}

#[test]
fn the_default_backlog_is_a_limit_under_calibrated_fidelity() {
    let five_thousand = |fidelity| {
        with(sync(4), |s| {
            burst(5000, 0.1, 0.0)(s);
            s.fidelity = fidelity;
        })
    };
    assert_eq!(five_thousand(Fidelity::Textbook).report.makespan_ms, 125.0);
    // The first 2053 are answered before the others knock again, after a second.
    let run = five_thousand(Fidelity::Calibrated);
    let admitted_before = |ms| run.requests.iter().filter(|r| r.admitted < ms * MS).count();
    assert_eq!([700, 1000].map(admitted_before), [2053; 2]);
    assert!(run.report.latency_ms.max > 1500.0);
}

#[test]
fn a_capped_worker_leaves_the_rest_to_the_kernel() {
    let capped = tuned(gthread(4, 2), |g| {
        g.accept = Some(Accept::Skewed);
        g.worker_connections = 3;
    });
    let run = with(capped, |_| {});
    // Nobody idles while anybody waits, but for the last connection of a worker.
    assert!(run.report.makespan_ms <= 12600.0);
    let process =
        |r: &concurrency_explained::simulation::Request| run.lanes[r.lane as usize].process;
    for p in 0..4 {
        let held = run.requests.iter().filter(|r| process(r) == p);
        let held = held.map(|r| (r.bound.min(r.admitted), r.end));
        assert!(most_at_once(held) <= 3);
    }
    let snapshot = run.at(50 * MS);
    assert_eq!(snapshot.queued_by_process, [1; 4]);
    assert_eq!((snapshot.queued, snapshot.in_hand.len()), (992, 8));
}

#[test]
fn a_capped_worker_of_one_queue_uses_no_more_threads_than_connections() {
    let capped = tuned(gthread(2, 8), |g| g.worker_connections = 3);
    assert_eq!(
        with(capped, |s| burst(60, 100.0, 0.0)(s))
            .report
            .makespan_ms,
        1000.0
    );
}

#[test]
fn skewed_workers_get_uneven_shares_and_all_seeds_their_own() {
    let mut most = Vec::new();
    for seed in 1..=200 {
        let run = with(gthread(4, 2), |s| {
            if let System::Gunicorn(g) = &mut s.system {
                g.accept = Some(Accept::Skewed);
            }
            s.seed = seed;
        });
        let share = |p| run.requests.iter().filter(|r| r.lane / 2 == p).count();
        most.push((0..4).map(share).max().unwrap());
    }
    most.sort_unstable();
    assert!((300..400).contains(&most[100]), "{}", most[100]);
    assert!(most[190] - most[10] > 100, "{} to {}", most[10], most[190]);
}

#[test]
fn a_switch_costs_what_it_is_said_to() {
    let cost = |us| {
        with(threads(2), |s| {
            burst(2, 0.0, 10.0)(s);
            s.machine.context_switch_us = us;
        })
    };
    // 5 + 5 + 5 + 5 ms with three hand-overs between them.
    assert_eq!(cost(0.0).report.makespan_ms, 20.0);
    let slow = cost(100.0);
    assert_eq!(
        slow.report.makespan_ms,
        20.0 + 0.1 * slow.report.context_switches as f64
    );
    // However dear, every turn gets on with its work.
    let dear = with(threads(3), |s| {
        burst(3, 1.0, 2.0)(s);
        s.machine.context_switch_us = 1000.0;
        s.machine.switch_interval_ms = 0.01;
        s.machine.cores = 1;
    });
    assert_eq!(dear.report.completed, 3);
}

#[test]
fn a_load_generator_takes_its_part_of_the_cores() {
    let generated = |s: &mut Scenario| {
        burst(100, 0.0, 0.0)(s);
        s.machine.client_cpu_ms = 1.0;
        s.machine.cores = 1;
    };
    let run = with(sync(1), generated);
    // 100 x 1 ms of the client's, and nothing else.
    assert_eq!(run.report.makespan_ms, 100.0);
    assert_eq!(run.report.cpu_utilisation, 1.0);
    // It opens every connection, 0.375 ms each, before it sends the first request.
    assert_eq!(run.requests[99].arrival, 99 * MS * 3 / 8);
    assert_eq!(run.requests[0].admitted, 100 * MS * 3 / 8 + MS / 8);
    // In a closed loop it sends the next request once it has read an answer.
    let closed = with(sync(1), |s| {
        generated(s);
        s.workload.arrivals = Arrivals::Closed {
            clients: 1,
            think_ms: 0.0,
        };
    });
    assert_eq!(closed.report.latency_ms.max, 1.0);
    assert_eq!(closed.report.makespan_ms, 100.0);
}

/// Five workers compute on one core, so that most of the time a holder of the GIL whose turn is over waits for
/// the core: killed at any moment, its worker loses what it had, and the next one takes turns as before.
#[test]
fn a_worker_may_die_while_its_thread_waits_for_a_core_to_let_go() {
    // Drawn by lot, so that each has some.
    let bound = tuned(gthread(5, 4), |g| g.accept = Some(Accept::Random));
    for at in (100..160).map(f64::from) {
        let run = with(bound.clone(), |s| {
            burst(100, 0.0, 40.0)(s);
            s.fidelity = Fidelity::Calibrated;
            s.machine.cores = 1;
            s.machine.crash_at_ms = Some(at);
        });
        let crashed = run.report.failed.crashed;
        assert!(crashed > 0, "at {at}");
        assert_eq!(
            (run.report.completed + crashed, run.deaths.len()),
            (100, 1),
            "at {at}"
        );
        for process in 0..5 {
            let running = run.spans.iter().filter(|span| {
                span.state == State::Running && run.lanes[span.lane as usize].process == process
            });
            assert_eq!(most_at_once(running.map(interval)), 1, "at {at}");
        }
    }
}

#[test]
fn an_asgi_worker_has_a_backlog_of_a_hundred_whatever_it_is_told() {
    let late = |system: Scenario, fidelity| {
        let run = with(system, |s| {
            burst(1000, 100.0, 0.0)(s);
            s.fidelity = fidelity;
        });
        assert_eq!(run.report.completed, 1000);
        let second = |r: &&Request| r.end - r.arrival > 1000 * MS;
        let late = run.requests.iter().filter(second).count();
        let said = format!("{late} connections found the backlog of 100 full");
        let noted = run.report.notes.iter().any(|note| note.starts_with(&said));
        assert_eq!(noted, late > 0);
        late
    };
    let asgi = |workers| gunicorn(WorkerClass::Asgi, workers, 1);
    // The kernel holds one more than it is told, for all workers of the socket.
    assert_eq!(late(asgi(1), Fidelity::Calibrated), 899);
    assert_eq!(late(asgi(4), Fidelity::Calibrated), 899);
    let told = tuned(asgi(1), |g| g.backlog = 2000);
    assert_eq!(late(told, Fidelity::Calibrated), 899);
    assert_eq!(late(asgi(1), Fidelity::Textbook), 0);
    assert_eq!(late(loops(1), Fidelity::Calibrated), 0);
    let gevent = gunicorn(WorkerClass::Gevent, 1, 1);
    assert_eq!(late(gevent, Fidelity::Calibrated), 0);
}

#[test]
fn connections_that_a_dead_worker_had_not_accepted_are_not_lost() {
    for workers in [1, 4] {
        let run = with(gunicorn(WorkerClass::Asgi, workers, 1), |s| {
            burst(100, 100.0, 0.0)(s);
            s.fidelity = Fidelity::Calibrated;
            s.machine.crash_at_ms = Some(0.5);
        });
        // In half a millisecond a loop accepts a few.
        let lost = run.report.failed.crashed;
        assert!((1..=10).contains(&lost), "{lost}");
        assert_eq!(run.report.completed + lost, 100);
        let respawned = run.deaths[0].respawned;
        // The others take them, or the one that takes its place.
        let waited = run.requests.iter().filter(|r| r.end > respawned).count();
        assert_eq!(waited > 0, workers == 1);
    }
}

#[test]
fn hubs_without_a_core_are_interrupted_before_they_have_accepted() {
    let system = tuned(gunicorn(WorkerClass::Gevent, 256, 1), |g| g.timeout_s = 1);
    let run = with(system, |s| {
        burst(3000, 0.0, 300.0)(s);
        s.machine.cores = 1;
        s.fidelity = Fidelity::Calibrated;
    });
    let failed = &run.report.failed;
    assert!(failed.worker_timeout > 0);
    assert_eq!(run.report.completed + failed.worker_timeout, 3000);
    assert!(run.report.peak_in_flight <= 3000);
}
