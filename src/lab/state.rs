//! The lab's systems as the page's cases, and as the comparison that links and presets speak of.

use crate::parts::{Case, Setup};
use crate::scenario::{Comparison, PoolKind, Problems, System, presets};
use crate::simulation;

/// Names of the cases: the page's hooks and the reader's labels, by place.
const IDS: [[&str; 4]; 3] = [
    ["gunicorn", "gunicorn-2", "gunicorn-3", "gunicorn-4"],
    ["event_loop", "event_loop-2", "event_loop-3", "event_loop-4"],
    ["executor", "executor-2", "executor-3", "executor-4"],
];
const LABELS: [[&str; 4]; 4] = [
    [
        "A · Gunicorn",
        "B · Gunicorn",
        "C · Gunicorn",
        "D · Gunicorn",
    ],
    [
        "A · Event loop",
        "B · Event loop",
        "C · Event loop",
        "D · Event loop",
    ],
    [
        "A · Thread pool",
        "B · Thread pool",
        "C · Thread pool",
        "D · Thread pool",
    ],
    [
        "A · Process pool",
        "B · Process pool",
        "C · Process pool",
        "D · Process pool",
    ],
];

/// The rows of a system in both tables.
fn rows(system: &System) -> (usize, usize) {
    match system {
        System::Gunicorn(_) => (0, 0),
        System::EventLoop(_) => (1, 1),
        System::Executor(executor) => match executor.pool {
            PoolKind::Thread => (2, 2),
            PoolKind::Process => (2, 3),
        },
    }
}

/// What the lab shows when the link says nothing: the first preset.
pub(super) fn default_setup() -> Setup {
    let comparison = presets().first().map(|preset| preset.comparison.clone());
    // The presets ship with the page, and a test holds them valid.
    to_setup(&comparison.unwrap_or_else(|| {
        crate::scenario::Scenario::new(System::EventLoop(Default::default())).into()
    }))
}

/// The cases of a comparison, each with an id of its own.
pub(super) fn to_setup(comparison: &Comparison) -> Setup {
    let mut seen = [0; 3];
    let cases = comparison.scenarios().enumerate().map(|(place, scenario)| {
        let (kind, label) = rows(&scenario.system);
        let id = IDS[kind][seen[kind]];
        seen[kind] += 1;
        Case {
            id,
            label: LABELS[label][place],
            scenario,
            pinned: &[],
        }
    });
    Setup {
        cases: cases.collect(),
    }
}

/// The comparison that a lab's cases make.
pub(super) fn to_comparison(setup: &Setup) -> Comparison {
    // The lab's cases share all but their systems, and there is one at least.
    setup
        .comparison()
        .unwrap_or_else(|| setup.cases[0].scenario.clone().into())
}

/// The cases of a comparison that all can be simulated.
pub(super) fn checked(comparison: &Comparison) -> Result<Setup, Problems> {
    simulation::check_all(&comparison.scenarios().collect::<Vec<_>>())?;
    Ok(to_setup(comparison))
}
