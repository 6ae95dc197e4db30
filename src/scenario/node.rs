//! A JSON document as its author wrote it: members in order, repeated ones included.

use super::decimal::plain;
use super::problem::{Problem, Problems};
use super::reader;
use super::slot::Value;

/// The longest text that is read, in bytes.
const LONGEST: usize = 1_000_000;
/// Characters of a foreign text that a message repeats.
const ECHOED: usize = 40;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Parses one JSON document and nothing after it.
    pub(super) fn parse(json: &str) -> Result<Self, Problems> {
        if json.len() > LONGEST {
            let message = format!(
                "{} bytes is too long, expected at most {LONGEST}",
                json.len()
            );
            return Err(Problem::new("", message).into());
        }
        reader::read(json)
            .map_err(|error| Problem::new("", format!("not valid JSON: {error}")).into())
    }

    /// The value as a message repeats it, never long.
    pub(super) fn echo(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Flag(on) => on.to_string(),
            Self::Number(x) => plain(*x),
            Self::Text(text) => format!("\"{}\"", echo_name(text)),
            Self::List(_) => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

/// A name that a message repeats, never long and without control characters.
pub(super) fn echo_name(name: &str) -> String {
    let mut out = String::new();
    for c in shorten(name).chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0' => out.push_str("\\0"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || is_unseen(c) => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character shows nothing or turns the direction of what follows. The standard library's
/// `escape_debug` knows more of them, by tables of four kilobytes.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(ECHOED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Integer(n) => Self::Number(n as f64),
            Value::Number(x) => Self::Number(x),
            Value::Text(name) => Self::Text(name.to_owned()),
            Value::Flag(on) => Self::Flag(on),
            Value::None => Self::Null,
        }
    }
}
