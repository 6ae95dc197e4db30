//! Laws that every run obeys, over random small scenarios.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::{Nanos, Run, Span, State, check, report, run};
use proptest::prelude::*;

use super::shapes::{Shape, config, scenario, system, workload};
use super::support::*;

/// What each request has to do, from a system that never makes two requests share anything.
fn work(scenario: &Scenario) -> (Vec<Nanos>, Vec<Nanos>) {
    let alone = with(processes(1), |s| {
        s.workload = scenario.workload.clone();
        s.workload.arrivals = Arrivals::Burst;
        s.seed = scenario.seed;
    });
    (time_in(&alone, State::Running), time_in(&alone, State::Io))
}

/// The interpreter that a lane runs on: its process's, or its own in a free-threaded build.
fn interpreter(scenario: &Scenario, run: &Run, span: &Span) -> u32 {
    match Shape::of(&scenario.system).threaded && !scenario.machine.gil {
        true => span.lane,
        false => run.lanes[span.lane as usize].process,
    }
}

/// Moments at which anything changes, and how many spans in `state` lie between each two.
fn profile(run: &Run, state: State) -> Vec<(Nanos, Nanos, usize)> {
    let mut moments: Vec<_> = run.spans.iter().flat_map(|s| [s.start, s.end]).collect();
    moments.sort_unstable();
    moments.dedup();
    let spans: Vec<_> = run.spans.iter().filter(|s| s.state == state).collect();
    moments
        .windows(2)
        .map(|w| {
            let within = spans.iter().filter(|s| s.start <= w[0] && w[1] <= s.end);
            (w[0], w[1], within.count())
        })
        .collect()
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn every_request_is_answered_in_order_of_its_life(s in scenario()) {
        prop_assert!(check(&s).is_ok());
        let run = run(&s);
        // Recording what requests do changes nothing of it.
        prop_assert_eq!(&report(&s), &run.report);
        prop_assert_eq!(run.requests.len() as u32, s.workload.requests);
        let failed = run.report.failed;
        let failures = failed.client_timeout + failed.worker_timeout + failed.refused + failed.crashed;
        prop_assert_eq!(run.report.completed + failures, s.workload.requests);
        prop_assert!(run.requests.is_sorted_by_key(|r| r.arrival));
        prop_assert!(run.spans.is_sorted_by_key(|s| s.end));
        for r in &run.requests {
            prop_assert!(r.arrival <= r.admitted && r.admitted <= r.start && r.start <= r.end);
        }
        let last = run.requests.iter().map(|r| r.end).max().unwrap();
        prop_assert_eq!(run.report.makespan_ms, last as f64 / 1e6);
    }

    #[test]
    fn spans_cover_a_request_from_its_lane_to_its_end(s in scenario()) {
        let run = run(&s);
        for (number, r) in run.requests.iter().enumerate() {
            let mut at = r.admitted;
            let mut first_step = None;
            for span in run.spans.iter().filter(|span| span.request == number as u32) {
                prop_assert_eq!((span.start, span.lane), (at, r.lane));
                prop_assert!(span.start < span.end);
                if span.state != State::Ready {
                    first_step.get_or_insert(span.start);
                }
                at = span.end;
            }
            prop_assert_eq!(at, r.end);
            prop_assert_eq!(r.start, first_step.unwrap_or(r.end));
        }
    }

    #[test]
    fn nobody_has_more_in_hand_than_it_has_slots(s in scenario()) {
        let run = run(&s);
        let shape = Shape::of(&s.system);
        let handlers = run.requests.iter().map(|r| (r.start, r.end));
        prop_assert_eq!(most_at_once(handlers), run.report.peak_in_flight as usize);
        if let Some(capacity) = shape.capacity() {
            prop_assert!(run.report.peak_in_flight <= capacity);
        }
        for lane in 0..run.lanes.len() as u32 {
            let in_hand = run.requests.iter().filter(|r| r.lane == lane);
            let most = most_at_once(in_hand.map(|r| (r.admitted, r.end)));
            let slots = if shape.threaded { Some(1) } else { shape.slots };
            prop_assert!(slots.is_none_or(|slots| most <= slots as usize));
        }
    }

    #[test]
    fn nobody_waits_in_the_queue_past_a_free_slot(s in scenario()) {
        let run = run(&s);
        let shape = Shape::of(&s.system);
        let Some(capacity) = shape.capacity() else {
            prop_assert!(run.requests.iter().all(|r| r.admitted == r.arrival));
            return Ok(());
        };
        for waiting in run.requests.iter().filter(|r| r.arrival < r.admitted) {
            // The moment before it got its lane, every slot that it could have had was taken.
            let t = waiting.admitted - 1;
            let process = run.lanes[waiting.lane as usize].process;
            let taken = run.requests.iter().filter(|r| {
                let same = shape.shared || run.lanes[r.lane as usize].process == process;
                same && r.admitted <= t && t < r.end
            });
            let slots = if shape.shared { capacity } else { capacity / shape.processes };
            prop_assert_eq!(taken.count() as u32, slots);
        }
        for process in 0..shape.processes {
            let queue = run.requests.iter().filter(|r| {
                shape.shared || run.lanes[r.lane as usize].process == process
            });
            prop_assert!(queue.is_sorted_by_key(|r| r.admitted));
        }
    }

    /// Where nothing else happens at the instant of an arrival, it goes to the process with the
    /// fewest requests in hand among those with a free slot.
    #[test]
    fn a_shared_queue_serves_the_least_busy_process_first(s in scenario()) {
        let run = run(&s);
        let shape = Shape::of(&s.system);
        if !shape.shared {
            return Ok(());
        }
        for r in run.requests.iter().filter(|r| r.admitted == r.arrival) {
            let t = r.arrival;
            let others = || run.requests.iter().filter(|o| *o != r);
            if others().any(|o| o.arrival == t || o.admitted == t || o.end == t) {
                continue;
            }
            let in_hand = |process| {
                let here = others().filter(|o| {
                    o.admitted < t && t < o.end && run.lanes[o.lane as usize].process == process
                });
                here.count() as u32
            };
            let mine = in_hand(run.lanes[r.lane as usize].process);
            prop_assert!((0..shape.processes).all(|process| mine <= in_hand(process)));
        }
    }

    #[test]
    fn an_interpreter_runs_one_request_at_a_time(s in scenario()) {
        let run = run(&s);
        for number in 0..run.lanes.len() as u32 {
            let held = run.spans.iter().filter(|span| {
                span.state == State::Running && interpreter(&s, &run, span) == number
            });
            prop_assert!(most_at_once(held.map(interval)) <= 1);
        }
    }

    #[test]
    fn turns_end_while_others_wait_and_only_then(s in scenario()) {
        let run = run(&s);
        let preempts = Shape::of(&s.system).threaded;
        let turn = (s.machine.switch_interval_ms * 1e6) as Nanos;
        let ready: Vec<_> = run.spans.iter().filter(|x| x.state == State::Ready).collect();
        for held in run.spans.iter().filter(|x| x.state == State::Running) {
            let here = interpreter(&s, &run, held);
            let first = ready.iter().filter(|x| {
                interpreter(&s, &run, x) == here && x.start < held.end && held.start < x.end
            });
            let waited_from = first.map(|x| x.start.max(held.start)).min();
            let preempted = ready
                .iter()
                .any(|x| x.request == held.request && x.start == held.end);
            if preempts && let Some(from) = waited_from {
                prop_assert!(held.end <= from + turn);
                prop_assert!(!preempted || held.end == from + turn);
            } else {
                prop_assert!(!preempted);
            }
        }
    }

    #[test]
    fn every_wait_and_every_cpu_time_is_the_one_drawn(s in scenario()) {
        let run = run(&s);
        let (cpu, io) = work(&s);
        prop_assert_eq!(time_in(&run, State::Io), io);
        let busy: u64 = cpu.iter().sum();
        let core_time = run.report.makespan_ms * 1e6 * f64::from(s.machine.cores);
        prop_assert!(run.report.cpu_utilisation <= 1.0);
        let spent = run.report.cpu_utilisation * core_time;
        let roundings = run.spans.len() as f64 * f64::from(s.machine.cores);
        prop_assert!((spent - busy as f64).abs() <= 1.0 + roundings);
        let running = profile(&run, State::Running);
        if running.iter().all(|&(_, _, n)| n <= s.machine.cores as usize) {
            prop_assert_eq!(time_in(&run, State::Running), cpu);
        }
    }

    /// Cores are shared equally and never oversold: a request's CPU time is what its share of
    /// the cores comes to while it runs; never less, and less than a nanosecond more for each
    /// change (a hundredth is left to the sums of floats).
    #[test]
    fn cores_are_shared_equally(s in scenario()) {
        let run = run(&s);
        let (cpu, _) = work(&s);
        let running = profile(&run, State::Running);
        for (number, drawn) in cpu.iter().enumerate() {
            let spans = run.story(number as u32).filter(|x| x.state == State::Running);
            let granted: f64 = spans
                .flat_map(|x| running.iter().filter(|(a, b, _)| x.start <= *a && *b <= x.end))
                .map(|&(a, b, n)| {
                    (b - a) as f64 * (f64::from(s.machine.cores) / n as f64).min(1.0)
                })
                .sum();
            let changes = running.len() as f64;
            let excess = granted - *drawn as f64;
            prop_assert!((-0.01..=changes).contains(&excess), "{granted} of {drawn}");
        }
    }

    #[test]
    fn a_pool_never_exceeds_its_size(s in scenario()) {
        let run = run(&s);
        let size = s.workload.pool_size.unwrap_or(u32::MAX) as usize;
        let processes = run.lanes.last().unwrap().process + 1;
        for process in 0..processes {
            let here = |x: &&Span| run.lanes[x.lane as usize].process == process;
            let calls = run.spans.iter().filter(|x| x.state == State::Io).filter(here);
            prop_assert!(most_at_once(calls.map(interval)) <= size);
        }
        let waited = run.spans.iter().any(|x| x.state == State::Connection);
        prop_assert!(!waited || s.workload.pool_size.is_some());
    }

    /// Little's law holds on every run: requests in the system, summed over time, are latencies,
    /// summed over requests.
    #[test]
    fn littles_law_holds_exactly(s in scenario()) {
        let run = run(&s);
        let latencies: u64 = run.requests.iter().map(|r| r.end - r.arrival).sum();
        prop_assert_eq!(requests_over_time(&run), latencies);
        let mean = run.report.latency_ms.mean * 1e6 * f64::from(run.report.completed);
        prop_assert!((mean - latencies as f64).abs() <= latencies as f64 * 1e-12);
    }

    #[test]
    fn the_same_seed_gives_the_same_run(s in scenario()) {
        let (first, second) = (run(&s), run(&s));
        prop_assert_eq!(first.fingerprint(), second.fingerprint());
        prop_assert_eq!(first, second);
    }

    #[test]
    fn systems_under_one_seed_face_the_same_requests(
        workload in workload(), one in system(), other in system(), seed in 0..1000u64
    ) {
        let runs = [one, other].map(|system| {
            run(&Scenario { workload: workload.clone(), seed, ..Scenario::new(system) })
        });
        prop_assert_eq!(time_in(&runs[0], State::Io), time_in(&runs[1], State::Io));
        if !matches!(workload.arrivals, Arrivals::Closed { .. }) {
            let arrivals = |run: &Run| run.requests.iter().map(|r| r.arrival).collect::<Vec<_>>();
            prop_assert_eq!(arrivals(&runs[0]), arrivals(&runs[1]));
        }
    }

    #[test]
    fn more_slots_never_lengthen_a_burst_of_waits(
        mut workload in workload(), slots in 1..12u32, seed in 0..1000u64
    ) {
        workload.arrivals = Arrivals::Burst;
        workload.cpu_ms = 0.0;
        workload.pool_size = None;
        // Independent jobs in a fixed order: Graham's anomalies need precedence between them.
        let time = |slots| {
            let scenario = Scenario { workload: workload.clone(), seed, ..threads(slots) };
            run(&scenario).report.makespan_ms
        };
        prop_assert!(time(slots + 1) <= time(slots));
    }
}
