//! Runs of the real servers, as the prose quotes them.

use crate::words::milliseconds;
use serde_json::Value;

/// The recorded cases of `content/measured.json`.
pub(super) struct Measured(Value);

impl Measured {
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        serde_json::from_str(json)
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// The number that `CASE:METRIC.STATISTIC` names, raw and as the reader sees it.
    pub(super) fn quote(&self, key: &str) -> Option<(String, String)> {
        let (slug, path) = key.split_once(':')?;
        let case = self
            .0
            .get("cases")?
            .as_array()?
            .iter()
            .find(|case| case.get("slug").and_then(Value::as_str) == Some(slug))?;
        let number = path
            .split('.')
            .try_fold(case, |value, part| value.get(part))?
            .as_f64()?;
        let text = if path.contains("_ms") {
            milliseconds(number)
        } else {
            number.to_string()
        };
        Some((number.to_string(), text))
    }
}
