//! Runs of the real servers, as the prose quotes them.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::parts::measured_line;
use crate::scenario::Scenario;
use crate::words::{fixed, grouped};

/// Everything that was measured.
pub(super) struct Measured {
    /// `content/measured.json`: the article's own cases.
    article: Value,
    /// Each case of `content/measured/cases/`, in the order of their slugs.
    cases: Vec<Value>,
    /// Each experiment of `content/measured/` under the name of its file.
    experiments: Vec<(String, Value)>,
}

/// What the runs of a case came to, in one respect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Record {
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

impl Record {
    pub(super) fn of(value: &Value) -> Option<Self> {
        let number = |key: &str| value.get(key)?.as_f64();
        Some(Self {
            min: number("min")?,
            median: number("median")?,
            max: number("max")?,
        })
    }

    /// The record of something that came to the same whenever it was measured.
    pub(super) fn once(number: f64) -> Self {
        Self {
            min: number,
            median: number,
            max: number,
        }
    }

    /// A time of this record for the reader.
    pub(super) fn milliseconds(&self, ms: f64) -> String {
        match self.median {
            median if median < 999.5 => format!("{}\u{a0}ms", self.digits(ms, 1.0)),
            _ => format!("{}\u{a0}s", self.digits(ms, 1e3)),
        }
    }

    /// A number of this record in units of `scale`: three digits, or as many more as it takes to tell
    /// the lowest from the highest; the same for all of them.
    fn digits(&self, number: f64, scale: f64) -> String {
        let whole = fixed(self.max / scale, 0).len() as u32;
        let write = |number: f64, digits: u32| fixed(number / scale, digits.saturating_sub(whole));
        let digits = (3..=5).find(|&digits| write(self.min, digits) != write(self.max, digits));
        write(number, digits.unwrap_or(3))
    }
}

impl Measured {
    /// Reads all records under `folder`, which is `content`.
    pub(super) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let json = |path: &Path| -> Result<Value, Box<dyn Error>> {
            let broken = |cause: String| format!("{}: {cause}", path.display());
            let text = fs::read_to_string(path).map_err(|cause| broken(cause.to_string()))?;
            Ok(serde_json::from_str(&text).map_err(|cause| broken(cause.to_string()))?)
        };
        let files = |folder: &Path| -> Result<Vec<_>, Box<dyn Error>> {
            let mut paths = Vec::new();
            for entry in fs::read_dir(folder)? {
                paths.push(entry?.path());
            }
            paths.retain(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            });
            paths.sort_unstable();
            Ok(paths)
        };
        let mut measured = Self {
            article: json(&folder.join("measured.json"))?,
            cases: Vec::new(),
            experiments: Vec::new(),
        };
        for path in files(&folder.join("measured/cases"))? {
            measured.cases.push(json(&path)?);
        }
        for path in files(&folder.join("measured"))? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            measured.experiments.push((name.into(), json(&path)?));
        }
        Ok(measured)
    }

    #[cfg(test)]
    pub(super) fn parse(json: &str) -> Self {
        Self {
            article: serde_json::from_str(json).expect("JSON"),
            cases: Vec::new(),
            experiments: Vec::new(),
        }
    }

    /// Every case of the article, in the order of the file.
    pub(super) fn cases(&self) -> &[Value] {
        let cases = self.article.get("cases").and_then(Value::as_array);
        cases.map_or(&[], Vec::as_slice)
    }

    /// What the simulator is compared with: the article's cases, without the empty requests that served
    /// to find constants, and those that were measured when the constants stood.
    pub(super) fn proofs(&self) -> Vec<&Value> {
        let article = self
            .cases()
            .iter()
            .filter(|case| case["calibration"] != true);
        article
            .chain(self.cases.iter().filter(|case| is_new(case)))
            .collect()
    }

    /// The article's case, or else another one, of this slug.
    pub(super) fn case(&self, slug: &str) -> Option<&Value> {
        let mut all = self.cases().iter().chain(&self.cases);
        all.find(|case| case.get("slug").and_then(Value::as_str) == Some(slug))
    }

    /// What `NAME:PATH` names, as the reader sees it. NAME is a case's slug or `EXPERIMENT/SLUG`, with
    /// `+preload` where a record has it both ways; PATH walks down from there, through every
    /// element of a list where it does not say which. Times, under a name in `_ms`, and memory, under
    /// one in `_mb`, have their unit.
    pub(super) fn quote(&self, key: &str) -> Option<String> {
        let (name, path) = key.split_once(':')?;
        let path: Vec<&str> = path.split('.').collect();
        let has = |end: &str| path.iter().any(|key| key.ends_with(end));
        let (times, memory) = (has("_ms"), has("_mb"));
        let mut texts: Vec<String> = Vec::new();
        for (number, record) in numbers(self.row(name)?, &path)? {
            texts.push(match (times, memory) {
                (true, _) => record.milliseconds(number),
                (_, true) => format!("{}\u{a0}MiB", record.digits(number, 1.0)),
                _ => grouped(number),
            });
        }
        if texts.iter().all(|text| *text == texts[0]) {
            texts.truncate(1);
        }
        let last = texts.pop()?;
        Some(match texts.is_empty() {
            true => last,
            false => format!("{} and {last}", texts.join(", ")),
        })
    }

    fn row(&self, name: &str) -> Option<&Value> {
        let Some((experiment, row)) = name.split_once('/') else {
            return self.case(name);
        };
        let (_, record) = self
            .experiments
            .iter()
            .find(|(name, _)| name == experiment)?;
        let (slug, preload) = match row.strip_suffix("+preload") {
            Some(slug) => (slug, true),
            None => (row, false),
        };
        // An experiment is a list of rows, or several under a name each.
        let lists = record.as_object().into_iter().flat_map(|all| all.values());
        let mut rows = lists.chain([record]).filter_map(Value::as_array).flatten();
        rows.find(|row| {
            row.get("slug").and_then(Value::as_str) == Some(slug)
                && row.get("preload").and_then(Value::as_bool).unwrap_or(false) == preload
        })
    }
}

/// Whether a case was measured when the constants stood.
pub(super) fn is_new(case: &Value) -> bool {
    case["slug"]
        .as_str()
        .is_some_and(|slug| slug.starts_with("new-"))
}

/// The numbers at the end of `path`, each with the record that it belongs to.
fn numbers(value: &Value, path: &[&str]) -> Option<Vec<(f64, Record)>> {
    let all = |items: &[Value], path| -> Option<Vec<_>> {
        let lists: Option<Vec<_>> = items.iter().map(|item| numbers(item, path)).collect();
        Some(lists?.concat())
    };
    match (path, value) {
        ([], Value::Array(items)) => all(items, path),
        ([], value) => value
            .as_f64()
            .map(|number| vec![(number, Record::once(number))]),
        ([key, rest @ ..], Value::Array(items)) => match key.parse::<usize>() {
            Ok(index) => numbers(items.get(index)?, rest),
            Err(_) => all(items, path),
        },
        ([key], value) if Record::of(value).is_some() => {
            Some(vec![(value.get(key)?.as_f64()?, Record::of(value)?)])
        }
        ([key, rest @ ..], value) => numbers(value.get(key)?, rest),
    }
}

/// How many requests of a run got no answer, in the mean of its runs.
fn lost(case: &Value) -> Option<[f64; 3]> {
    let mean = case.get("failed")?.as_f64()? / case.get("runs")?.as_f64()?;
    Some([mean; 3])
}

/// Every case that was measured, the article's first, in the lines that the page lays over its
/// figures.
pub(super) fn lines(measured: &Measured) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for case in measured.cases().iter().chain(&measured.cases) {
        let scenario = case.get("scenario").ok_or("a case without a scenario")?;
        let scenario = Scenario::from_json(&scenario.to_string())?;
        let of = |path: &[&str]| {
            let value = path.iter().try_fold(case, |value, part| value.get(part));
            let Record { min, median, max } = Record::of(value?)?;
            Some([min, median, max])
        };
        let numbers = [
            of(&["makespan_ms"]),
            of(&["latency_ms", "mean"]),
            of(&["latency_ms", "p50"]),
            of(&["latency_ms", "p95"]),
            of(&["latency_ms", "p99"]),
            lost(case),
        ];
        out.push_str(&measured_line(
            &scenario,
            numbers.map(Option::unwrap_or_default),
        ));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_quoted_in_as_many_digits_as_tell_the_lowest_from_the_highest() {
        for (min, median, max, texts) in [
            (16_159.3, 19_013.1, 21_839.1, ["16.2 s", "19.0 s", "21.8 s"]),
            (
                12_954.5,
                12_968.4,
                12_974.6,
                ["12.95 s", "12.97 s", "12.97 s"],
            ),
            (
                12_876.5,
                12_876.6,
                12_882.4,
                ["12.877 s", "12.877 s", "12.882 s"],
            ),
            (5_031.0, 5_034.9, 5_041.2, ["5.03 s", "5.03 s", "5.04 s"]),
            (163.7, 163.7, 163.7, ["164 ms"; 3]),
            (990.0, 999.0, 1_010.0, ["990 ms", "999 ms", "1010 ms"]),
        ] {
            let record = Record { min, median, max };
            let read = [min, median, max].map(|ms| record.milliseconds(ms).replace('\u{a0}', " "));
            assert_eq!(read, texts);
        }
    }

    #[test]
    fn a_quote_finds_its_record_and_writes_it_with_its_unit() {
        let mut measured = Measured::parse(
            r#"{"cases": [{"slug": "a", "makespan_ms": {"min": 990, "median": 1000.4, "max": 1020},
                "requests_per_worker": [[3, 1], [1472, 2]], "pss_mb": {"idle": 160.12}}]}"#,
        );
        let rows = r#"[{"slug": "a", "preload": false, "at_ms": 250},
            {"slug": "a", "preload": true, "at_ms": 1250.4},
            {"slug": "b", "runs": [{"lost": 18}, {"lost": 2}, {"lost": 3}], "same": [1, 1]}]"#;
        let rows: Value = serde_json::from_str(rows).unwrap();
        measured.experiments = vec![
            ("list".to_owned(), rows.clone()),
            ("lists".to_owned(), serde_json::json!({ "rows": rows })),
        ];
        for (key, text) in [
            ("a:makespan_ms.median", Some("1.00 s")),
            ("a:requests_per_worker.1.0", Some("1472")),
            ("a:requests_per_worker.0", Some("3 and 1")),
            ("a:pss_mb.idle", Some("160 MiB")),
            ("list/a:at_ms", Some("250 ms")),
            ("lists/a+preload:at_ms", Some("1.25 s")),
            ("list/b:runs.lost", Some("18, 2 and 3")),
            ("list/b:runs.0.lost", Some("18")),
            ("list/b:same", Some("1")),
            ("list/b:none", None),
            ("list/b+preload:same", None),
            ("none/b:same", None),
            ("b:same", None),
        ] {
            let quote = measured.quote(key).map(|text| text.replace('\u{a0}', " "));
            assert_eq!(quote.as_deref(), text, "{key}");
        }
    }
}
