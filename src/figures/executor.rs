//! A thread pool at work: the main thread, the unbounded queue, the workers.

use crate::parts::{
    Caption, Case, Diagram, Figure, Model, Scene, Setup, Stage, Svg, WIDTH, middle, model_figure,
};
use crate::scenario::{Executor, System};
use crate::simulation::State;
use crate::words::{grouped, milliseconds};

const NAME: &str = "executor";

pub(super) const FIGURE: Figure = Figure {
    name: NAME,
    wide: false,
    setup: || {
        let system = System::Executor(Executor::default());
        Setup::new(vec![Case::new(NAME, "Thread pool", system)], |scenario| {
            scenario.workload.requests = 100;
        })
    },
    show: |name, start, place| {
        let at = 0.45;
        let model = Model {
            title: "A pool at work",
            fields: &[
                ("max_workers", Some(64.0)),
                ("requests", Some(1000.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(20.0)),
            ],
            diagram,
            moments: |run, request| {
                let r = run.requests[request as usize];
                let waits = middle(run, request, |s| s == State::Io, r.start);
                let later = waits + (r.end - waits) / 2;
                [r.arrival, r.admitted, waits, later, r.end]
            },
            caption,
        };
        model_figure(name, start, at, place, model)
    },
};

/// How many threads are drawn; the rest are counted.
const THREADS: u32 = 24;

fn diagram(scene: &Scene<'_>) -> Diagram {
    let System::Executor(executor) = &scene.scenario.system else {
        return Diagram {
            height: 0.0,
            inside: String::new(),
        };
    };
    // Threads are started as calls need them.
    let threads = executor.max_workers.min(scene.scenario.workload.requests);
    let drawn = threads.min(THREADS);
    let rows = drawn.div_ceil(4).max(3);
    let body = f64::from(rows) * 24.0;
    let (top, centre) = (22.0, 22.0 + body / 2.0);
    let more = threads > THREADS;
    let mut svg = Svg::new(NAME, scene.followed);
    let now = &scene.now;

    svg.frame(0.0, centre - 17.0, 62.0, 34.0, "");
    svg.text(31.0, centre - 2.0, "mid strong", "main");
    svg.text(31.0, centre + 10.0, "mid", "thread");
    svg.arrow(62.0, centre, 84.0, centre, "");

    svg.text(86.0, centre - 40.0, "", "queue");
    svg.queue((86.0, centre - 32.0), (6, 6), now.queued, &now.queue);
    let line = format!("{} in line", grouped(f64::from(now.queued)));
    svg.text(86.0, centre + 44.0, "strong", &line);
    svg.text(86.0, centre + 56.0, "", "no limit");
    svg.arrow(148.0, centre, 176.0, centre, "");

    svg.text(176.0, 12.0, "", &format!("threads: {threads}"));
    svg.frame(176.0, top, 150.0, body + 2.0, "");
    for lane in 0..drawn {
        let holds = now.in_hand.iter().find(|one| one.lane == lane);
        let (column, row) = (f64::from(lane % 4), f64::from(lane / 4));
        let (x, y) = (180.0 + column * 36.0, top + 4.0 + row * 24.0);
        svg.slot(x, y, 33.0, 19.0, holds.map(|one| (one.request, one.state)));
    }
    if more {
        let words = format!("and {} more threads", threads - THREADS);
        svg.text(176.0, top + body + 16.0, "", &words);
    }
    svg.arrow(326.0, centre, 344.0, centre, "");
    svg.text(
        WIDTH - 2.0,
        centre,
        "strong end big",
        &grouped(f64::from(now.done)),
    );
    svg.text(WIDTH - 2.0, centre + 13.0, "end", "results");
    Diagram {
        height: top + body + if more { 22.0 } else { 8.0 },
        inside: svg.finish(),
    }
}

fn caption(stage: Stage) -> Caption {
    let runs = stage.runs.read();
    let (case, run) = &runs.0[0];
    let work = &case.scenario.workload;
    let now = run.at(stage.player.now());
    let peak = run.report.peak_in_flight.max(1);
    let lead = format!(
        "{} calls run, {} stand in line.",
        now.in_hand.len(),
        grouped(f64::from(now.queued))
    );
    let rest = if work.cpu_ms <= 0.0 && work.io_ms <= 0.0 {
        "These calls neither wait nor compute.".to_owned()
    } else if work.cpu_ms <= 0.0 {
        format!(
            "{} calls on {} threads are {} waves of {}; the last result comes after {}.",
            grouped(f64::from(work.requests)),
            peak,
            work.requests.div_ceil(peak),
            milliseconds(work.io_ms),
            milliseconds(run.report.makespan_ms),
        )
    } else {
        format!(
            "Each call computes for {}, and one GIL serves all the threads: {} of computing \
             cannot take less than that.",
            milliseconds(work.cpu_ms),
            milliseconds(work.cpu_ms * f64::from(work.requests)),
        )
    };
    (lead, rest)
}
