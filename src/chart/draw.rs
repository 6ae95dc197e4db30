//! Drawing a picture through plotters, on whichever backend: canvas in the browser, SVG natively.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::curve::{Curve, Label, Shape};
use super::raster::{Bar, Shade};
use super::rows::By;
use super::timeline::Timeline;

/// A colour and nothing else, so that geometry's users need not know plotters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// What a chart is drawn on, in device pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper {
    pub width: u32,
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
    /// The colour of the model that is drawn.
    pub ink: Colour,
    /// The colour behind it.
    pub ground: Colour,
}

/// What can be drawn on any backend. Drawing covers the whole area.
#[derive(Clone)]
pub enum Picture {
    Timeline(Timeline),
    Curve(Curve),
}

impl Picture {
    /// Draws it over the whole of `area`.
    ///
    /// # Errors
    ///
    /// What the backend reports.
    pub fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        paper: Paper,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        match self {
            Self::Timeline(timeline) => draw_timeline(timeline, area, paper),
            Self::Curve(curve) => draw_curve(curve, area, paper),
        }
    }

    /// The words on it, each at its place from 0 to 1 from the left and the top.
    pub fn labels(&self) -> Vec<Label> {
        match self {
            Self::Timeline(_) => Vec::new(),
            Self::Curve(curve) => curve.labels(),
        }
    }
}

/// The most rows that a timeline is drawn in on a paper of that height and density.
pub fn most_rows(by: By, height: u32, ratio: f64) -> u32 {
    match by {
        // By request, a row is a CSS pixel at the least: finer rows cost more and show no more.
        By::Request => (f64::from(height) / ratio.max(1.0)) as u32,
        _ => height / 2,
    }
}

/// The share of the ink in each state's fill: rows too low for a hatch differ by shade alone.
fn strength(shade: Shade, hatched: bool) -> f64 {
    match (shade, hatched) {
        (Shade::Running, _) => 1.0,
        (Shade::Ready | Shade::Io, true) => 0.34,
        (Shade::Io, false) => 0.42,
        (Shade::Ready, false) => 0.68,
        (Shade::Failed, true) => 0.1,
        (Shade::Failed, false) => 0.26,
        (Shade::Connection, _) => 0.2,
        (Shade::Queued, _) => 0.11,
    }
}

/// The CSS pixels between two lines of a state's hatch, `None` = no hatch.
fn hatch(shade: Shade) -> Option<f64> {
    match shade {
        Shade::Ready => Some(3.0),
        Shade::Io => Some(7.0),
        Shade::Connection => Some(12.0),
        Shade::Failed => Some(5.0),
        Shade::Running | Shade::Queued => None,
    }
}

fn mix(ink: Colour, ground: Colour, share: f64) -> RGBColor {
    let blend = |a: u8, b: u8| (f64::from(a) * share + f64::from(b) * (1.0 - share)) as u8;
    RGBColor(
        blend(ink.0, ground.0),
        blend(ink.1, ground.1),
        blend(ink.2, ground.2),
    )
}

fn draw_timeline<DB: DrawingBackend>(
    timeline: &Timeline,
    area: &DrawingArea<DB, Shift>,
    paper: Paper,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let most = most_rows(timeline.rows.by, paper.height, paper.ratio);
    let rows = f64::from(timeline.drawn_rows(most));
    let pitch = f64::from(paper.height) / rows;
    let gap = if pitch >= 6.0 * paper.ratio {
        (pitch * 0.16).max(paper.ratio)
    } else {
        0.0
    };
    let top = |row: u32| (f64::from(row) * pitch).round() as i32;
    let bottom = |row: u32| ((f64::from(row + 1) * pitch).round() - gap.round()) as i32;
    for bar in timeline.bars(paper.width, most) {
        let (top, bottom) = (top(bar.row), bottom(bar.row));
        let hatched = f64::from(bottom - top) >= 5.0 * paper.ratio;
        draw_bar(area, paper, bar, (top, bottom), hatched)?;
    }
    let seam = paper.ratio.round().max(1.0) as i32;
    let ground = mix(paper.ink, paper.ground, 0.0);
    for (row, x) in timeline.seams(paper.width, most) {
        let corners = [(x as i32, top(row)), (x as i32 + seam, bottom(row))];
        area.draw(&Rectangle::new(corners, ground.filled()))?;
    }
    let black = mix(paper.ink, paper.ground, 1.0);
    for (first, last, x) in timeline.deaths(paper.width, most) {
        let corners = [(x as i32, top(first)), (x as i32 + 3 * seam, bottom(last))];
        area.draw(&Rectangle::new(corners, black.filled()))?;
    }
    Ok(())
}

/// Draws what a shade looks like over the whole of `area`, where rows are high enough for a hatch or not.
///
/// # Errors
///
/// What the backend reports.
#[cfg(feature = "hydrate")]
pub fn draw_key<DB: DrawingBackend>(
    (shade, hatched): (Shade, bool),
    area: &DrawingArea<DB, Shift>,
    paper: Paper,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let bar = Bar {
        row: 0,
        from: 0,
        to: paper.width,
        shade,
    };
    draw_bar(area, paper, bar, (0, paper.height as i32), hatched)
}

/// A bar from `top` to `bottom`, in device pixels.
fn draw_bar<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    paper: Paper,
    bar: Bar,
    (top, bottom): (i32, i32),
    hatched: bool,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let fill = mix(paper.ink, paper.ground, strength(bar.shade, hatched));
    let corners = [(bar.from as i32, top), (bar.to as i32, bottom)];
    area.draw(&Rectangle::new(corners, fill.filled()))?;
    match hatched {
        true => draw_hatch(area, paper, bar, top, bottom),
        false => Ok(()),
    }
}

fn draw_curve<DB: DrawingBackend>(
    curve: &Curve,
    area: &DrawingArea<DB, Shift>,
    paper: Paper,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let at = |(x, y): (f64, f64)| {
        let scaled = |share: f64, whole: u32| (share * f64::from(whole)).round() as i32;
        (scaled(x, paper.width), scaled(y, paper.height))
    };
    let fill = |share: f64| mix(paper.ink, paper.ground, share);
    for shape in curve.shapes(paper.width) {
        match shape {
            Shape::Area(shade, points) => {
                let points: Vec<_> = points.into_iter().map(at).collect();
                area.draw(&Polygon::new(points, fill(strength(shade, false))))?;
            }
            Shape::Cell(from, to, share) => {
                area.draw(&Rectangle::new([at(from), at(to)], fill(share).filled()))?;
            }
            Shape::Line(points) => {
                let points: Vec<_> = points.into_iter().map(at).collect();
                let line = fill(1.0).stroke_width(paper.ratio.ceil() as u32);
                area.draw(&PathElement::new(points, line))?;
            }
        }
    }
    Ok(())
}

/// Diagonal lines across a bar, clipped to it, in step with the neighbouring bars'.
fn draw_hatch<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    paper: Paper,
    bar: Bar,
    top: i32,
    bottom: i32,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let Some(spacing) = hatch(bar.shade) else {
        return Ok(());
    };
    let spacing = (spacing * paper.ratio).round() as i32;
    let line = mix(paper.ink, paper.ground, 0.62).stroke_width(paper.ratio.round() as u32);
    let (left, right, height) = (bar.from as i32, bar.to as i32, bottom - top);
    let first = left.div_euclid(spacing) * spacing;
    // Failure leans the other way.
    let y = |up: i32| match bar.shade {
        Shade::Failed => top + up,
        _ => bottom - up,
    };
    for foot in (first - height..right).step_by(spacing as usize) {
        // From (foot, bottom) up to (foot + height, top), the part between left and right.
        let (from, to) = ((left - foot).max(0), (right - foot).min(height));
        if from < to {
            let path = vec![(foot + from, y(from)), (foot + to, y(to))];
            area.draw(&PathElement::new(path, line))?;
        }
    }
    Ok(())
}
