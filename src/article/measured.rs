//! Runs of the real servers, as the prose quotes them.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::parts::measured_line;
use crate::scenario::Scenario;
use crate::words::fixed;

/// The recorded cases of `content/measured.json`.
pub(super) struct Measured(Value);

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

    /// A time of this record for the reader: three digits, or as many more as it takes to tell the
    /// lowest from the highest; the same for all of them.
    fn milliseconds(&self, ms: f64) -> String {
        let (unit, scale) = match self.median {
            median if median < 999.5 => ("ms", 1.0),
            _ => ("s", 1e3),
        };
        let whole = fixed(self.max / scale, 0).len() as u32;
        let write = |ms: f64, digits: u32| fixed(ms / scale, digits.saturating_sub(whole));
        let digits = (3..=5).find(|&digits| write(self.min, digits) != write(self.max, digits));
        format!("{}\u{a0}{unit}", write(ms, digits.unwrap_or(3)))
    }
}

impl Measured {
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        serde_json::from_str(json)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// Every case, in the order of the file.
    pub(super) fn cases(&self) -> &[Value] {
        let cases = self.0.get("cases").and_then(Value::as_array);
        cases.map_or(&[], Vec::as_slice)
    }

    /// The time that `CASE:METRIC.STATISTIC` names, as the reader sees it.
    pub(super) fn quote(&self, key: &str) -> Option<String> {
        let (slug, path) = key.split_once(':')?;
        let (path, statistic) = path.rsplit_once('.')?;
        let case = self
            .cases()
            .iter()
            .find(|case| case.get("slug").and_then(Value::as_str) == Some(slug))?;
        let values = path
            .split('.')
            .try_fold(case, |value, part| value.get(part))?;
        let ms = values.get(statistic)?.as_f64()?;
        Some(Record::of(values)?.milliseconds(ms))
    }
}

/// Every case that was measured, those of `content/measured.json` first, in the lines that the page
/// lays over its figures.
pub(super) fn lines(measured: &Measured, folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort_unstable();
    let mut cases = measured.cases().to_vec();
    for path in paths {
        cases.push(serde_json::from_str(&fs::read_to_string(path)?)?);
    }
    let mut out = String::new();
    for case in &cases {
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
}
