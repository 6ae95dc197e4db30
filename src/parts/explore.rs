//! What moving about does to a figure: its window, what is pointed at, its playhead.

use leptos::prelude::*;

use super::shown::hit;
use super::stage::{Runs, Stage};
use super::view::{Act, Pointing, Spot, View};
use crate::chart::{Axis, Picture, Window};
use crate::simulation::Nanos;
use crate::words::within;

/// The room left beside a request that fills the view, in shares of its width.
const MARGIN: f64 = 0.15;

impl Stage {
    /// All the time of the case at `index`: the figure's, or its own.
    pub fn axis_of(self, index: usize) -> Axis {
        match self.scale.get() {
            0 => self.axis.get(),
            _ => Runs::axis(
                std::slice::from_ref(self.runs.read().at(index)),
                self.reality.read().as_deref(),
            ),
        }
    }

    /// What is to be drawn of the case at `index`.
    pub fn picture(self, index: usize) -> Picture {
        let (view, axis) = (self.view.get(), self.axis_of(index));
        self.runs.with(|runs| {
            let one = runs.at(index);
            let (case, run) = one;
            // What has a time axis of its own has a scale of its own.
            let peers = match self.scale.get() {
                0 => &runs.0[..],
                _ => std::slice::from_ref(one),
            };
            view.picture(one, (self.rows)(case, run), axis, peers)
        })
    }

    /// Shows `window` of the axis.
    pub fn look(self, window: Window) {
        let view = self.view.get_untracked();
        if view.window != window {
            self.view.set(View { window, ..view });
        }
    }

    /// Points there.
    pub fn point(self, pointing: Pointing) {
        if self.pointing.get_untracked() != pointing {
            self.pointing.set(pointing);
        }
    }

    /// Does what a key or a button asks for, at `spot` where a timeline has the focus.
    pub fn act(self, act: Act, spot: Option<&Spot>) {
        let view = self.view.get_untracked();
        let window = view.window;
        let pointing = self.pointing.get_untracked();
        let here = pointing
            .at
            .filter(|at| spot.is_none_or(|spot| spot.case == at.case));
        let end = self.axis.get_untracked().end;
        match act {
            // There is no time in view to move about in.
            Act::Zoom(_) | Act::Pan(_) | Act::Whole | Act::Fit | Act::Select(_)
                if !view.is_in_time() => {}
            Act::Zoom(factor) => {
                // Where the reader points, else at a playhead that is under way and in view.
                let head = window.place(self.player.at.get_untracked());
                let under_way = head > 0.0 && head < 1.0;
                let head = if under_way { head } else { 0.5 };
                let at = here.map_or(head, |at| within(at.x, 0.0, 1.0));
                self.look(window.zoom(factor, at, end));
            }
            Act::Pan(by) => self.look(window.pan(by)),
            Act::Whole => self.look(Window::WHOLE),
            Act::Fit => {
                let of = pointing
                    .pinned
                    .and_then(|(case, request)| self.extent(case, request));
                self.look(pointing.range.or(of).unwrap_or(Window::WHOLE));
            }
            Act::Point(dx, dy) => {
                if let Some(at) = here.or(spot.map(centred)) {
                    let rows = match untrack(|| self.picture(at.case)) {
                        Picture::Timeline(timeline) => timeline.drawn_rows(at.size.1 as u32),
                        Picture::Curve(_) => 1,
                    };
                    let step = dy / f64::from(rows);
                    self.point_at(window, at, dx, step, pointing);
                }
            }
            Act::Select(dx) => {
                if let Some(at) = here.or(spot.map(centred)) {
                    let from = window.share(at.x);
                    // The end that the cursor is at moves.
                    let fixed = match pointing.range {
                        Some(range) if (range.from - from).abs() < 1e-9 => range.to,
                        Some(range) if (range.to - from).abs() < 1e-9 => range.from,
                        _ => from,
                    };
                    let range = Window::between(fixed, from + dx * window.width());
                    let range = Some(range).filter(|range| range.width() > 0.0);
                    self.point_at(window, at, dx, 0.0, Pointing { range, ..pointing });
                }
            }
            Act::Step(forward) => self.step(forward),
            Act::Play => self.player.toggle(),
            Act::Pin => {
                let found = here.and_then(|at| {
                    let picture = untrack(|| self.picture(at.case));
                    Some((at.case, hit(&picture, &at)?))
                });
                let again = found == pointing.pinned;
                self.point(Pointing {
                    pinned: found.filter(|_| !again),
                    range: None,
                    ..pointing
                });
            }
            Act::Clear => {
                self.selecting.set(false);
                self.point(Pointing::default());
            }
        }
    }

    /// Moves the data cursor from `at`, and the window with it where it would leave it.
    fn point_at(self, window: Window, at: Spot, dx: f64, dy: f64, pointing: Pointing) {
        let share = within(window.share(at.x + dx), 0.0, 1.0);
        let held = window.holding(share);
        self.look(held);
        self.point(Pointing {
            at: Some(Spot {
                x: held.place(share),
                y: within(at.y + dy, 0.0, 1.0),
                ..at
            }),
            aloud: true,
            ..pointing
        });
    }

    /// Shows the request at `spot` from edge to edge; where there is none, looks closer.
    pub fn zoom_to(self, spot: &Spot) {
        let found = hit(&untrack(|| self.picture(spot.case)), spot);
        let window = self.view.get_untracked().window;
        let extent = found.and_then(|request| self.extent(spot.case, request));
        let closer = || window.zoom(0.5, spot.x, self.axis.get_untracked().end);
        self.look(extent.unwrap_or_else(closer));
        self.point(Pointing {
            pinned: found.map(|request| (spot.case, request)),
            ..self.pointing.get_untracked()
        });
    }

    /// The window that a request fills.
    fn extent(self, case: usize, request: u32) -> Option<Window> {
        let axis = untrack(|| self.axis_of(case));
        let (from, to) = self.runs.with_untracked(|runs| {
            let request = runs.at(case).1.requests.get(request as usize)?;
            let share = |t: Nanos| t as f64 / axis.end as f64;
            Some((share(request.arrival), share(request.end)))
        })?;
        let margin = MARGIN * (to - from).max(1e-9);
        Some(Window::between(from - margin, to + margin))
    }

    /// Moves the playhead to the next event of any run, or back to the last one.
    pub fn step(self, forward: bool) {
        let now = untrack(|| self.player.now());
        let to = self.runs.with_untracked(|runs| {
            let runs = runs.0.iter();
            match forward {
                true => runs.filter_map(|(_, run)| run.next(now)).min(),
                false => runs.filter_map(|(_, run)| run.previous(now)).max(),
            }
        });
        let Some(to) = to else { return };
        self.player.seek(to);
        let share = self.player.at.get_untracked();
        self.look(self.view.get_untracked().window.holding(share));
    }
}

/// Where the cursor comes from when a timeline has just got the focus.
fn centred(spot: &Spot) -> Spot {
    Spot {
        x: 0.5,
        y: 0.5,
        ..*spot
    }
}
