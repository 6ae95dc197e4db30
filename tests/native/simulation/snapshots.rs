//! A run seen at one moment agrees with its requests and spans, one by one.

use concurrency_explained::simulation::{InHand, Snapshot, run};
use proptest::prelude::*;

use super::shapes::{Shape, config, scenario};
use super::support::*;

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_snapshot_finds_every_request(s in scenario(), share in 0.0..1.1) {
        let run = run(&s);
        let shape = Shape::of(&s.system);
        let somewhere = (run.report.makespan_ms * 1e6 * share) as u64;
        let changes = run.spans.iter().map(|x| x.end).step_by(7);
        for t in changes.chain([0, somewhere]) {
            let mut expected = Snapshot::default();
            if !shape.shared {
                expected.queued_by_process = vec![0; shape.processes as usize];
            }
            for (number, r) in run.requests.iter().enumerate() {
                if t < r.arrival {
                    expected.pending += 1;
                } else if t < r.admitted {
                    expected.queued += 1;
                    expected.queue.push(number as u32);
                    if !shape.shared && r.bound <= t {
                        let process = run.lanes[r.lane as usize].process;
                        expected.queued_by_process[process as usize] += 1;
                    }
                } else if t < r.end {
                    let mut story = run.story(number as u32);
                    let span = story.find(|x| x.start <= t && t < x.end).unwrap();
                    expected.in_hand.push(InHand {
                        request: span.request,
                        lane: span.lane,
                        state: span.state,
                        since: span.start,
                    });
                } else {
                    expected.done += 1;
                }
            }
            prop_assert_eq!(run.at(t), expected);
        }
    }

    #[test]
    fn a_story_is_all_of_a_requests_spans(s in scenario()) {
        let run = run(&s);
        for number in 0..run.requests.len() as u32 {
            let all = run.spans.iter().filter(|x| x.request == number);
            prop_assert!(run.story(number).eq(all));
        }
        prop_assert_eq!(run.story(run.requests.len() as u32).count(), 0);
    }
}

#[test]
fn the_queue_is_named_up_to_its_64th_request() {
    let run = with(sync(8), |_| {});
    let snapshot = run.at(150 * MS);
    assert_eq!(
        (snapshot.pending, snapshot.queued, snapshot.done),
        (0, 984, 8)
    );
    assert_eq!(snapshot.queue, (16..80).collect::<Vec<_>>());
    assert_eq!(snapshot.in_hand.len(), 8);
    assert_eq!(run.at(u64::MAX).done, 1000);
}
