//! Guesses what a misspelt name was meant to be.

/// ` (did you mean workers?)` where a candidate is close to `name`, else nothing.
pub(super) fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let close = |candidate: &&str| distance(name, candidate) * 3 <= candidate.len() + 1;
    candidates
        .filter(|_| name.len() <= 40)
        .filter(close)
        .min_by_key(|candidate| distance(name, candidate))
        .map(|candidate| format!(" (did you mean {candidate}?)"))
        .unwrap_or_default()
}

/// Letters to insert, drop or change to turn one into the other, case aside.
fn distance(a: &str, b: &str) -> usize {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(!x.eq_ignore_ascii_case(y));
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_only_what_is_close() {
        let names = ["workers", "threads"].into_iter();
        assert_eq!(
            did_you_mean("worker", names.clone()),
            " (did you mean workers?)"
        );
        assert_eq!(
            did_you_mean("Thraeds", names.clone()),
            " (did you mean threads?)"
        );
        assert_eq!(did_you_mean("processes", names), "");
    }
}
