//! Laws that hold however much goes wrong, and under calibrated fidelity.

use concurrency_explained::simulation::{NEVER, Outcome, State, check, report, run};
use proptest::prelude::*;

use super::shapes::{config, troubled};
use super::support::*;

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn every_request_is_answered_or_fails(s in troubled()) {
        prop_assert!(check(&s).is_ok());
        let run = run(&s);
        prop_assert_eq!(&report(&s), &run.report);
        let (failed, requests) = (run.report.failed, &run.requests);
        let failures = failed.client_timeout + failed.worker_timeout + failed.refused + failed.crashed;
        prop_assert_eq!(run.report.completed + failures, s.workload.requests);
        prop_assert_eq!(requests.len() as u32, s.workload.requests);
        prop_assert!(requests.is_sorted_by_key(|r| r.arrival));
        prop_assert!(run.spans.is_sorted_by_key(|span| span.end));
        for r in requests {
            prop_assert!(r.end != NEVER && r.left != NEVER && r.arrival <= r.end);
            let went = [r.arrival, r.bound, r.admitted, r.start];
            let went: Vec<_> = went.into_iter().filter(|t| *t != NEVER).collect();
            prop_assert!(went.is_sorted() && went.iter().all(|t| *t <= r.left), "{:?}", r);
            if r.outcome == Outcome::Answered {
                prop_assert!(r.left <= r.end && r.start != NEVER);
                let most = s.workload.client_timeout_ms.unwrap_or(f64::MAX);
                prop_assert!((r.end - r.arrival) as f64 <= most * 1e6 + 1.0);
            }
        }
        let lost: u32 = run.deaths.iter().map(|death| death.lost).sum();
        prop_assert!(lost <= failed.crashed + failed.worker_timeout);
        prop_assert!(run.report.cpu_utilisation <= 1.0 + 1e-9);
    }

    #[test]
    fn spans_cover_a_request_for_as_long_as_it_has_a_lane(s in troubled()) {
        let run = run(&s);
        for (number, r) in run.requests.iter().enumerate() {
            let mut at = r.admitted;
            for span in run.story(number as u32) {
                prop_assert_eq!((span.start, span.lane), (at, r.lane));
                prop_assert!(span.start < span.end);
                at = span.end;
            }
            prop_assert_eq!(at, if r.admitted == NEVER { NEVER } else { r.left });
        }
    }

    #[test]
    fn a_snapshot_has_every_request_in_one_place(s in troubled(), share in 0.0..1.1) {
        let run = run(&s);
        let somewhere = (run.report.makespan_ms * 1e6 * share) as u64;
        let deaths = run.deaths.iter().map(|death| death.at);
        for t in run.spans.iter().map(|x| x.end).step_by(7).chain(deaths).chain([0, somewhere]) {
            let snapshot = run.at(t);
            let there = snapshot.pending + snapshot.queued + snapshot.done;
            prop_assert_eq!(there + snapshot.in_hand.len() as u32, s.workload.requests);
            prop_assert!(snapshot.queued_by_process.iter().sum::<u32>() <= snapshot.queued);
            for busy in &snapshot.in_hand {
                let mut story = run.story(busy.request);
                let span = story.find(|x| x.start <= t && t < x.end).unwrap();
                prop_assert_eq!((span.state, span.start), (busy.state, busy.since));
            }
        }
    }

    #[test]
    fn littles_law_counts_failures_too(s in troubled()) {
        let run = run(&s);
        let stays: u64 = run.requests.iter().map(|r| r.end - r.arrival).sum();
        prop_assert_eq!(requests_over_time(&run), stays);
    }

    #[test]
    fn nothing_runs_on_a_dead_process(s in troubled()) {
        let run = run(&s);
        for death in &run.deaths {
            let alive = run.spans.iter().all(|span| {
                run.lanes[span.lane as usize].process != death.process
                    || span.end <= death.at
                    || span.start >= death.respawned
            });
            prop_assert!(alive);
        }
        for process in 0..=run.lanes.last().unwrap().process {
            let held = run.spans.iter().filter(|span| {
                span.state == State::Running
                    && run.lanes[span.lane as usize].process == process
            });
            prop_assert!(!s.machine.gil || most_at_once(held.map(interval)) <= 1);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_troubles(s in troubled()) {
        prop_assert_eq!(run(&s), run(&s));
    }
}
