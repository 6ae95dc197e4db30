//! Answers known in advance: the whiteboard's arithmetic, to the nanosecond.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{State, run};

use super::support::*;

#[test]
fn the_documented_answers_hold_exactly() {
    assert_eq!(makespan(gunicorn(WorkerClass::Sync, 4, 2)), 12500.0);
    assert_eq!(makespan(event_loop(Handlers::Async)), 100.0);
    assert_eq!(makespan(threads(20)), 5000.0);
    let hundred = with(threads(20), |s| s.workload.requests = 100);
    assert_eq!(hundred.report.makespan_ms, 500.0);
    let pooled = with(loops(1), |s| s.workload.pool_size = Some(10));
    assert_eq!(pooled.report.makespan_ms, 10000.0);
    assert_eq!(makespan(event_loop(Handlers::Sync)), 2500.0);
    assert_eq!(makespan(gunicorn(WorkerClass::Gevent, 1, 1)), 100.0);
}

#[test]
fn the_articles_report_holds_exactly() {
    let report = run(&gunicorn(WorkerClass::Sync, 4, 2)).report;
    assert_eq!((report.completed, report.peak_in_flight), (1000, 8));
    assert_eq!(report.throughput_rps, 80.0);
    // 125 waves: the mean of 100, 200, ... 12500.
    let (latency, wait) = (report.latency_ms, report.wait_ms);
    assert_eq!(
        (latency.mean, latency.p50, latency.max),
        (6300.0, 6300.0, 12500.0)
    );
    // Nearest rank 900 is in wave 113, 950 in 119, 990 in 124.
    assert_eq!(
        (latency.p90, latency.p95, latency.p99),
        (11300.0, 11900.0, 12400.0)
    );
    assert_eq!((wait.mean, wait.max), (6200.0, 12400.0));
    assert_eq!(report.cpu_utilisation, 0.0);
    assert_eq!(
        report.notes,
        ["worker_class 'sync' with 2 threads runs as gthread"]
    );
}

#[test]
fn an_arrival_at_the_instant_of_an_answer_takes_its_place() {
    for system in [loops(1), threads(200), sync(200)] {
        let run = with(system, |s| {
            s.workload.arrivals = Arrivals::Paced { rate_per_s: 1000.0 };
        });
        assert_eq!(run.report.peak_in_flight, 100);
    }
}

#[test]
fn a_pure_wait_is_one_span() {
    let run = with(loops(1), |s| s.workload.io_calls = 7);
    assert_eq!(run.spans.len(), 1000);
    assert!(
        run.spans
            .iter()
            .all(|s| s.state == State::Io && s.end == 100 * MS)
    );
}

#[test]
fn two_threads_take_turns_at_the_gil() {
    let run = with(threads(2), burst(2, 0.0, 10.0));
    assert_eq!(ends(&run), [15.0, 20.0]);
    assert_eq!(run.report.context_switches, 3);
    assert_eq!(run.report.cpu_utilisation, 0.25);
}

#[test]
fn a_thread_alone_is_never_preempted() {
    let run = with(threads(1), burst(1, 0.0, 1000.0));
    assert_eq!((run.spans.len(), run.report.context_switches), (1, 0));
}

#[test]
fn only_hand_overs_between_requests_are_switches() {
    let switches = |n| {
        let run = with(loops(1), |s| {
            burst(n, 30.0, 4.0)(s);
            s.workload.io_calls = 3;
        });
        run.report.context_switches
    };
    // One request comes back to its loop three times; two alternate in their four segments.
    assert_eq!((switches(1), switches(2)), (0, 7));
}

#[test]
fn a_turn_is_counted_from_the_first_waiters_arrival() {
    // The second call comes 7 ms into the first, which then has 5 ms left of its turn.
    let run = with(threads(2), |s| {
        burst(2, 0.0, 20.0)(s);
        s.workload.arrivals = Arrivals::Paced {
            rate_per_s: 1000.0 / 7.0,
        };
    });
    assert_eq!(run.spans[0].end, 12 * MS);
    assert_eq!(run.requests[1].start, 12 * MS);
}

#[test]
fn an_answer_waits_for_the_gil_behind_a_busy_thread() {
    // Each does 4 ms, waits 1 ms, does 4 ms; turns of 100 ms never end.
    let run = with(threads(2), |s| {
        burst(2, 1.0, 8.0)(s);
        s.machine.switch_interval_ms = 100.0;
    });
    // First: 0-4, waits to 5, ready to 8, 8-12. Second: 4-8, waits to 9, ready to 12, 12-16.
    assert_eq!(ends(&run), [12.0, 16.0]);
}

#[test]
fn cpu_bound_threads_gain_from_cores_only_without_a_gil() {
    assert_eq!(
        with(threads(4), burst(4, 0.0, 100.0)).report.makespan_ms,
        400.0
    );
    let free = with(threads(4), |s| {
        burst(4, 0.0, 100.0)(s);
        s.machine.gil = false;
    });
    assert_eq!(free.report.makespan_ms, 100.0);
    assert_eq!(free.report.cpu_utilisation, 1.0);
    assert_eq!(
        with(processes(4), burst(4, 0.0, 100.0)).report.makespan_ms,
        100.0
    );
}

/// PEP 779: 5 to 10 % slower where nothing runs beside it.
#[test]
fn a_real_build_without_a_gil_takes_longer_for_each_thread() {
    let one = |gil| {
        with(threads(1), |s| {
            burst(10, 0.0, 100.0)(s);
            s.fidelity = Fidelity::Calibrated;
            s.machine.gil = gil;
        })
        .report
        .makespan_ms
    };
    let longer = one(false) / one(true);
    assert!((1.05..=1.1).contains(&longer), "{longer}");
}

#[test]
fn processes_share_cores_equally() {
    let three_on_two = with(processes(3), |s| {
        burst(3, 0.0, 100.0)(s);
        s.machine.cores = 2;
    });
    assert_eq!(ends(&three_on_two), [150.0; 3]);
    let eight_on_four = with(sync(8), burst(8, 0.0, 100.0));
    assert_eq!(ends(&eight_on_four), [200.0; 8]);
}

#[test]
fn a_loop_runs_each_handler_to_its_next_wait() {
    let without_wait = with(loops(1), burst(10, 0.0, 10.0));
    let expected: Vec<_> = (1..=10).map(|k| f64::from(k) * 10.0).collect();
    assert_eq!(ends(&without_wait), expected);
    // Halves of 5 ms: the first ones one after the other from 0, the second ones from 105.
    let with_wait = with(loops(1), burst(10, 100.0, 10.0));
    let expected: Vec<_> = (0..10).map(|k| 110.0 + f64::from(k) * 5.0).collect();
    assert_eq!(ends(&with_wait), expected);
    let waits: Vec<_> = with_wait.requests.iter().map(|r| r.start / MS).collect();
    assert_eq!(waits, (0..10).map(|k| k * 5).collect::<Vec<_>>());
}

#[test]
fn a_burst_of_cpu_on_one_loop_takes_all_the_cpu_time() {
    // 1000 x 1 ms: answers come from 100.5 on, and wait behind all first halves until 500.
    let run = with(loops(1), burst(1000, 100.0, 1.0));
    let expected: Vec<_> = (1..=1000).map(|k| 500.0 + f64::from(k) * 0.5).collect();
    assert_eq!(ends(&run), expected);
    assert_eq!(run.report.peak_in_flight, 1000);
}

#[test]
fn loops_share_requests_evenly() {
    let run = with(loops(4), burst(1000, 0.0, 1.0));
    assert_eq!(run.report.makespan_ms, 250.0);
    let run = with(loops(3), |s| {
        s.workload.arrivals = Arrivals::Paced { rate_per_s: 1.0 }
    });
    let on = |lane| run.requests.iter().filter(|r| r.lane == lane).count();
    assert_eq!([on(0), on(1), on(2)], [334, 333, 333]);
}

#[test]
fn connections_are_counted_by_process() {
    let pool = |size| move |s: &mut Scenario| s.workload.pool_size = Some(size);
    assert_eq!(with(loops(4), pool(10)).report.makespan_ms, 2500.0);
    assert_eq!(with(threads(20), pool(5)).report.makespan_ms, 20000.0);
    assert_eq!(with(gthread(4, 2), pool(1)).report.makespan_ms, 25000.0);
    assert_eq!(with(processes(20), pool(1)).report.makespan_ms, 5000.0);
    // Two calls of 50 ms each queue twice, with the same total.
    let twice = with(loops(1), |s| {
        pool(10)(s);
        s.workload.io_calls = 2;
    });
    assert_eq!(twice.report.makespan_ms, 10000.0);
}

#[test]
fn gevent_takes_so_many_connections_and_asgi_takes_all() {
    let limited = |class| {
        let mut scenario = gunicorn(class, 2, 1);
        if let System::Gunicorn(gunicorn) = &mut scenario.system {
            gunicorn.worker_connections = 100;
        }
        run(&scenario).report
    };
    assert_eq!(limited(WorkerClass::Gevent).makespan_ms, 500.0);
    let asgi = limited(WorkerClass::Asgi);
    assert_eq!(asgi.makespan_ms, 100.0);
    assert_eq!(
        asgi.notes,
        ["worker_class 'asgi' ignores worker_connections = 100"]
    );
}

#[test]
fn settings_without_effect_are_noted() {
    let notes = |class, async_views| {
        let mut scenario = gunicorn(class, 2, 4);
        if let System::Gunicorn(gunicorn) = &mut scenario.system {
            gunicorn.async_views = async_views;
        }
        run(&scenario).report.notes
    };
    assert!(notes(WorkerClass::Gthread, false).is_empty());
    let mut one = gunicorn(WorkerClass::Sync, 4, 1);
    if let System::Gunicorn(gunicorn) = &mut one.system {
        gunicorn.worker_connections = 1;
    }
    assert_eq!(
        run(&one).report.notes,
        ["worker_class 'sync' ignores worker_connections = 1"]
    );
    assert_eq!(
        notes(WorkerClass::Gevent, false),
        ["worker_class 'gevent' ignores threads = 4"]
    );
    let flask = notes(WorkerClass::Gthread, true);
    assert!(flask.len() == 1 && flask[0].contains("each async view occupies its thread"));
}

#[test]
fn a_free_slot_takes_an_arrival_of_the_same_instant_without_a_wait() {
    let run = with(sync(1), |s| {
        s.workload.requests = 50;
        s.workload.arrivals = Arrivals::Paced { rate_per_s: 10.0 };
    });
    assert_eq!(run.report.makespan_ms, 5000.0);
    assert_eq!(run.report.wait_ms.max, 0.0);
    assert_eq!(run.report.peak_in_flight, 1);
}

#[test]
fn of_idle_processes_the_one_that_rested_longest_is_next() {
    for workers in [1, 2, 3, 5, 8, 13] {
        let run = with(sync(workers), |s| {
            s.workload.requests = 50;
            s.workload.arrivals = Arrivals::Paced { rate_per_s: 10.0 };
        });
        let lanes = run.requests.iter().map(|r| r.lane);
        assert!(lanes.eq((0..50).map(|number| number % workers)));
    }
}

#[test]
fn clients_of_a_closed_loop_wait_for_their_answers() {
    let closed = |clients, think_ms| {
        move |s: &mut Scenario| {
            s.workload.requests = 100;
            s.workload.arrivals = Arrivals::Closed { clients, think_ms };
        }
    };
    let saturated = with(sync(4), closed(8, 0.0));
    assert_eq!(saturated.report.throughput_rps, 40.0);
    assert_eq!(saturated.report.latency_ms.p50, 200.0);
    // 4 clients in step, a request each 150 ms: the 25th is answered at 24 x 150 + 100.
    let thinking = with(sync(4), closed(4, 50.0));
    assert_eq!(thinking.report.makespan_ms, 3700.0);
    assert_eq!(thinking.report.wait_ms.max, 0.0);
    // More clients than requests are a burst.
    assert_eq!(with(sync(4), closed(1000, 50.0)).report.makespan_ms, 2500.0);
}

#[test]
fn requests_without_work_take_no_time() {
    for scenario in [sync(2), gthread(2, 2), loops(1), threads(3), processes(2)] {
        let run = with(scenario, |s| {
            burst(1000, 0.0, 0.0)(s);
            s.workload.pool_size = Some(1);
        });
        let report = &run.report;
        assert_eq!((report.makespan_ms, report.completed), (0.0, 1000));
        assert_eq!((report.throughput_rps, report.cpu_utilisation), (0.0, 0.0));
        // What takes no time is never in flight, as no snapshot shows it.
        assert_eq!(report.peak_in_flight, 0);
        assert!(run.spans.is_empty());
    }
}

#[test]
fn memory_is_near_what_was_measured() {
    for (scenario, megabytes) in [
        (sync(1), 40.7),
        (sync(8), 160.1),
        (gunicorn(WorkerClass::Sync, 4, 2), 94.0),
        (gunicorn(WorkerClass::Gevent, 1, 1), 65.9),
        (gunicorn(WorkerClass::Gevent, 4, 1), 132.0),
        (loops(1), 68.6),
        (loops(4), 197.0),
    ] {
        let estimate = run(&scenario).report.memory_mb;
        assert!(
            (estimate / megabytes - 1.0).abs() < 0.1,
            "{estimate} MB, measured {megabytes}: {:?}",
            scenario.system
        );
    }
}

/// One request of three computes for 40 ms, the others for 1 ms: a loop runs them in turn.
#[test]
fn heavy_requests_compute_for_as_long_as_they_are_told() {
    let run = with(event_loop(Handlers::Async), |scenario| {
        burst(6, 0.0, 1.0)(scenario);
        scenario.workload.heavy_every = Some(3);
        scenario.workload.heavy_cpu_ms = 40.0;
    });
    assert_eq!(ends(&run), [1.0, 2.0, 42.0, 43.0, 44.0, 84.0]);
}

/// A sync worker has no queue of its own to bind a request to.
#[test]
fn sync_workers_accept_late_whatever_they_are_told() {
    let run = with(sync(4), |scenario| {
        burst(1000, 100.0, 0.0)(scenario);
        if let System::Gunicorn(gunicorn) = &mut scenario.system {
            gunicorn.accept = Some(Accept::Random);
        }
    });
    assert_eq!(run.report.makespan_ms, 25_000.0);
    assert!(run.report.notes[0].contains("accepts only when idle"));
}
