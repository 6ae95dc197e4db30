//! The native entry: writes the article into the built `index.html`.
//!
//! Runs as Trunk's `post_build` hook, in the package's folder, with `TRUNK_STAGING_DIR` set.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use concurrency_explained::app;
use concurrency_explained::article::content;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dist = env::var("TRUNK_STAGING_DIR").unwrap_or_else(|_| "dist".to_owned());
    let page = Path::new(&dist).join("index.html");
    let article = content::read(&root.join("content"))?;
    let html = fs::read_to_string(&page)?
        .replace("@the title@", &article.site.title)
        .replace("@the description@", &article.site.description)
        .replace("@app@", &app::render(&article));
    fs::write(&page, html)?;
    Ok(())
}
