//! The browser entry: takes over the prerendered page.

fn main() {}
