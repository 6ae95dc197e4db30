//! The sections of the article, read from `content/`.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::markdown;
use super::measured::{self, Measured};

/// The whole article, ready to be laid out.
pub struct Article {
    pub site: Site,
    pub sections: Vec<Section>,
    /// What was measured, for the file that the page fetches to lay it over its figures.
    pub measured: String,
}

/// What the page's head and hero say.
pub struct Site {
    pub title: String,
    pub description: String,
    pub tagline: String,
}

/// One section, from one file.
pub struct Section {
    pub id: String,
    pub title: String,
    /// Its name in the table of contents.
    pub short: String,
    pub number: Option<String>,
    /// The model that gives it its colour.
    pub model: Option<String>,
    pub rows: Vec<Row>,
}

/// A stretch of text and the figure that stands beside it.
pub struct Row {
    pub html: String,
    pub figure: Option<String>,
}

/// The file beside the page that holds [`Article::measured`].
pub use crate::parts::MEASURED_FILE;

/// Reads every section of `folder`, in the order of the file names.
///
/// # Errors
///
/// A file that cannot be read, or one that is not written as the README says, by name and cause.
pub fn read(folder: &Path) -> io::Result<Article> {
    let measured =
        Measured::read(folder).map_err(|cause| broken("what was measured", &cause.to_string()))?;
    let site = site(&fs::read_to_string(folder.join("site.json"))?)
        .ok_or_else(|| broken("site.json", "expected title, description and tagline"))?;
    let mut files: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "md"))
        .collect();
    files.sort();
    let sections = files
        .iter()
        .map(|path| {
            section(&fs::read_to_string(path)?, &measured)
                .map_err(|cause| broken(&path.display().to_string(), &cause))
        })
        .collect::<io::Result<_>>()?;
    let lines = measured::lines(&measured)
        .map_err(|cause| broken("what was measured", &cause.to_string()))?;
    Ok(Article {
        site,
        sections,
        measured: lines,
    })
}

fn broken(file: &str, cause: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{file}: {cause}"))
}

fn site(json: &str) -> Option<Site> {
    let value: Value = serde_json::from_str(json).ok()?;
    let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
    Some(Site {
        title: text("title")?,
        description: text("description")?,
        tagline: text("tagline")?,
    })
}

/// Reads one file: front matter between two `---` lines, then Markdown.
fn section(source: &str, measured: &Measured) -> Result<Section, String> {
    let (front, body) = source
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or("expected front matter between two lines of ---")?;
    let entry = |key: &str| {
        front.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.trim() == key).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let required = |key: &str| entry(key).ok_or(format!("the front matter lacks {key}"));
    let id = required("id")?;
    let html = markdown::to_html(body, &id, measured)?;
    let mut rows: Vec<Row> = Vec::new();
    for part in html.split(markdown::FIGURE) {
        // Every part but the first begins with the name of the figure that ends the row before.
        let text = match (rows.last_mut(), part.split_once("-->")) {
            (Some(row), Some((figure, text))) => {
                row.figure = Some(figure.to_owned());
                text
            }
            _ => part,
        };
        rows.push(Row {
            html: text.trim().to_owned(),
            figure: None,
        });
    }
    rows.retain(|row| !row.html.is_empty() || row.figure.is_some());
    Ok(Section {
        title: required("title")?,
        short: required("short")?,
        number: entry("number"),
        model: entry("model"),
        id,
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::measured::Record;

    #[test]
    fn the_article_can_be_read_and_tells_every_proof() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let article = read(&folder).expect("an article");
        let notes = article
            .sections
            .iter()
            .find(|section| section.id == "notes");
        let html: String = notes.unwrap().rows.iter().map(|row| &*row.html).collect();
        let cases = Measured::read(&folder).unwrap().proofs().len();
        let (_, table) = html.split_once("<table class=\"checks\">").unwrap();
        let (table, _) = table.split_once("</table>").unwrap();
        // Beside the cases' rows stand the head and the workloads' names.
        let others = 1 + table.matches("<th colspan").count();
        assert_eq!(table.matches("<tr>").count(), cases + others);
    }

    /// What section 5 says in words of the times that it quotes.
    #[test]
    fn the_words_about_measured_times_hold() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let measured = Measured::read(&folder).unwrap();
        let times = |slug| Record::of(&measured.case(slug).unwrap()["makespan_ms"]).unwrap();
        for (slug, whiteboard) in [
            ("gthread-4x2-capped-burst", 12_500.0),
            ("sync-8x1-burst", 12_500.0),
            ("executor-20-burst", 5000.0),
        ] {
            let Record { min, median, max } = times(slug);
            assert!(median / whiteboard < 1.04, "{slug}: within 4 %");
            assert!(max / min < 1.01, "{slug}: nearly the same number");
        }
        let early = times("gthread-4x2-burst");
        let more = early.median / 12_500.0;
        assert!((1.4..1.6).contains(&more), "half as long again: {more}");
        assert!(early.max - early.min > 5000.0, "more than five seconds");
        let times_more = times("uvicorn-burst").median / 100.0;
        assert!((3.5..4.5).contains(&times_more), "four times: {times_more}");
    }
}
