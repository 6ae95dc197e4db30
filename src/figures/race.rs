//! The race: the same requests through the three models on one clock, first thing on the page.

use crate::parts::{Caption, Case, Figure, Look, Setup, Stage, bands};
use crate::scenario::{EventLoop, Executor, Fidelity, Gunicorn, Scenario, System};
use crate::words::{count, grouped, milliseconds, times};

pub(super) const FIGURE: Figure = Figure {
    name: "race",
    wide: true,
    setup: || three_models(|_| {}),
    show: |name, start, place| {
        let look = Look {
            title: "The same requests, three ways",
            height: 76.0,
            by_lane: false,
            big: "makespan_ms",
            aside: ("p95", "latency_ms.p95"),
            fields: &[
                ("requests", Some(2000.0)),
                ("io_ms", Some(300.0)),
                ("cpu_ms", Some(20.0)),
            ],
            caption,
            aspect: 0,
            plays: true,
        };
        bands(name, start, place, look)
    },
};

/// The article's three systems: 4 x 2 Gunicorn, one loop, twenty threads.
pub(super) fn three_models(change: impl Fn(&mut Scenario)) -> Setup {
    let gunicorn = Gunicorn {
        workers: 4,
        threads: 2,
        ..Gunicorn::default()
    };
    Setup::new(
        vec![
            Case::new("gunicorn", "Gunicorn", System::Gunicorn(gunicorn)),
            Case::new(
                "event_loop",
                "Event loop",
                System::EventLoop(EventLoop::default()),
            ),
            Case::new(
                "executor",
                "Thread pool",
                System::Executor(Executor::default()),
            ),
        ],
        change,
    )
}

/// What the sliders' place teaches.
pub(super) fn caption(stage: Stage) -> Caption {
    let runs = stage.runs.read();
    let work = &runs.0[0].0.scenario.workload;
    let (n, io, cpu) = (f64::from(work.requests), work.io_ms, work.cpu_ms);
    let span = |id: &str| runs.get(id).map_or(0.0, |run| run.report.makespan_ms);
    // How many are served at a time; early binding may leave some of them idle.
    let slots = |case: usize| {
        let slots = match &runs.at(case).0.scenario.system {
            System::Gunicorn(g) => g.workers * g.threads,
            System::EventLoop(_) => u32::MAX,
            System::Executor(x) => x.max_workers,
        };
        n.min(slots.into())
    };
    let so_many = |case, one| count(grouped(slots(case)), one);
    let rounds = |case| grouped((n / slots(case)).ceil());
    if cpu <= 0.0 && io <= 0.0 {
        return ("The handlers have nothing to do.".to_owned(), String::new());
    }
    if cpu <= 0.0 {
        let (lead, more, held) = match runs.0[0].0.scenario.fidelity {
            Fidelity::Textbook => (
                "With no CPU work, waiting is all there is.",
                "",
                format!("the loop holds all {} at once", count(grouped(n), "wait")),
            ),
            Fidelity::Calibrated => {
                let peak = runs.at(1).1.report.peak_in_flight;
                (
                    "The handlers compute nothing, but their servers do.",
                    ", and more where workers have lines of their own",
                    format!(
                        "the loop accepts, reads and answers {} one by one, and so holds {} at once",
                        count(grouped(n), "request"),
                        count(grouped(peak.into()), "wait")
                    ),
                )
            }
        };
        let next = match times(span("gunicorn"), span("event_loop")) {
            Some(_) => " Give each request some CPU time and watch the loop's lead shrink.",
            None => "",
        };
        return (
            lead.to_owned(),
            format!(
                "On {} that takes {} of {}{more}, on {} {}; {held}.{next}",
                so_many(0, "slot"),
                count(rounds(0), "round"),
                milliseconds(io),
                so_many(2, "thread"),
                rounds(2),
            ),
        );
    }
    let busy = n * cpu;
    let lead = if span("event_loop") <= span("gunicorn") {
        "The loop's one thread has to do all the computing."
    } else {
        "Processes compute side by side, and now that decides."
    };
    (
        lead.to_owned(),
        format!(
            "All {} of work, {} of {} CPU, go through the one core that a loop can use, so its \
             last answer comes after {}. Gunicorn's workers share it among the cores, {} at a \
             time, and need {}; the pool's threads share one GIL and need {}.",
            milliseconds(busy),
            count(grouped(n), "request"),
            milliseconds(cpu),
            milliseconds(span("event_loop")),
            so_many(0, "request"),
            milliseconds(span("gunicorn")),
            milliseconds(span("executor")),
        ),
    )
}
