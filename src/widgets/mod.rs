//! The page's controls and surfaces: sliders, choices, players, plots. They know no figure.

mod choice;
pub mod html;
mod player;
mod plot;
mod slider;
mod theme;
mod uniform;

pub use choice::{Choice, Segments, Toggle};
pub use player::{Player, PlayerBar};
pub use plot::{AxisLabels, Plot};
pub use slider::Slider;
#[cfg(feature = "hydrate")]
pub use theme::watch_theme;
pub use theme::{Theme, ThemeToggle};
pub use uniform::{Views, flag, maybe, on, options, text};

use leptos::prelude::*;

use crate::scenario::{Field, Value};

/// A control's two-way tie to one field.
#[derive(Clone, Copy)]
pub struct Tie {
    pub field: &'static Field,
    /// The field's value; `None` while nothing on stage has the field.
    pub value: Signal<Option<Value>>,
    /// Writes a value that the reader chose; the error says what is wrong, for the reader.
    pub write: Callback<(Value,), Result<(), String>>,
}

impl Tie {
    /// Reads `text` as the field's value and writes it.
    fn enter(&self, text: &str) -> Result<(), String> {
        self.write.run((self.field.parse(text)?,))
    }

    /// The value as a form control holds it.
    fn text(&self) -> String {
        self.value.get().map(|v| v.to_string()).unwrap_or_default()
    }
}
