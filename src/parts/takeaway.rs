//! What a reader takes away from a figure: a picture, files, a link, a trace opened in Perfetto.

use std::sync::Arc;

use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Element, HtmlAnchorElement, HtmlCanvasElement,
    HtmlElement, MessageEvent, Response, ScrollIntoViewOptions, ScrollLogicalPosition, Url,
};

use super::reality::{FILE, Reality};
use super::stage::{Runs, Stage};
use super::{ANCHOR, link};
use crate::chart::Shade;
use crate::export;
use crate::simulation::Run;
use crate::widgets::{copy, paint, paint_key};
use crate::words::{duration, ticks};

/// Perfetto's page.
const PERFETTO: &str = "https://ui.perfetto.dev";

/// How often Perfetto is asked whether it is there, and how long, in milliseconds.
const PING_MS: u32 = 50;
const PATIENCE_MS: u32 = 60_000;

/// Requests that a trace holds at most: text of more than half a gigabyte is refused by browsers.
const MOST_TRACED: usize = 200_000;

/// Device pixels to a CSS pixel of a picture.
const RATIO: f64 = 2.0;

/// Closes the menu that the event's button stands in, if it does.
pub(super) fn close_menu(event: &web_sys::Event) {
    let button = event
        .target()
        .map(|target| target.unchecked_into::<Element>());
    if let Some(Ok(Some(menu))) = button.map(|button| button.closest("details[open]")) {
        // They are there. The focus would go with what is hidden.
        let _ = menu.remove_attribute("open");
        if let Ok(Some(summary)) = menu.query_selector("summary") {
            let _ = summary.unchecked_ref::<HtmlElement>().focus();
        }
    }
}

/// Takes away what the button called `what` offers.
pub(super) fn take(stage: Stage, what: &str) {
    let name = stage.name;
    let heavy = stage.runs.with_untracked(|runs| {
        let requests = runs.0.iter().map(|(_, run)| run.requests.len());
        requests.sum::<usize>() > MOST_TRACED
    });
    if heavy && matches!(what, "trace" | "perfetto") {
        let words = "Too many requests for a trace: at most 200,000.";
        // A browser that shows no such window leaves the reader as wise as before.
        let _ = window().alert_with_message(words);
        return;
    }
    // Nothing here can fail that the reader could mend: a browser that has no such thing stays still.
    let _ = match what {
        "png" => picture(stage),
        "csv" => save(
            &format!("{name}.csv"),
            "text/csv",
            &with_runs(stage, |runs| export::csv(runs)),
        ),
        "trace" => save(
            &format!("{name}-trace.json"),
            "application/json",
            &trace(stage),
        ),
        "perfetto" => open_in_perfetto(name, &trace(stage)),
        "link" => {
            if let Some(button) = part(stage, " [data-act=link]") {
                copy(button, "Copy link", &link(stage));
            }
            Ok(())
        }
        _ => Ok(()),
    };
}

/// Fetches what was measured and lays it over, or takes it away again.
pub(super) fn lay_over(stage: Stage) {
    if stage.reality.with_untracked(Option::is_some) {
        stage.reality.set(None);
        return;
    }
    wasm_bindgen_futures::spawn_local(async move {
        // Without the file there is nothing to lay over, and the button stays as it was.
        if let Ok(text) = fetch(FILE).await {
            let reality = Reality::parse(&text);
            let runs = |runs: &Runs| reality.knows(runs.0.iter().map(|(case, _)| case));
            let known = stage.runs.with_untracked(runs);
            stage.reality.set(Some(Arc::new(reality)));
            if known {
                return;
            }
            // That nothing was measured may stand out of sight.
            Timeout::new(0, move || {
                if let Some(numbers) = part(stage, " .table.data") {
                    let options = ScrollIntoViewOptions::new();
                    options.set_block(ScrollLogicalPosition::Nearest);
                    numbers.scroll_into_view_with_scroll_into_view_options(&options);
                }
            })
            .forget();
        }
    });
}

async fn fetch(url: &str) -> Result<String, JsValue> {
    let answer: Response = JsFuture::from(window().fetch_with_str(url))
        .await?
        .dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(answer.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

fn trace(stage: Stage) -> String {
    with_runs(stage, |runs| export::trace(runs))
}

fn with_runs(
    stage: Stage,
    write: fn(&mut dyn Iterator<Item = (&'static str, &Run)>) -> String,
) -> String {
    stage.runs.with_untracked(|runs| {
        let mut runs = runs.0.iter().map(|(case, run)| (case.id, &**run));
        write(&mut runs)
    })
}

/// The figure as its reader has set it.
fn link(stage: Stage) -> String {
    link::to(stage.name, &stage.setup.read_untracked())
}

/// The figure, or the part of it that the rest of a selector finds.
fn part(stage: Stage, rest: &str) -> Option<Element> {
    let selector = format!("#{ANCHOR}{} figure{rest}", stage.name);
    document().query_selector(&selector).ok()?
}

/// Has the browser save `text` as a file.
fn save(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    download(name, &url)?;
    // The browser has begun to read it by then.
    Timeout::new(10_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

fn download(name: &str, url: &str) -> Result<(), JsValue> {
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(url);
    anchor.set_download(name);
    anchor.click();
    Ok(())
}

/// Opens Perfetto and hands it the trace once it answers, as its documentation says:
/// <https://perfetto.dev/docs/visualization/deep-linking-to-perfetto-ui>
fn open_in_perfetto(name: &str, trace: &str) -> Result<(), JsValue> {
    let Some(there) = window().open_with_url(PERFETTO)? else {
        return Ok(());
    };
    let inside = Object::new();
    let bytes = js_sys::Uint8Array::from(trace.as_bytes()).buffer();
    Reflect::set(&inside, &"buffer".into(), &bytes)?;
    Reflect::set(&inside, &"title".into(), &name.into())?;
    Reflect::set(&inside, &"fileName".into(), &format!("{name}.json").into())?;
    let message = Object::new();
    Reflect::set(&message, &"perfetto".into(), &inside)?;
    let asked = there.clone();
    let mut asking = Some(Interval::new(PING_MS, move || {
        let _ = asked.post_message(&"PING".into(), PERFETTO);
    }));
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if asking.is_some() && event.data() == "PONG" {
            asking = None;
            let _ = there.post_message(&message, PERFETTO);
        }
    });
    window().add_event_listener_with_callback("message", heard.as_ref().unchecked_ref())?;
    // Where nobody has answered by then, nobody is asked any more.
    Timeout::new(PATIENCE_MS, move || {
        let heard = heard;
        let _ =
            window().remove_event_listener_with_callback("message", heard.as_ref().unchecked_ref());
    })
    .forget();
    Ok(())
}

/// Saves the figure's timelines as one picture, with its title, its caption and its link.
fn picture(stage: Stage) -> Result<(), JsValue> {
    const EDGE: f64 = 20.0;
    const LINE: f64 = 18.0;
    let Some(figure) = part(stage, "") else {
        return Ok(());
    };
    let shown = figure.query_selector_all(".shown canvas")?;
    let canvases: Vec<HtmlCanvasElement> = (0..shown.length())
        .filter_map(|i| shown.get(i)?.dyn_into().ok())
        .filter(|canvas: &HtmlCanvasElement| canvas.client_width() > 0)
        .collect();
    let width = canvases.iter().map(|c| c.client_width()).max().unwrap_or(0);
    let width = f64::from(width.max(320));
    let words = |selector: &str| -> Result<String, JsValue> {
        let part = figure.query_selector(selector)?;
        Ok(part
            .and_then(|part| part.text_content())
            .unwrap_or_default())
    };
    let title = figure.get_attribute("aria-label").unwrap_or_default();
    let caption = wrap(words("figcaption")?.trim(), (width / 6.4) as usize);
    let link = link(stage);
    let link = cut(&link, (width / 6.4) as usize);
    // Each timeline has a line of times below it.
    let in_time = stage.view.get_untracked().is_in_time();
    let around = LINE * if in_time { 3.0 } else { 2.0 };
    let heights = canvases
        .iter()
        .map(|c| f64::from(c.client_height()) + around);
    let heights: f64 = heights.sum();

    let paper: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    let context = paper.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    // Keys stand in lines, as many as it takes.
    context.set_font(KEYS);
    let (mut keys, mut at, mut line) = (legend(&figure)?, 0.0, 0.0);
    for key in &mut keys {
        let room = KEY.0 + 6.0 + context.measure_text(&key.words)?.width();
        if at > 0.0 && at + room > width {
            (at, line) = (0.0, line + 1.0);
        }
        (key.left, key.line) = (at, line);
        at += room + 16.0;
    }
    let lines = if keys.is_empty() { 0.0 } else { line + 1.4 };
    let texts = (caption.len() + link.len()) as f64;
    let height = EDGE * 2.0 + LINE * (3.0 + lines + texts) + heights;
    paper.set_width(((width + 2.0 * EDGE) * RATIO) as u32);
    paper.set_height((height * RATIO) as u32);
    context.scale(RATIO, RATIO)?;
    let colour = |name: &str| -> String {
        let style = window().get_computed_style(&figure).ok().flatten();
        style
            .and_then(|style| style.get_property_value(name).ok())
            .unwrap_or_default()
    };
    let write = |text: &str, y: f64, font: &str, ink: &str| {
        context.set_font(&format!("{font} Inter, system-ui, sans-serif"));
        context.set_fill_style_str(&colour(ink));
        context.fill_text(text, EDGE, y)
    };
    context.set_fill_style_str(&colour("--card"));
    context.fill_rect(0.0, 0.0, width + 2.0 * EDGE, height);
    let mut y = EDGE + LINE;
    write(&title, y, "600 15px", "color")?;
    for canvas in &canvases {
        let case = case_of(canvas);
        let (label, axis) = stage.runs.with_untracked(|runs| {
            let axis = untrack(|| stage.axis_of(case)).part(stage.view.get_untracked().window);
            (runs.at(case).0.label, axis)
        });
        y += LINE * 1.5;
        let span = match in_time {
            true => format!(
                "{label}, {} to {}",
                duration(axis.start),
                duration(axis.end)
            ),
            false => label.to_owned(),
        };
        write(&span, y, "500 12px", "color")?;
        y += LINE * 0.5;
        let size = (
            f64::from(canvas.client_width()),
            f64::from(canvas.client_height()),
        );
        let sheet: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
        let drawn = untrack(|| stage.picture(case));
        paint(&sheet, canvas, &drawn, size, RATIO);
        context
            .draw_image_with_html_canvas_element_and_dw_and_dh(&sheet, EDGE, y, size.0, size.1)?;
        context.set_font("400 11px Inter, system-ui, sans-serif");
        for ((left, top), words) in drawn.labels() {
            let (width, height) = (context.measure_text(&words)?.width() + 8.0, 16.0);
            let x = EDGE + left * (size.0 - width);
            let top = y + top * (size.1 - height);
            context.set_fill_style_str(&colour("--card"));
            context.fill_rect(x, top, width, height);
            context.set_fill_style_str(&colour("color"));
            context.fill_text(&words, x + 4.0, top + 12.0)?;
        }
        y += size.1;
        if in_time {
            let times = axis.ticks(6);
            context.set_fill_style_str(&colour("color"));
            for (t, words) in times.iter().zip(ticks(&times)) {
                let width = context.measure_text(&words)?.width();
                let x = EDGE + axis.position(*t) * size.0 - width / 2.0;
                let x = x.min(EDGE + size.0 - width).max(EDGE);
                context.fill_text(&words, x, y + 13.0)?;
            }
            y += LINE;
        }
    }
    y += LINE * 1.5;
    for key in &keys {
        let y = y + key.line * LINE;
        let sheet: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
        paint_key(&sheet, &key.styled, key.look, KEY, RATIO);
        let left = EDGE + key.left;
        context.draw_image_with_html_canvas_element_and_dw_and_dh(
            &sheet,
            left,
            y - KEY.1 + 1.0,
            KEY.0,
            KEY.1,
        )?;
        context.set_font(KEYS);
        context.set_fill_style_str(&colour("color"));
        context.fill_text(&key.words, left + KEY.0 + 6.0, y)?;
    }
    y += LINE * lines;
    for line in &caption {
        write(line, y, "400 12px", "color")?;
        y += LINE;
    }
    for line in link {
        write(line, y, "400 11px", "color")?;
        y += LINE;
    }
    let url = paper.to_data_url_with_type("image/png")?;
    download(&format!("{}.png", stage.name), &url)
}

/// The size of a shade's key and the font beside it, in CSS pixels.
const KEY: (f64, f64) = (16.0, 11.0);
const KEYS: &str = "400 11px Inter, system-ui, sans-serif";

/// A shade of the legend, in a picture.
struct Key {
    /// The shade, and whether it is hatched.
    look: (Shade, bool),
    words: String,
    /// Whose colours it has.
    styled: Element,
    left: f64,
    line: f64,
}

/// The shades that a figure's legend shows at present.
fn legend(figure: &Element) -> Result<Vec<Key>, JsValue> {
    let hatched = figure.query_selector(".legend .flat")?.is_none();
    let shown = figure.query_selector_all(".legend [aria-pressed=true]")?;
    let key = |i| {
        let button: Element = shown.get(i)?.unchecked_into();
        let shade = button.get_attribute("data-act")?.parse::<usize>().ok()?;
        Some(Key {
            look: (*Shade::ALL.get(shade)?, hatched),
            words: button.text_content()?,
            styled: button.first_element_child()?,
            left: 0.0,
            line: 0.0,
        })
    };
    Ok((0..shown.length()).filter_map(key).collect())
}

fn case_of(canvas: &Element) -> usize {
    let shown = canvas.closest(".shown").ok().flatten();
    let case = shown.and_then(|shown| shown.get_attribute("data-case"));
    case.and_then(|case| case.parse().ok()).unwrap_or(0)
}

/// `text` in lines of `most` characters.
fn cut(mut text: &str, most: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    while let Some((line, rest)) = text.split_at_checked(most.max(1)) {
        lines.push(line);
        text = rest;
    }
    lines.push(text);
    lines
}

/// `text` in lines of about `most` characters.
fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
