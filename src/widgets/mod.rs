//! The page's controls and surfaces: forms, players, plots. They know no figure.

#[cfg(feature = "hydrate")]
mod copy;
mod form;
pub mod html;
mod panel;
mod place;
mod player;
mod plot;
mod segments;
mod sheet;
#[cfg(feature = "hydrate")]
mod slice;
mod state;
mod theme;
#[cfg(feature = "hydrate")]
mod turns;
mod uniform;

#[cfg(feature = "hydrate")]
pub use copy::copy;
pub use form::Form;
pub use panel::{Panel, acted, check, set, set_text};
pub use place::Place;
pub use player::{Player, PlayerBar};
pub use plot::{AxisLabels, Plot};
#[cfg(feature = "hydrate")]
pub use plot::{paint, paint_key};
pub use segments::{Segments, segments};
pub use sheet::{Control, Desk, Sheet, options};
#[cfg(feature = "hydrate")]
pub use slice::Slice;
pub use state::{Callback, Derived, Memo, RwSignal};
pub use theme::ThemeToggle;
#[cfg(feature = "hydrate")]
pub use theme::{theme_changes, watch_theme};
#[cfg(feature = "hydrate")]
pub use turns::{in_turn, no_more_turns, take_turns};
pub use uniform::{Text, derive, effect, listen, text};
