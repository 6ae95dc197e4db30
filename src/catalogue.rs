//! Every figure that the content may name: the article's and the lab.

use crate::parts::Figure;
#[cfg(feature = "ssr")]
use crate::parts::{self, Runs};
use crate::{figures, lab};

/// The figure called `name`.
pub fn find(name: &str) -> Option<&'static Figure> {
    figures::FIGURES
        .iter()
        .chain([&lab::FIGURE])
        .find(|figure| figure.name == name)
}

/// A figure's live value before the reader touches it: raw, and as the reader sees it.
#[cfg(feature = "ssr")]
pub fn quote(figure: &str, key: &str) -> Option<(String, String)> {
    let setup = (find(figure)?.setup)();
    parts::value(&setup, &Runs::new(&setup, None), key)
}
