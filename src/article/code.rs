//! Code samples, highlighted with a handful of classes that the style sheet colours.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, ScopeStack, SyntaxSet};

use crate::widgets::html::{self, escape};

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Scopes and the class that stands for them, the most telling first.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "c"),
    ("string", "s"),
    ("constant.numeric", "n"),
    ("constant.language", "k"),
    ("keyword.operator.logical", "k"),
    ("keyword.operator", ""),
    ("keyword", "k"),
    ("storage", "k"),
    ("entity.name", "f"),
    ("meta.annotation", "d"),
    ("support.function", "f"),
];

/// A fenced block, its `info` such as `python title="gunicorn.conf.py"`, as a titled sample with a
/// copy button.
pub(super) fn block(info: &str, code: &str) -> String {
    let language = info.split_whitespace().next().unwrap_or("text");
    let title = info
        .split_once("title=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or(language, |(title, _)| title);
    html::sample(title, &highlight(language, code))
}

fn highlight(language: &str, code: &str) -> String {
    let syntax = SYNTAXES
        .find_syntax_by_token(language)
        .unwrap_or_else(|| SYNTAXES.find_syntax_plain_text());
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = String::new();
    let mut open = "";
    let mut push = |text: &str, class: &'static str, out: &mut String| {
        if text.is_empty() {
            return;
        }
        if class != open && !text.trim().is_empty() {
            if !open.is_empty() {
                out.push_str("</i>");
            }
            if !class.is_empty() {
                out.push_str(&format!("<i class={class}>"));
            }
            open = class;
        }
        out.push_str(&escape(text));
    };
    for line in code.split_inclusive('\n') {
        // A sample that its grammar cannot follow is shown without colours.
        let operations = state.parse_line(line, &SYNTAXES).unwrap_or_default();
        let mut at = 0;
        for (end, operation) in operations {
            push(&line[at..end], class(&stack), &mut out);
            at = end;
            let _ = stack.apply(&operation);
        }
        push(&line[at..], class(&stack), &mut out);
    }
    if !open.is_empty() {
        out.push_str("</i>");
    }
    out
}

fn class(stack: &ScopeStack) -> &'static str {
    for scope in stack.as_slice().iter().rev() {
        let name = scope.build_string();
        if let Some((_, class)) = CLASSES.iter().find(|(prefix, _)| name.starts_with(prefix)) {
            return class;
        }
    }
    ""
}
