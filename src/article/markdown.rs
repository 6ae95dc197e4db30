//! Markdown with the article's directives, as HTML.
//!
//! Directives are lines of their own: `::figure{NAME}`, `::notes{NAME}`, and containers `:::NAME WORDS`
//! to `:::`. A line that is a comment says nothing.
//! `{{FIGURE.KEY}}` quotes a figure's live value, `{{measured.CASE:PATH}}` a recorded one, and
//! `{{whiteboard.CASE:METRIC}}` or `{{calibrated.CASE:METRIC}}` what the simulator makes of that case.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::code;
use super::measured::Measured;
use super::notes;
use super::simulated;
use crate::catalogue;

/// Stands in the HTML where a figure does, followed by its name and `-->`.
pub(super) const FIGURE: &str = "<!--figure:";

/// Sentinels for quotes: digits where code is highlighted, private characters in prose.
const IN_CODE: u32 = 77_700_000;
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// Renders one section's Markdown. `section` prefixes the anchors of its headings.
pub(super) fn to_html(source: &str, section: &str, measured: &Measured) -> Result<String, String> {
    let mut quotes = Vec::new();
    let markdown = directives(source, measured, &mut quotes)?;
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_SMART_PUNCTUATION;
    let events = rewrite(Parser::new_ext(&markdown, options), section);
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    for (i, quote) in quotes.iter().enumerate() {
        let live = quoted(quote, measured).ok_or(format!("nothing is called {{{{{quote}}}}}"))?;
        out = out
            .replace(&format!("{OPEN}{i}{CLOSE}"), &live)
            .replace(&(IN_CODE + i as u32).to_string(), &live);
    }
    // Tables scroll on their own where the screen is narrow.
    Ok(out
        .replace(
            "<table",
            "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table",
        )
        .replace("</table>", "</table></div>")
        .replace("<th></th>", "<td></td>")
        // Short names for what there is much of.
        .replace("footnote-definition-label", "fl")
        .replace("footnote-definition", "fn")
        .replace("footnote-reference", "fr"))
}

/// `text` without places to break a line between a number and its unit or around a `×`.
fn bound(text: &str) -> String {
    const UNITS: &[&str] = &["ms", "s", "µs", "MB", "KB", "KiB", "MiB", "%", "×"];
    let mut out = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        out.push_str(word);
        let Some(next) = words.peek() else { break };
        let unit = next.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '%');
        let number = word.ends_with(|c: char| c.is_ascii_digit() || c == CLOSE);
        let tied = word == "×" || number && UNITS.contains(&unit);
        out.push(if tied { '\u{a0}' } else { ' ' });
    }
    out
}

/// Turns directive lines into HTML blocks and quotes into sentinels.
fn directives(
    source: &str,
    measured: &Measured,
    quotes: &mut Vec<String>,
) -> Result<String, String> {
    let mut out = String::new();
    let mut fenced = false;
    let mut open: Vec<&str> = Vec::new();
    for line in source.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if !fenced && line.starts_with("<!--") && line.ends_with("-->") {
            continue;
        }
        let line = sentinels(line, fenced, quotes);
        if fenced {
            out.push_str(&line);
        } else if let Some(name) = directive(&line, "::figure{") {
            known(name)?;
            out.push_str(&format!("\n{FIGURE}{name}-->\n"));
        } else if let Some(name) = directive(&line, "::notes{") {
            out.push_str(&format!("\n{}\n", notes::html(name, measured)?));
        } else if let Some(rest) = line.strip_prefix(":::") {
            let (name, words) = rest.split_once(' ').unwrap_or((rest, ""));
            let block = match name {
                "" => open.pop().ok_or("::: closes nothing")?.to_owned(),
                "correction" | "note" => {
                    open.push("</aside>");
                    format!(
                        "<aside class=\"callout {name}\"><p class=\"callout-title\">{words}</p>"
                    )
                }
                "pair" => {
                    open.push("</div>");
                    "<div class=\"pair\">".to_owned()
                }
                "steps" => {
                    known(words)?;
                    open.push("</div>");
                    format!("<div class=\"steps\" data-steps=\"{words}\">")
                }
                "figure" => {
                    known(words)?;
                    open.push("</div>");
                    out.push_str(&format!("\n{FIGURE}{words}-->\n"));
                    format!("<div class=\"words\" data-words=\"{words}\">")
                }
                other => return Err(format!("there is no directive :::{other}")),
            };
            out.push_str(&format!("\n{block}\n"));
        } else {
            out.push_str(&line);
        }
        out.push('\n');
    }
    match open.len() {
        0 => Ok(out),
        _ => Err("a ::: directive is never closed".to_owned()),
    }
}

/// The name in a line that is `start`, a name and `}`.
fn directive<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix('}')
}

fn known(figure: &str) -> Result<(), String> {
    match catalogue::find(figure) {
        Some(_) => Ok(()),
        None => Err(format!("there is no figure {figure}")),
    }
}

fn sentinels(line: &str, fenced: bool, quotes: &mut Vec<String>) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, (quote, after))) = rest
        .split_once("{{")
        .and_then(|(before, after)| Some((before, after.split_once("}}")?)))
    {
        let i = quotes.len();
        quotes.push(quote.trim().to_owned());
        out.push_str(before);
        out.push_str(&if fenced {
            (IN_CODE + i as u32).to_string()
        } else {
            format!("{OPEN}{i}{CLOSE}")
        });
        rest = after;
    }
    out + rest
}

/// What a quote says in the prerendered page, in an element that the figure keeps true.
fn quoted(quote: &str, measured: &Measured) -> Option<String> {
    let (figure, key) = quote.split_once('.')?;
    match figure {
        "measured" => return measured.quote(key),
        "whiteboard" | "calibrated" => return simulated::quote(figure, key, measured),
        _ => {}
    }
    let (raw, text) = catalogue::quote(figure, key)?;
    let hooks = key
        .split_once(':')
        .map_or(String::new(), |(system, metric)| {
            format!(" data-metric=\"{metric}\" data-system=\"{system}\"")
        });
    Some(format!(
        "<data data-live=\"{quote}\"{hooks} value=\"{raw}\">{text}</data>"
    ))
}

/// Highlights code and gives headings their anchors.
fn rewrite<'a>(parser: Parser<'a>, section: &str) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut fence: Option<(String, String)> = None;
    let mut heading: Option<(HeadingLevel, usize, String)> = None;
    for event in parser {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                fence = Some((info.to_string(), String::new()));
            }
            Event::Text(text) if fence.is_some() => {
                if let Some((_, code)) = &mut fence {
                    code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((info, code)) = fence.take() {
                    events.push(Event::Html(code::block(&info, &code).into()));
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                heading = Some((level, events.len(), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, at, words)) = heading.take() {
                    let id = format!("{section}-{}", slug(&words));
                    let (open, close) = match level {
                        HeadingLevel::H3 => (format!(" id=\"{id}\"><a href=\"#{id}\""), "</a>"),
                        _ => (String::new(), ""),
                    };
                    events.insert(at, Event::Html(format!("<{level}{open}>").into()));
                    events.push(Event::Html(format!("{close}</{level}>\n").into()));
                }
            }
            Event::Text(text) if heading.is_none() => {
                events.push(Event::Text(bound(&text).into()));
            }
            event => {
                if let (Some((_, _, words)), Event::Text(text) | Event::Code(text)) =
                    (&mut heading, &event)
                {
                    words.push_str(text);
                }
                events.push(event);
            }
        }
    }
    events
}

fn slug(words: &str) -> String {
    let mut out = String::new();
    for c in words.to_lowercase().chars() {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit_stay_on_one_line() {
        assert_eq!(
            bound("4 × 2 needs 12.5 s, or 90 %. In 8 more"),
            "4\u{a0}×\u{a0}2 needs 12.5\u{a0}s, or 90\u{a0}%. In 8 more"
        );
    }

    #[test]
    fn a_comment_is_left_out_and_what_is_unknown_is_named() {
        let measured = Measured::parse("{}");
        let html = |source: &str| to_html(source, "s", &measured);
        let text = "a\n<!-- ::figure{later} -->\n```\n<!-- b -->\n```\n";
        let said = html(text).unwrap();
        assert!(
            !said.contains("later") && said.contains("&lt;!-- b --&gt;"),
            "{said}"
        );
        assert_eq!(
            html("::notes{nothing}").unwrap_err(),
            "there are no notes called nothing"
        );
        assert_eq!(
            html("::figure{nothing}").unwrap_err(),
            "there is no figure nothing"
        );
    }
}
