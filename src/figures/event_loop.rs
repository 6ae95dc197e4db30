//! An event loop at work: the ready queue, the one thread, the waits it holds, the pool.

use crate::parts::{
    Caption, Case, Diagram, Figure, Model, Scene, Setup, Stage, Svg, WIDTH, model_figure,
};
use crate::scenario::{EventLoop, Fidelity, System};
use crate::simulation::State;
use crate::words::{grouped, milliseconds};

const NAME: &str = "event-loop";

pub(super) const FIGURE: Figure = Figure {
    name: NAME,
    wide: false,
    setup: || {
        let system = System::EventLoop(EventLoop::default());
        Setup::new(
            vec![Case::new("event_loop", "Event loop", system)],
            |scenario| {
                scenario.workload.cpu_ms = 0.2;
            },
        )
    },
    show: |name, start, place| {
        let at = 0.4;
        let model = Model {
            title: "One loop at work",
            fields: &[
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(5.0)),
                ("pool_size", Some(200.0)),
                ("loops", Some(8.0)),
                ("requests", Some(2000.0)),
            ],
            diagram,
            moments: |run, request| {
                let r = run.requests[request as usize];
                let waits = run.story(request).find(|span| span.state == State::Io);
                let resumes = run
                    .story(request)
                    .filter(|span| span.state == State::Running)
                    .last();
                let (from, to) = waits.map_or((r.start, r.end), |span| (span.start, span.end));
                let resumed = resumes.map_or(to, |span| span.start.max(to));
                [r.arrival, r.start, from, resumed, r.end]
            },
            caption,
        };
        model_figure(name, start, at, place, model)
    },
};

fn diagram(scene: &Scene<'_>) -> Diagram {
    let System::EventLoop(system) = &scene.scenario.system else {
        return Diagram {
            height: 0.0,
            inside: String::new(),
        };
    };
    let now = &scene.now;
    let process = |lane: u32| scene.run.lanes[lane as usize].process;
    // With several loops the first is drawn and the others are counted.
    let here: Vec<_> = now
        .in_hand
        .iter()
        .filter(|one| process(one.lane) == 0)
        .collect();
    let elsewhere = now.in_hand.len() - here.len();
    let all = |state: State| here.iter().filter(move |one| one.state == state);
    let count = |state: State| all(state).count() as u32;
    let mut svg = Svg::new(NAME, scene.followed);

    // Ready queue, to the left of the loop.
    svg.text(0.0, 12.0, "", "ready queue");
    let ready: Vec<u32> = all(State::Ready).map(|one| one.request).take(64).collect();
    let waiting_for_loop = count(State::Ready) + now.queued;
    svg.queue((0.0, 20.0), (8, 5), waiting_for_loop, &ready);
    svg.text(
        0.0,
        84.0,
        "strong",
        &format!("{} ready", grouped(f64::from(waiting_for_loop))),
    );
    svg.arrow(82.0, 44.0, 122.0, 48.0, "");

    // The loop: one thread, one task at a time.
    svg.text(160.0, 12.0, "mid", "the loop: one thread");
    svg.frame(122.0, 20.0, 76.0, 56.0, "round");
    let running = all(State::Running)
        .next()
        .map(|one| (one.request, one.state));
    svg.slot(134.0, 36.0, 52.0, 24.0, running);
    svg.text(
        160.0,
        90.0,
        "mid",
        if running.is_some() {
            "running"
        } else {
            "polling I/O"
        },
    );
    svg.arrow(198.0, 48.0, 236.0, 48.0, "");

    // Waits: held by the operating system, cost no thread.
    svg.text(236.0, 12.0, "", "waiting for I/O");
    let waits: Vec<u32> = all(State::Io).map(|one| one.request).take(64).collect();
    svg.queue((236.0, 20.0), (8, 5), count(State::Io), &waits);
    svg.text(
        236.0,
        84.0,
        "strong",
        &format!("{} waiting", grouped(f64::from(count(State::Io)))),
    );
    svg.text(
        WIDTH - 2.0,
        44.0,
        "strong end big",
        &grouped(f64::from(now.done)),
    );
    svg.text(WIDTH - 2.0, 57.0, "end", "done");

    // A wait that is over makes its task ready again.
    svg.put_return(276.0, 40.0);
    let mut height = 122.0;
    if let Some(pool) = scene.scenario.workload.pool_size {
        svg.frame(0.0, 128.0, WIDTH, 30.0, "");
        let held = count(State::Io).min(pool);
        svg.text(
            8.0,
            147.0,
            "",
            &format!("connection pool: {held} of {pool} in use"),
        );
        let line = format!(
            "{} tasks in line for one",
            grouped(f64::from(count(State::Connection)))
        );
        svg.text(WIDTH - 8.0, 147.0, "strong end", &line);
        height = 162.0;
    }
    if system.loops > 1 {
        let words = format!(
            "{} more loops like this one, each its own process, with {} requests in hand",
            system.loops - 1,
            grouped(elsewhere as f64)
        );
        svg.text(0.0, height + 8.0, "", &words);
        height += 16.0;
    }
    Diagram {
        height,
        inside: svg.finish(),
    }
}

impl Svg {
    /// The way back from the waits at `from` to the ready queue at `to`.
    fn put_return(&mut self, from: f64, to: f64) {
        self.arrow(from, 92.0, (from + to) / 2.0, 108.0, "plain");
        self.arrow((from + to) / 2.0, 108.0, to, 92.0, "");
        self.text(
            (from + to) / 2.0,
            120.0,
            "mid",
            "answered: the task is ready again",
        );
    }
}

fn caption(stage: Stage) -> Caption {
    let runs = stage.runs.read();
    let (case, run) = &runs.0[0];
    let work = &case.scenario.workload;
    let now = run.at(stage.player.now());
    let count = |state: State| now.in_hand.iter().filter(|one| one.state == state).count();
    let computing = work.cpu_ms * f64::from(work.requests);
    let cores = f64::from(case.scenario.machine.cores.min(run.lanes.len() as u32));
    let lead = format!(
        "{} requests wait for I/O at this moment.",
        grouped(count(State::Io) as f64)
    );
    let rest = match (count(State::Connection), work.cpu_ms > 0.0) {
        (line @ 1.., _) => format!(
            "{} more have nothing to wait for but a connection: the pool decides, not the loop.",
            grouped(line as f64)
        ),
        (0, true) => format!(
            "A loop's one thread runs its requests in turn: {} of CPU in the handlers, so the last \
             answer cannot come before {}.",
            milliseconds(computing),
            milliseconds(computing / cores),
        ),
        (0, false) if case.scenario.fidelity == Fidelity::Calibrated => {
            "No thread stands behind them, but the loop accepts, reads and answers them one by one."
                .to_owned()
        }
        (0, false) => "No thread stands behind them, and no CPU is asked for: all of them end \
                       together."
            .to_owned(),
    };
    (lead, rest)
}
