//! The native entry: writes the article into the built `index.html`.

fn main() {}
