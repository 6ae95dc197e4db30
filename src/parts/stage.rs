//! A figure at work: its setup, the runs that follow it, and the playhead over them.

use std::sync::Arc;

use super::live;
use super::reality::Reality;
use super::setup::{Case, Setup};
use super::view::{Pointing, View};
use crate::chart::{Axis, By};
use crate::scenario::{Value, field};
use crate::simulation::{self, Nanos, Run};
use crate::widgets::{Callback, Control, Derived, Desk, Memo, Player, RwSignal, derive, effect};

/// Each case with its run; never empty. Two are the same when they are the same runs.
#[derive(Clone)]
pub struct Runs(pub Arc<Vec<(Case, Arc<Run>)>>);

impl PartialEq for Runs {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Runs {
    /// Runs `setup`, taking over from `old` what has not changed.
    pub fn new(setup: &Setup, old: Option<&Self>) -> Self {
        let run = |case: &Case| {
            let kept = old.and_then(|old| {
                let mut known = old.0.iter();
                known.find(|(known, _)| known.scenario == case.scenario)
            });
            match kept {
                Some((_, run)) => run.clone(),
                None => Arc::new(simulation::run(&case.scenario)),
            }
        };
        let runs = setup.cases.iter().map(|case| (case.clone(), run(case)));
        Self(Arc::new(runs.collect()))
    }

    /// The case at `index`, or the last where a reader has just taken that one away.
    pub fn at(&self, index: usize) -> &(Case, Arc<Run>) {
        &self.0[index.min(self.0.len() - 1)]
    }

    /// The run of the case called `id`.
    pub fn get(&self, id: &str) -> Option<&Run> {
        let (_, run) = self.0.iter().find(|(case, _)| case.id == id)?;
        Some(run)
    }

    /// The axis that shows the runs of some cases to their ends, and to those of what was measured of them.
    pub fn axis(of: &[(Case, Arc<Run>)], reality: Option<&Reality>) -> Axis {
        let end = |(case, run): &(Case, Arc<Run>)| {
            let record = reality.and_then(|reality| reality.find(&case.scenario));
            let measured = record.map_or(0.0, |record| record.makespan()[2] * 1e6);
            run.end.max(measured as Nanos)
        };
        Axis::to(of.iter().map(end).max().unwrap_or(1))
    }
}

/// A setup that was run before anything shows it.
pub struct Start {
    pub setup: Setup,
    runs: Runs,
}

impl Start {
    pub fn new(setup: Setup) -> Self {
        let runs = Runs::new(&setup, None);
        Self { setup, runs }
    }
}

/// A figure's state, shared by its parts.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The figure's name, `data-figure` and `data-lab` in the page.
    pub name: &'static str,
    pub setup: RwSignal<Setup>,
    pub runs: Memo<Runs>,
    /// The axis that all runs share.
    pub axis: Derived<Axis>,
    pub player: Player,
    /// Whether all runs share that axis (0), or each has its own (1).
    pub scale: RwSignal<usize>,
    /// The part of the axis that is in view, and in which form.
    pub view: RwSignal<View>,
    pub pointing: RwSignal<Pointing>,
    /// Whether dragging selects rather than pans.
    pub selecting: RwSignal<bool>,
    /// What was measured, while the reader wants it laid over.
    pub reality: RwSignal<Option<Arc<Reality>>>,
    /// The rows that a run is drawn in unless the reader chooses others.
    pub rows: fn(&Case, &Run) -> By,
}

impl Stage {
    /// Sets the stage with the playhead at `at` (0 to 1), and keeps the prose's numbers true.
    pub fn new(name: &'static str, Start { setup, runs }: Start, at: f64) -> Self {
        let setup = RwSignal::new(setup);
        let runs = Memo::new(move |old: Option<&Runs>| {
            setup.with(|setup| Runs::new(setup, old.or(Some(&runs))))
        });
        let reality = RwSignal::new(None::<Arc<Reality>>);
        let axis = derive(move || Runs::axis(&runs.read().0, reality.read().as_deref()));
        let player = Player::new(at, derive(move || axis.get().end));
        // The page comes with the numbers that it starts from.
        let mut shown = true;
        effect(move || {
            runs.track();
            if !std::mem::take(&mut shown) {
                live::publish(name, &setup.read_untracked(), &runs.read_untracked());
            } else {
                #[cfg(feature = "hydrate")]
                if let Some(comparison) = super::link::opened(name) {
                    setup.update(|setup| setup.take_over(&comparison));
                }
            }
        });
        Self {
            name,
            setup,
            runs,
            axis,
            player,
            scale: RwSignal::new(0),
            view: RwSignal::new(View::ALL),
            pointing: RwSignal::new(Pointing::default()),
            selecting: RwSignal::new(false),
            reality,
            rows: |_, run| By::lanes_of(run),
        }
    }

    /// What the player's buttons for single events do.
    pub fn stepper(self) -> Callback<(bool,)> {
        Callback::new(move |(forward,)| self.step(forward))
    }

    /// Sets how faithful all runs are, by its name.
    pub fn set_fidelity(self, name: &str) {
        let mut setup = self.setup.get_untracked();
        let set = field("fidelity").and_then(|field| {
            let value = field.parse(name).ok()?;
            setup.set(field, value, None).ok()
        });
        if set.is_some() {
            self.setup.set(setup);
        }
    }

    /// Ties a form to the setup: each control to its case, or to every case that has its field.
    pub fn desk(self) -> Desk {
        Desk {
            read: Callback::new(move |(control,): (Control,)| {
                self.setup
                    .with(|setup| setup.value(control.field.key, control.case))
            }),
            write: Callback::new(move |(control, value): (Control, Value)| {
                let mut setup = self.setup.get_untracked();
                setup
                    .set(control.field, value, control.case)
                    .map_err(|problems| problems.to_string())?;
                self.setup.set(setup);
                Ok(())
            }),
        }
    }
}
