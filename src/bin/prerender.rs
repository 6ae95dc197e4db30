//! The native entry: writes the article, and what may run beside it, into the built `index.html`.
//!
//! Runs as Trunk's `post_build` hook, in the package's folder, with `TRUNK_STAGING_DIR` set.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine};
use concurrency_explained::app;
use concurrency_explained::article::content;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dist = env::var("TRUNK_STAGING_DIR").unwrap_or_else(|_| "dist".to_owned());
    let page = Path::new(&dist).join("index.html");
    let article = content::read(&root.join("content"))?;
    let html = fs::read_to_string(&page)?;
    let html = html
        .replace("@the title@", &article.site.title)
        .replace("@the description@", &article.site.description)
        .replace("@app@", &squeeze(&app::render(&article)));
    let policy = policy(&html);
    fs::write(&page, html.replace("@the policy@", &policy))?;
    fs::write(
        Path::new(&dist).join(content::MEASURED_FILE),
        &article.measured,
    )?;
    Ok(())
}

/// `html` without what a browser's parser adds by itself: quotes around simple attributes, end tags
/// of list items, table cells and, before what can be in no paragraph, paragraphs.
fn squeeze(html: &str) -> String {
    const IMPLIED: &[&str] = &[
        "</li>",
        "</td>",
        "</th>",
        "</tr>",
        "</tbody>",
        "</thead>",
        "</option>",
    ];
    const ENDS_PARAGRAPH: &[&str] = &[
        "<p",
        "<div",
        "<h3",
        "<h4",
        "<ul",
        "<ol",
        "<table",
        "<section",
        "</div",
        "</li",
        "</section",
    ];
    const PARAGRAPH: &str = "</p>";
    let mut out = String::with_capacity(html.len());
    let mut pending = "";
    for piece in html.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        let tag = &*tag.replace(" class=\"\"", "");
        let name = tag
            .trim_end_matches('>')
            .split(' ')
            .next()
            .unwrap_or_default();
        if !text.trim().is_empty() || !ENDS_PARAGRAPH.contains(&name) {
            out.push_str(pending);
        }
        pending = "";
        out.push_str(text);
        if tag == PARAGRAPH {
            pending = PARAGRAPH;
            continue;
        }
        if IMPLIED.contains(&tag) {
            continue;
        }
        let mut parts = tag.split('"');
        out.push_str(parts.next().unwrap_or_default());
        // Values and what stands between them take turns.
        while let Some(value) = parts.next() {
            let after = parts.next();
            let simple = !value.is_empty()
                && value
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.:#,;%+*()".contains(c));
            match after {
                Some(after) if simple && out.ends_with('=') && after != "/>" => {
                    out.push_str(value);
                    out.push_str(after);
                }
                _ => {
                    out.push('"');
                    out.push_str(value);
                    if let Some(after) = after {
                        out.push('"');
                        out.push_str(after);
                    }
                }
            }
        }
    }
    out
}

/// The content security policy: what is served with the page, and the scripts in `html` as they stand.
fn policy(html: &str) -> String {
    let scripts: BTreeSet<String> = html
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</script>"))
        .map(|(script, _)| {
            format!(
                " 'sha256-{}'",
                BASE64_STANDARD.encode(Sha256::digest(script))
            )
        })
        .collect();
    let scripts: String = scripts.into_iter().collect();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; \
         style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
    )
}
