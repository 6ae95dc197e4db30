//! Reads JSON.
//!
//! By hand, because the page needs no more of a reader than this, and serde_json's is six kilobytes
//! of the two hundred that a reader downloads.

use super::decimal;
use super::node::Node;

/// How deep lists and objects may lie in each other.
const DEEPEST: u32 = 128;

/// Reads one JSON document and nothing after it; the error says what is wrong and where.
pub(super) fn read(json: &str) -> Result<Node, String> {
    let mut reader = Reader { json, at: 0 };
    let node = reader.value(DEEPEST).and_then(|node| {
        reader.blanks();
        match reader.at == json.len() {
            true => Ok(node),
            false => Err("trailing characters"),
        }
    });
    node.map_err(|what| {
        let before = &json.as_bytes()[..reader.at.min(json.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n');
        // The last column where the document ends too early, else the one that is wrong.
        let wrong = usize::from(reader.at < json.len());
        let column = before.len() - start.map_or(0, |start| start + 1) + wrong;
        format!("{what} at line {line} column {column}")
    })
}

struct Reader<'a> {
    json: &'a str,
    at: usize,
}

type Found<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes `wanted` if it comes next.
    fn takes(&mut self, wanted: &str) -> bool {
        let found = self.json.as_bytes()[self.at..].starts_with(wanted.as_bytes());
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn value(&mut self, depth: u32) -> Found<Node> {
        self.blanks();
        match self.peek() {
            None => Err("EOF while parsing a value"),
            Some(b'"') => Ok(Node::Text(self.text()?)),
            Some(b'[' | b'{') if depth == 0 => Err("recursion limit exceeded"),
            Some(b'[') => self.list(depth - 1),
            Some(b'{') => self.object(depth - 1),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.takes("null") => Ok(Node::Null),
            _ if self.takes("true") => Ok(Node::Flag(true)),
            _ if self.takes("false") => Ok(Node::Flag(false)),
            _ => Err("expected value"),
        }
    }

    fn number(&mut self) -> Found<Node> {
        let rest = self.json.get(self.at..).unwrap_or_default();
        let length = decimal::length(rest.as_bytes()).ok_or("invalid number")?;
        let x = decimal::value(rest.get(..length).unwrap_or_default());
        if x.is_infinite() {
            return Err("number out of range");
        }
        self.at += length;
        if let Some(b'0'..=b'9') = self.peek() {
            return Err("invalid number");
        }
        Ok(Node::Number(x))
    }

    fn list(&mut self, depth: u32) -> Found<Node> {
        let mut nodes = Vec::new();
        self.members("]", "EOF while parsing a list", |reader| {
            nodes.push(reader.value(depth)?);
            Ok(())
        })?;
        Ok(Node::List(nodes))
    }

    fn object(&mut self, depth: u32) -> Found<Node> {
        let mut members = Vec::new();
        self.members("}", "EOF while parsing an object", |reader| {
            if reader.peek() != Some(b'"') {
                return Err("key must be a string");
            }
            let key = reader.text()?;
            reader.blanks();
            if !reader.takes(":") {
                return Err("expected `:`");
            }
            members.push((key, reader.value(depth)?));
            Ok(())
        })?;
        Ok(Node::Object(members))
    }

    /// Reads what stands between brackets, of which the first comes next.
    fn members(
        &mut self,
        close: &str,
        too_early: &'static str,
        mut member: impl FnMut(&mut Self) -> Found<()>,
    ) -> Found<()> {
        self.at += 1;
        self.blanks();
        if self.takes(close) {
            return Ok(());
        }
        loop {
            self.blanks();
            self.peek().ok_or(too_early)?;
            member(self)?;
            self.blanks();
            if self.takes(close) {
                return Ok(());
            }
            if !self.takes(",") {
                self.peek().ok_or(too_early)?;
                return Err("expected `,` or the closing bracket");
            }
        }
    }

    /// Reads a text, whose quotation mark comes next.
    fn text(&mut self) -> Found<String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while self
                .peek()
                .is_some_and(|b| b >= b' ' && b != b'"' && b != b'\\')
            {
                self.at += 1;
            }
            // For the panic of a slice the page would carry the standard library's tables of characters.
            text.push_str(self.json.get(start..self.at).unwrap_or_default());
            let Some(byte) = self.peek() else {
                return Err("EOF while parsing a string");
            };
            self.at += 1;
            match byte {
                b'"' => return Ok(text),
                b'\\' => text.push(self.escaped()?),
                _ => return Err("control character while parsing a string"),
            }
        }
    }

    /// Reads what follows a backslash.
    fn escaped(&mut self) -> Found<char> {
        let byte = self.peek().ok_or("EOF while parsing a string")?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                let code = match high {
                    0xd800..=0xdbff if self.takes("\\u") => match self.hex()? {
                        low @ 0xdc00..=0xdfff => 0x10000 + ((high - 0xd800) << 10) + low - 0xdc00,
                        _ => high,
                    },
                    code => code,
                };
                // Half a surrogate pair is none.
                char::from_u32(code).ok_or("lone surrogate in a hex escape")?
            }
            _ => return Err("invalid escape"),
        })
    }

    fn hex(&mut self) -> Found<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or("invalid escape")?;
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same document as serde_json reads it.
    fn known(json: &str) -> Option<Node> {
        fn node(value: serde_json::Value) -> Node {
            use serde_json::Value;
            match value {
                Value::Null => Node::Null,
                Value::Bool(on) => Node::Flag(on),
                Value::Number(n) => Node::Number(n.as_f64().expect("a number")),
                Value::String(text) => Node::Text(text),
                Value::Array(list) => Node::List(list.into_iter().map(node).collect()),
                Value::Object(members) => {
                    let members = members.into_iter().map(|(key, value)| (key, node(value)));
                    Node::Object(members.collect())
                }
            }
        }
        serde_json::from_str(json).ok().map(node)
    }

    #[test]
    fn documents_are_read_as_by_serde_json() {
        for json in [
            "null",
            " [1, -2.5e3, true,false , null]\n",
            r#"{"a":{"b":[]},"c":""}"#,
            r#""\u00e9\ud83d\ude00\n\/ é""#,
            "",
            "nul",
            "[1,]",
            "[1 2]",
            r#"{"a"}"#,
            "{a:1}",
            r#"{"a":1,}"#,
            "01",
            "1.",
            "-",
            "+1",
            "1e",
            r#""\x""#,
            r#""\ud800""#,
            r#""\ud800\ue000""#,
            r#""\u12""#,
            "\"\n\"",
            "\"",
            "[",
            "{",
            "1 1",
            "1e400",
        ] {
            assert_eq!(read(json).ok(), known(json), "{json}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let said = |json| read(json).unwrap_err();
        assert_eq!(said("{\n  \"a\": }"), "expected value at line 2 column 8");
        assert_eq!(said(""), "EOF while parsing a value at line 1 column 0");
    }

    proptest! {
        #[test]
        fn what_serde_json_refuses_is_refused(json in r#"[\[\]{}:,"\\u0-9a-f.eE+\-ntrs ]{0,24}"#) {
            prop_assert_eq!(read(&json).is_ok(), known(&json).is_some(), "{}", json);
        }
    }
}
