//! Gunicorn at work: the listening socket, the master beside it, workers and their threads.

use crate::parts::{
    Caption, Case, Diagram, Figure, Model, Scene, Setup, Stage, Svg, WIDTH, middle, model_figure,
};
use crate::scenario::{Gunicorn, System};
use crate::simulation::State;
use crate::words::{grouped, milliseconds};

const NAME: &str = "gunicorn";

pub(super) const FIGURE: Figure = Figure {
    name: NAME,
    wide: false,
    setup: || {
        let system = System::Gunicorn(Gunicorn {
            workers: 4,
            threads: 2,
            ..Gunicorn::default()
        });
        Setup::new(vec![Case::new(NAME, "Gunicorn", system)], |scenario| {
            scenario.workload.requests = 100;
            scenario.workload.cpu_ms = 20.0;
        })
    },
    show: |name, start, place| {
        let at = 0.4;
        let model = Model {
            title: "Workers and threads at work",
            fields: &[
                ("workers", Some(16.0)),
                ("threads", Some(16.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(100.0)),
                ("requests", Some(1000.0)),
            ],
            diagram,
            moments: |run, request| {
                let r = run.requests[request as usize];
                let runs = middle(run, request, |s| s == State::Running, r.start);
                let waits = middle(run, request, |s| s == State::Io, r.start);
                [r.arrival, r.admitted, runs, waits, r.end]
            },
            caption,
        };
        model_figure(name, start, at, place, model)
    },
};

/// How many workers, and threads in each, are drawn; the rest are counted.
const WORKERS: u32 = 8;
const THREADS: u32 = 4;

fn diagram(scene: &Scene<'_>) -> Diagram {
    let System::Gunicorn(gunicorn) = &scene.scenario.system else {
        return Diagram {
            height: 0.0,
            inside: String::new(),
        };
    };
    let (workers, threads) = (gunicorn.workers.min(WORKERS), gunicorn.threads.min(THREADS));
    let row = if workers > 4 { 26.0 } else { 32.0 };
    let top = 34.0;
    let body = (f64::from(workers) * row).max(96.0);
    let more = gunicorn.workers > WORKERS;
    let height = top + body + if more { 22.0 } else { 10.0 };
    let mut svg = Svg::new(NAME, scene.followed);
    let now = &scene.now;

    svg.frame(112.0, 4.0, 206.0, 18.0, "aside");
    svg.text(215.0, 16.0, "mid", "the master watches, takes no request");

    // Those that a worker has accepted wait in its own line.
    let bound: u32 = now.queued_by_process.iter().sum();
    let in_kernel = |request: &u32| scene.run.requests[*request as usize].bound > scene.at;
    let named: Vec<u32> = now.queue.iter().copied().filter(in_kernel).collect();
    let waiting = now.queued - bound;
    svg.text(0.0, top - 2.0, "", "listening socket");
    svg.queue((0.0, top + 6.0), (6, 7), waiting, &named);
    svg.text(
        0.0,
        top + 90.0,
        "strong",
        &format!("{} waiting", grouped(f64::from(waiting))),
    );

    let centre = top + body / 2.0;
    for worker in 0..workers {
        let y = top + f64::from(worker) * row;
        let (h, middle) = (row - 6.0, y + (row - 6.0) / 2.0);
        svg.arrow(64.0, centre.min(top + 40.0), 112.0, middle, "");
        svg.arrow(318.0, middle, 342.0, centre, "");
        let holds = scene.followed.is_some_and(|followed| {
            let request = scene.run.requests[followed as usize];
            let lane = scene.run.lanes.get(request.lane as usize);
            request.bound <= scene.at
                && request.admitted > scene.at
                && lane.is_some_and(|lane| lane.process == worker)
        });
        svg.frame(112.0, y, 206.0, h, if holds { "followed" } else { "" });
        let name = format!("worker {}", worker + 1);
        match now.queued_by_process.get(worker as usize) {
            Some(line @ 1..) => {
                svg.text(119.0, middle - 1.5, "", &name);
                svg.text(119.0, middle + 8.5, "strong", &format!("{line} wait"));
            }
            _ => svg.text(119.0, middle + 3.3, "", &name),
        }
        let room = 146.0
            - if gunicorn.threads > THREADS {
                20.0
            } else {
                0.0
            };
        let width = room / f64::from(threads) - 4.0;
        for thread in 0..threads {
            let lane = worker * gunicorn.threads + thread;
            let holds = now.in_hand.iter().find(|one| one.lane == lane);
            let x = 168.0 + f64::from(thread) * (width + 4.0);
            svg.slot(
                x,
                y + 3.0,
                width,
                h - 6.0,
                holds.map(|one| (one.request, one.state)),
            );
        }
        if gunicorn.threads > THREADS {
            let words = format!("+{}", gunicorn.threads - THREADS);
            svg.text(296.0, middle + 3.3, "", &words);
        }
    }
    if more {
        let lines = now.queued_by_process.iter().skip(WORKERS as usize);
        let words = match lines.sum::<u32>() {
            0 => format!("and {} more workers", gunicorn.workers - WORKERS),
            n => format!(
                "and {} more workers, with {n} in their lines",
                gunicorn.workers - WORKERS
            ),
        };
        svg.text(119.0, top + body + 12.0, "", &words);
    }
    svg.text(
        WIDTH - 2.0,
        centre + 2.0,
        "strong end big",
        &grouped(f64::from(now.done)),
    );
    svg.text(WIDTH - 2.0, centre + 15.0, "end", "done");
    Diagram {
        height,
        inside: svg.finish(),
    }
}

fn caption(stage: Stage) -> Caption {
    let runs = stage.runs.read();
    let run = &runs.0[0].1;
    let now = run.at(stage.player.now());
    let notes = run
        .report
        .notes
        .first()
        .map_or(String::new(), |note| format!(" Note: {note}."));
    (
        format!(
            "{} wait while {} {} in hand.",
            grouped(f64::from(now.queued)),
            now.in_hand.len(),
            if now.in_hand.len() == 1 { "is" } else { "are" },
        ),
        format!(
            "Over the run a request stands in line for {} on average, to be served for {}.{notes}",
            milliseconds(run.report.wait_ms.mean),
            milliseconds(run.report.latency_ms.mean - run.report.wait_ms.mean),
        ),
    )
}
