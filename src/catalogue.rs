//! Every figure that the content may name: the article's and the lab.

use crate::figures::{self, Figure, Runs};
use crate::lab;

/// The figure called `name`.
pub fn find(name: &str) -> Option<&'static Figure> {
    figures::FIGURES
        .iter()
        .chain([&lab::FIGURE])
        .find(|figure| figure.name == name)
}

/// A figure's live value before the reader touches it: raw, and as the reader sees it.
pub fn quote(figure: &str, key: &str) -> Option<(String, String)> {
    let setup = (find(figure)?.setup)();
    figures::value(&setup, &Runs::new(&setup, None), key)
}
