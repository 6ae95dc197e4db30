//! Every calibrated constant with its value and its source, in the words that stand beside it in
//! the simulator.

use std::fmt::Write;

use crate::simulation::{Constant, constants};
use crate::widgets::html::rich;
use crate::words::grouped;

/// A table of what requests cost the servers; what its columns rest on; the other constants.
pub(super) fn html() -> String {
    write(&constants())
}

fn write(constants: &[Constant]) -> String {
    let is_cost = |constant: &&Constant| constant.parts.iter().any(|part| part.name == "accept");
    let costs: Vec<&Constant> = constants.iter().filter(is_cost).collect();
    // What threads have in common is in the columns of all that run threads.
    let columns: Vec<&Constant> = costs[1..].to_vec();

    let mut out = "<table class=\"constants\"><tr><th>Microseconds".to_owned();
    for column in &columns {
        push(&mut out, format_args!("<th>{}", label(column.name)));
    }
    for (row, part) in costs[0].parts.iter().enumerate() {
        let words = words(part.words);
        push(&mut out, format_args!("<tr><td>{}: {words}", part.name));
        for column in &columns {
            match column.parts[row].value {
                0.0 => out.push_str("<td>"),
                value => push(&mut out, format_args!("<td>{}", number(value))),
            }
        }
    }
    out.push_str("</table><ul>");
    for constant in constants {
        push(
            &mut out,
            format_args!("<li><b>{}</b>", label(constant.name)),
        );
        if !is_cost(&constant) {
            for part in &constant.parts {
                push(
                    &mut out,
                    format_args!(" {} {}", part.name, number(part.value)),
                );
            }
        }
        push(&mut out, format_args!(": {}", words(constant.words)));
    }
    let mut told: Vec<&str> = Vec::new();
    for constant in constants.iter().filter(|constant| !is_cost(constant)) {
        for part in &constant.parts {
            if !part.name.is_empty() && !told.contains(&part.name) {
                told.push(part.name);
                push(
                    &mut out,
                    format_args!("<li>{}: {}", part.name, words(part.words)),
                );
            }
        }
    }
    out + "</ul>"
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("text has room");
}

/// `THREAD_POOL` as a reader sees it.
fn label(name: &str) -> String {
    name.to_lowercase().replace('_', " ")
}

/// A doc comment as a reader sees it.
fn words(doc: &str) -> String {
    rich(&doc.replace("[`", "`").replace("`]", "`"))
        .trim()
        .to_owned()
}

fn number(value: f64) -> String {
    match value.fract() {
        0.0 => grouped(value),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_is_told_with_its_value_and_its_words() {
        let html = html();
        for constant in constants() {
            let name = format!("<li><b>{}</b>", label(constant.name));
            assert_eq!(html.matches(&name).count(), 1, "{name}");
            assert!(html.contains(&words(constant.words)), "{name}");
            for part in &constant.parts {
                assert!(html.contains(&number(part.value)), "{name}: {}", part.name);
            }
        }
        assert!(!html.contains("\n\n"), "Markdown would end the block there");
    }
}
