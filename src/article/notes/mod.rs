//! What the notes say of the simulator, written from its code and its records.

mod checks;
mod constants;

use super::measured::Measured;

/// What stands for `::notes{NAME}`: HTML without empty lines. Where an end tag may be left out, it is.
pub(super) fn html(name: &str, measured: &Measured) -> Result<String, String> {
    match name {
        "constants" => Ok(constants::html()),
        "checks" => checks::html(measured),
        _ => Err(format!("there are no notes called {name}")),
    }
}
