//! What a figure's timelines show, and what the reader points at: shared by all that are stacked in it.

use std::sync::Arc;

use crate::chart::{Axis, By, Curve, Of, Picture, Rows, Scale, Shades, Timeline, Window};
use crate::parts::Case;
use crate::simulation::Run;

/// The part of the runs that is in view, and in which form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub window: Window,
    pub shown: Shades,
    /// An index into [`ASPECTS`].
    pub aspect: usize,
}

/// A place on a timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The timeline, by its case.
    pub case: usize,
    /// From 0 to 1 from the left and the top.
    pub x: f64,
    pub y: f64,
    /// The timeline's size in CSS pixels, and device pixels to one of them.
    pub size: (f64, f64),
    pub ratio: f64,
}

/// What the reader points at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pointing {
    pub at: Option<Spot>,
    /// The request that is pinned, by number, and on which timeline.
    pub pinned: Option<(usize, u32)>,
    /// The stretch of time that is selected, in shares of the whole axis.
    pub range: Option<Window>,
    /// Whether the reader got there by keyboard and should hear of it.
    pub aloud: bool,
}

/// How a run may be shown.
#[derive(Clone, Copy)]
enum Form {
    /// As the figure has it.
    Default,
    Rows(By),
    Curve(Of),
}

/// The forms by name.
const ASPECTS: [(&str, Form); 12] = [
    ("Timeline", Form::Default),
    ("Lanes", Form::Rows(By::Lane)),
    ("Requests", Form::Rows(By::Request)),
    ("Tasks", Form::Rows(By::Task)),
    ("Connections", Form::Rows(By::Connection)),
    ("Cores", Form::Rows(By::Core)),
    ("In flight, in line", Form::Curve(Of::InFlight)),
    ("Answers", Form::Curve(Of::Answers)),
    ("Latency", Form::Curve(Of::Latency { log: false })),
    ("Latency, log", Form::Curve(Of::Latency { log: true })),
    ("Latency over time", Form::Curve(Of::Heat)),
    ("Cores and GIL", Form::Curve(Of::Use)),
];

/// The forms that a run may be shown in, by their place: the names of those that make sense. Where there
/// is no pool there are no connections, unless they are `chosen` already.
pub fn aspects(pool: bool, chosen: usize) -> impl Iterator<Item = (usize, &'static str)> {
    let names = ASPECTS.iter().map(|(name, _)| *name).enumerate();
    names.filter(move |(i, _)| pool || *i != CONNECTIONS || chosen == CONNECTIONS)
}

/// The place of the connections among the forms.
const CONNECTIONS: usize = 4;
/// The place of the distribution of latencies.
pub const LATENCY: usize = 8;

impl View {
    pub const ALL: Self = Self {
        window: Window::WHOLE,
        shown: Shades::ALL,
        aspect: 0,
    };

    fn form(&self) -> Form {
        ASPECTS[self.aspect.min(ASPECTS.len() - 1)].1
    }

    /// Whether time runs from left to right.
    pub fn is_in_time(&self) -> bool {
        !matches!(self.form(), Form::Curve(Of::Latency { .. }))
    }

    /// What the rows stand for, `default` unless the reader chose otherwise; `None` under a curve.
    pub fn rows(&self, default: By) -> Option<By> {
        match self.form() {
            Form::Default => Some(default),
            Form::Rows(by) => Some(by),
            Form::Curve(_) => None,
        }
    }

    /// Whether states are told apart by their shades.
    pub fn has_shades(&self) -> bool {
        !matches!(self.form(), Form::Curve(of) if of != Of::InFlight)
    }

    /// How to read what is shown, where its shades do not say it all; in rows by `default`, unless the
    /// reader chose otherwise, and of runs with a `gil`.
    pub fn note(&self, default: By, gil: bool) -> &'static str {
        match self.form() {
            Form::Curve(Of::Answers) => "requests answered so far",
            // A still has no lines.
            Form::Curve(Of::Latency { .. }) if cfg!(feature = "ssr") => {
                "how many requests took how long"
            }
            Form::Curve(Of::Latency { .. }) => {
                "how many requests took how long; lines: p50, p95, p99"
            }
            Form::Curve(Of::Heat) => {
                "when and after how long requests were answered; stronger: more"
            }
            Form::Curve(Of::Use) if gil => "area: cores that are busy; line: GILs that are held",
            Form::Curve(Of::Use) => "area: cores that are busy",
            _ if self.rows(default) == Some(By::Request) => "a row a request, the first on top",
            _ => "",
        }
    }

    /// What is shown of a run, where it is not as the figure has it.
    pub fn name(&self) -> Option<&'static str> {
        let (name, form) = ASPECTS[self.aspect.min(ASPECTS.len() - 1)];
        (!matches!(form, Form::Default)).then_some(name)
    }

    /// The run as it is to be drawn on the axis `whole`; in rows by `default`, unless the reader
    /// chose otherwise, and latencies on one scale with its `peers`.
    pub fn picture<'a>(
        &self,
        (case, run): &'a (Case, Arc<Run>),
        default: By,
        whole: Axis,
        peers: &'a [(Case, Arc<Run>)],
    ) -> Picture {
        let axis = whole.part(self.window);
        let by = match self.form() {
            Form::Default => default,
            Form::Rows(by) => by,
            Form::Curve(of) => {
                return Picture::Curve(Curve {
                    run: run.clone(),
                    rows: Rows::of(run, By::Request),
                    axis,
                    of,
                    scale: Scale::of(of, peers.iter().map(|(_, run)| run)),
                    cores: case.scenario.machine.cores,
                    gil: case.scenario.machine.gil,
                    shown: self.shown,
                });
            }
        };
        Picture::Timeline(Timeline {
            run: run.clone(),
            rows: Rows::of(run, by),
            axis,
            shown: self.shown,
        })
    }
}

/// What a key or a button does to a view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Zooms so that the window becomes so many times as wide.
    Zoom(f64),
    /// Moves the window to the right by a share of its width.
    Pan(f64),
    /// Shows everything.
    Whole,
    /// Shows what is selected or pinned from edge to edge.
    Fit,
    /// Moves the data cursor to the right, by a share of the window, and down, by a share of the height.
    Point(f64, f64),
    /// The same to the right, selecting what lies between.
    Select(f64),
    /// Moves the playhead to the next event, or back to the previous one.
    Step(bool),
    Play,
    Pin,
    Clear,
}

/// What a key does to the timeline that has the focus.
pub fn act(key: &str, shift: bool) -> Option<Act> {
    const STEP: f64 = 0.01;
    Some(match key {
        "+" | "=" | "w" | "W" => Act::Zoom(0.5),
        "-" | "_" | "s" | "S" => Act::Zoom(2.0),
        "a" | "A" => Act::Pan(-0.25),
        "d" | "D" => Act::Pan(0.25),
        "0" => Act::Whole,
        "f" | "F" => Act::Fit,
        "ArrowLeft" if shift => Act::Select(-STEP),
        "ArrowRight" if shift => Act::Select(STEP),
        "ArrowLeft" => Act::Point(-STEP, 0.0),
        "ArrowRight" => Act::Point(STEP, 0.0),
        "ArrowUp" => Act::Point(0.0, -1.0),
        "ArrowDown" => Act::Point(0.0, 1.0),
        "." => Act::Step(true),
        "," => Act::Step(false),
        " " => Act::Play,
        "Enter" => Act::Pin,
        "Escape" => Act::Clear,
        _ => return None,
    })
}
