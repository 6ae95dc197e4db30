//! Drawing a timeline through plotters, on whichever backend: canvas in the browser, SVG natively.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::lanes::{By, Timeline};
use super::raster::{Bar, Shade};

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

/// Something that can be drawn on any backend. Drawing covers the whole area.
pub trait Chart {
    fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        paper: Paper,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>>;
}

/// The share of the ink in each state's fill: rows too low for a hatch differ by shade alone.
fn strength(shade: Shade, hatched: bool) -> f64 {
    match (shade, hatched) {
        (Shade::Running, _) => 1.0,
        (Shade::Ready | Shade::Io, true) => 0.34,
        (Shade::Io, false) => 0.42,
        (Shade::Ready, false) => 0.68,
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

impl Chart for Timeline {
    fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        paper: Paper,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        // By request, a row is a CSS pixel at the least: finer rows cost more and show no more.
        let most = match self.by {
            By::Lane | By::Client => paper.height / 2,
            By::Request => (f64::from(paper.height) / paper.ratio.max(1.0)) as u32,
        };
        let rows = f64::from(self.rows().clamp(1, most.max(1)));
        let pitch = f64::from(paper.height) / rows;
        let gap = if pitch >= 6.0 * paper.ratio {
            (pitch * 0.16).max(paper.ratio)
        } else {
            0.0
        };
        let top = |row: u32| (f64::from(row) * pitch).round() as i32;
        let bottom = |row: u32| ((f64::from(row + 1) * pitch).round() - gap.round()) as i32;
        for bar in self.bars(paper.width, most) {
            let (top, bottom) = (top(bar.row), bottom(bar.row));
            let hatched = f64::from(bottom - top) >= 5.0 * paper.ratio;
            let fill = mix(paper.ink, paper.ground, strength(bar.shade, hatched));
            area.draw(&Rectangle::new(
                [(bar.from as i32, top), (bar.to as i32, bottom)],
                fill.filled(),
            ))?;
            if hatched {
                draw_hatch(area, paper, bar, top, bottom)?;
            }
        }
        let seam = paper.ratio.round().max(1.0) as i32;
        let ground = mix(paper.ink, paper.ground, 0.0);
        for (row, x) in self.seams(paper.width, most) {
            let corners = [(x as i32, top(row)), (x as i32 + seam, bottom(row))];
            area.draw(&Rectangle::new(corners, ground.filled()))?;
        }
        let black = mix(paper.ink, paper.ground, 1.0);
        for (first, last, x) in self.deaths(paper.width, most) {
            let corners = [(x as i32, top(first)), (x as i32 + 3 * seam, bottom(last))];
            area.draw(&Rectangle::new(corners, black.filled()))?;
        }
        Ok(())
    }
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
    for foot in (first - height..right).step_by(spacing as usize) {
        // From (foot, bottom) up to (foot + height, top), the part between left and right.
        let (from, to) = ((left - foot).max(0), (right - foot).min(height));
        if from < to {
            let path = vec![(foot + from, bottom - from), (foot + to, bottom - to)];
            area.draw(&PathElement::new(path, line))?;
        }
    }
    Ok(())
}
