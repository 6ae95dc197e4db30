//! The drawing of the crate `plotters-canvas` (Hao Hou, MIT), for charts without text.
//!
//! The original writes every shape's colour anew, its opacity with the standard library's printer of
//! floating-point numbers, which adds twelve kilobytes to the page. Here a colour is written in whole
//! numbers, and only where it differs from the shape's before. Text falls back to plotters' own.

use std::f64::consts::TAU;
use std::fmt;

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind,
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Draws on an HTML canvas.
pub struct CanvasBackend {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// The colours that the context has at present.
    fill: Option<BackendColor>,
    stroke: Option<BackendColor>,
}

/// What a canvas refused, in its own words.
#[derive(Debug)]
pub struct CanvasError(String);

impl fmt::Display for CanvasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "canvas: {}", self.0)
    }
}

impl std::error::Error for CanvasError {}

type Drawn = Result<(), DrawingErrorKind<CanvasError>>;

impl CanvasBackend {
    /// Draws on `canvas`; `None` where it has no two-dimensional context.
    pub fn with_canvas_object(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self {
            canvas,
            context,
            fill: None,
            stroke: None,
        })
    }

    fn fill_with(&mut self, color: BackendColor) {
        if !same(self.fill, color) {
            self.context.set_fill_style_str(&written(color));
            self.fill = Some(color);
        }
    }

    fn stroke_with(&mut self, style: &impl BackendStyle) {
        let color = style.color();
        if !same(self.stroke, color) {
            self.context.set_stroke_style_str(&written(color));
            self.stroke = Some(color);
        }
        self.context.set_line_width(f64::from(style.stroke_width()));
    }

    /// Begins a path through `points`.
    fn path(&self, points: impl IntoIterator<Item = (f64, f64)>) {
        self.context.begin_path();
        for (i, (x, y)) in points.into_iter().enumerate() {
            match i {
                0 => self.context.move_to(x, y),
                _ => self.context.line_to(x, y),
            }
        }
    }
}

fn same(now: Option<BackendColor>, wanted: BackendColor) -> bool {
    now.is_some_and(|now| now.rgb == wanted.rgb && now.alpha == wanted.alpha)
}

/// A colour in CSS, its opacity in whole percent.
fn written(color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    format!("rgb({r} {g} {b}/{}%)", (color.alpha * 100.0).round() as u8)
}

fn place((x, y): BackendCoord) -> (f64, f64) {
    (f64::from(x), f64::from(y))
}

impl DrawingBackend for CanvasBackend {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        (self.canvas.width(), self.canvas.height())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        if color.alpha > 0.0 {
            let (x, y) = place(point);
            self.fill_with(color);
            self.context.fill_rect(x, y, 1.0, 1.0);
        }
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            let ((mut x1, mut y1), (mut x2, mut y2)) = (place(from), place(to));
            // A line along the grid is sharp between two of its lines.
            if x1 == x2 {
                (x1, x2) = (x1 - 0.5, x2 - 0.5);
            }
            if y1 == y2 {
                (y1, y2) = (y1 - 0.5, y2 - 0.5);
            }
            self.stroke_with(style);
            self.path([(x1, y1), (x2, y2)]);
            self.context.stroke();
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            let ((x, y), (right, bottom)) = (place(upper_left), place(bottom_right));
            if fill {
                self.fill_with(style.color());
                self.context.fill_rect(x, y, right - x, bottom - y);
            } else {
                self.stroke_with(style);
                self.context.stroke_rect(x, y, right - x, bottom - y);
            }
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            self.stroke_with(style);
            self.path(path.into_iter().map(place));
            self.context.stroke();
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            self.fill_with(style.color());
            self.path(path.into_iter().map(place));
            self.context.fill();
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if style.color().alpha > 0.0 {
            let (x, y) = place(center);
            self.context.begin_path();
            self.context
                .arc(x, y, f64::from(radius), 0.0, TAU)
                .map_err(refused)?;
            if fill {
                self.fill_with(style.color());
                self.context.fill();
            } else {
                self.stroke_with(style);
                self.context.stroke();
            }
        }
        Ok(())
    }
}

fn refused(why: JsValue) -> DrawingErrorKind<CanvasError> {
    DrawingErrorKind::DrawingError(CanvasError(why.as_string().unwrap_or_default()))
}
