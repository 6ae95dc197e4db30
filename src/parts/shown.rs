//! A run on its figure's time axis, with everything that the reader points at on it.

use std::fmt::Write;

use leptos::prelude::*;

use super::reality::{Record, is_burst};
use super::stage::Stage;
use super::told::{self, Told};
use super::view::{Pointing, Spot, View};
use crate::chart::{Axis, By, LABEL_FOOT, LABEL_ROW, Of, Picture, Window, most_rows};
use crate::simulation::{Nanos, Run};
use crate::widgets::{Derived, Plot, derive, text};
use crate::words::{duration, grouped, milliseconds, percent, within};

/// One case's run.
#[component]
pub fn Shown(stage: Stage, case: usize, height: Derived<f64>) -> impl IntoView {
    let picture = derive(move || stage.picture(case));
    let index = case;
    let summary = text(move || {
        stage.runs.with(|runs| {
            let (case, run) = runs.at(index);
            let view = stage.view.get();
            let part = match view.window == Window::WHOLE {
                true => String::new(),
                false => {
                    let axis = stage.axis_of(index).part(view.window);
                    format!(" from {} to {}", duration(axis.start), duration(axis.end))
                }
            };
            let name = view
                .name()
                .map_or(String::new(), |name| format!("{name} of "));
            format!("{name}{}{part}: {}", case.label, summary(run))
        })
    });
    let name = text(move || {
        let form = stage.view.get().name().unwrap_or("Timeline");
        let of = stage.runs.with(|runs| runs.at(index).0.label);
        format!("{form}, {of}")
    });
    let over = text(move || {
        let (pointing, picture) = (stage.pointing.get(), stage.picture(case));
        let runs = stage.runs.read();
        let reality = stage.reality.get();
        let (of, run) = runs.at(case);
        let mut over = Over {
            case,
            run,
            picture: &picture,
            view: stage.view.get(),
            axis: stage.axis_of(case),
            out: String::new(),
        };
        if let Some(record) = reality
            .as_ref()
            .and_then(|reality| reality.find(&of.scenario))
        {
            over.measured(record, is_burst(&of.scenario));
        }
        over.write(&pointing);
        over.out
    });
    view! {
        <div class="shown" tabindex="0" role="group" aria-label=name data-case=text(move || case.to_string())>
            <Plot picture label=summary height />
            <div class="over" aria-hidden="true" inner_html=over></div>
        </div>
    }
}

/// Lines nearer to each other than this are one, as a share of the width.
const LINE: f64 = 0.004;

/// Where something stands that an axis from 0 to 1 does not reach.
const BEYOND: f64 = 2.0;

/// What a run came to, in a sentence.
fn summary(run: &Run) -> String {
    let report = &run.report;
    let failed = run.requests.len() as u32 - report.completed;
    let failed = match failed {
        0 => String::new(),
        n => format!(", {} not", grouped(f64::from(n))),
    };
    format!(
        "{} answered within {}{failed}, p95 {}",
        grouped(f64::from(report.completed)),
        milliseconds(report.makespan_ms),
        milliseconds(report.latency_ms.p95),
    )
}

/// What lies over a picture, under way.
struct Over<'a> {
    case: usize,
    run: &'a Run,
    picture: &'a Picture,
    view: View,
    axis: Axis,
    out: String,
}

impl Over<'_> {
    fn put(&mut self, args: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.out.write_fmt(args);
    }

    /// What was measured, as a bar from one place to another as far as it is in view.
    fn real(&mut self, from: f64, to: f64, top: f64, height: f64) {
        if to >= 0.0 && from <= 1.0 {
            // What goes on beyond the axis has an arrow instead of an end.
            let on = if to > 1.0 { " on" } else { "" };
            let (from, to) = (from.max(0.0), to.min(1.0));
            self.put(format_args!(
                "<div class=\"real{on}\" style=\"left:{};width:{};top:{};height:{}\"></div>",
                percent(from),
                percent(to - from),
                percent(top),
                percent(height)
            ));
        }
    }

    /// Lays over what was measured: from the lowest to the highest of each number.
    fn measured(&mut self, record: &Record, burst: bool) {
        let (picture, view) = (self.picture, self.view);
        let ns = |ms: f64| (ms * 1e6) as Nanos;
        let axis = self.axis.part(view.window);
        let at = |ms: f64| axis.position(ns(ms));
        if let (Picture::Curve(curve), false) = (picture, view.is_in_time()) {
            let most = curve.latency_at(1.0);
            let place = |ms| match ns(ms) > most {
                true => BEYOND,
                false => curve.place_of(ns(ms)),
            };
            // Each under the label of the simulated one.
            for (share, [low, _, high]) in record.quantiles() {
                let row = u8::from(share > 0.5) + u8::from(share > 0.95);
                // Something of it is in sight.
                let (from, to) = (within(place(low), 0.0, 0.97), place(high));
                let top = LABEL_FOOT + (1.0 - LABEL_FOOT) * LABEL_ROW * f64::from(row);
                self.real(from, to, top, 0.05);
            }
            return;
        }
        let [low, _, high] = record.makespan();
        self.real(at(low), at(high), 0.0, 1.0);
        // In a burst, so many were answered by then.
        let down = match picture {
            Picture::Timeline(timeline) => timeline.rows.by == By::Request,
            Picture::Curve(curve) => curve.of == Of::Answers,
        };
        if burst && down && view.window == Window::WHOLE {
            let up = matches!(picture, Picture::Curve(_));
            for (share, [low, _, high]) in record.quantiles() {
                let y = if up { 1.0 - share } else { share };
                self.real(at(low), at(high), y - 0.02, 0.04);
            }
        }
    }

    fn write(&mut self, pointing: &Pointing) {
        for ((x, y), words) in self.picture.labels() {
            let (left, top) = (percent(x), percent(y));
            self.put(format_args!(
                "<span class=\"label\" style=\"left:{left};top:{top};transform:translate(-{left},-{top})\">{words}</span>"
            ));
        }
        let in_time = self.view.is_in_time();
        let mut next = 0.0;
        for death in self.run.deaths.iter().filter(|_| in_time) {
            let x = self.axis.part(self.view.window).position(death.at);
            if x >= next && x <= 1.0 {
                next = x + LINE;
                let x = percent(x);
                self.put(format_args!(
                    "<div class=\"line killed\" style=\"left:{x}\"></div>"
                ));
            }
        }
        if let Some(range) = pointing.range.filter(|_| in_time) {
            let place = |share: f64| within(self.view.window.place(share), 0.0, 1.0);
            let (from, to) = (place(range.from), place(range.to));
            self.put(format_args!(
                "<div class=\"range\" style=\"left:{};width:{}\"></div>",
                percent(from),
                percent(to - from)
            ));
            let told = told::stretch(
                self.run,
                self.axis.time(range.from),
                self.axis.time(range.to),
            );
            self.tip((from + to) / 2.0, "stretch", &told);
        }
        let pinned = pointing.pinned;
        let at = pointing.at;
        if let Some(spot) = at.filter(|_| in_time) {
            let x = percent(spot.x);
            self.put(format_args!(
                "<div class=\"line\" style=\"left:{x}\"></div>"
            ));
        }
        let mine = at.filter(|spot| spot.case == self.case);
        let hit = mine.and_then(|spot| hit(self.picture, &spot));
        // A request keeps its number in every run that is stacked here.
        let marked = pinned.map(|(_, request)| request).or(hit);
        let mut place = None;
        if let (Some(request), Picture::Timeline(timeline)) = (marked, self.picture) {
            place = timeline.place(request);
            if let Some([left, top, width, height]) = place {
                self.put(format_args!(
                    "<div class=\"mark\" style=\"left:{};top:{};width:{};height:{}\"></div>",
                    percent(left),
                    percent(top),
                    percent(width),
                    percent(height)
                ));
            }
        }
        match (pinned, mine) {
            (Some((case, request)), _) if case == self.case => {
                let x = place.map_or(0.5, |[left, _, width, _]| left + width / 2.0);
                self.tip(x, "pinned", &told::story(self.run, request));
            }
            (None, Some(spot)) => {
                let told = tell(self.run, self.picture, self.view, self.axis, &spot, hit);
                self.tip(spot.x, "", &told);
            }
            _ => {}
        }
    }

    fn tip(&mut self, x: f64, class: &str, (title, rows): &Told) {
        if rows.is_empty() {
            // A pinned request that a shorter run does not have.
            return;
        }
        let x = percent(within(x, 0.0, 1.0));
        self.put(format_args!(
            "<div class=\"tip {class}\" style=\"left:{x};transform:translateX(-{x})\"><b>{title}</b>"
        ));
        for (words, value) in rows {
            self.put(format_args!("<span>{words}</span><span>{value}</span>"));
        }
        self.out.push_str("</div>");
    }
}

/// What there is to say of a spot: the request that is drawn there, else the moment.
fn tell(
    run: &Run,
    picture: &Picture,
    view: View,
    axis: Axis,
    spot: &Spot,
    hit: Option<u32>,
) -> Told {
    match (hit, picture) {
        (Some(request), _) => told::story(run, request),
        (None, Picture::Curve(curve)) if !view.is_in_time() => {
            told::within(run, curve.latency_at(spot.x))
        }
        _ => told::moment(run, axis.time(view.window.share(spot.x))),
    }
}

impl Stage {
    /// What there is to say of a spot.
    pub fn told(self, spot: &Spot, run: &Run) -> Told {
        let axis = self.axis_of(spot.case);
        let picture = self.picture(spot.case);
        tell(
            run,
            &picture,
            self.view.get(),
            axis,
            spot,
            hit(&picture, spot),
        )
    }
}

/// The request that is drawn at a spot.
pub fn hit(picture: &Picture, spot: &Spot) -> Option<u32> {
    let Picture::Timeline(timeline) = picture else {
        return None;
    };
    let (width, height) = (spot.size.0 * spot.ratio, spot.size.1 * spot.ratio);
    let most = most_rows(timeline.rows.by, height.round() as u32, spot.ratio);
    let rows = f64::from(timeline.drawn_rows(most));
    let pixel = |share: f64, of: f64| (within(share, 0.0, 1.0) * of).min(of - 1.0).max(0.0) as u32;
    let (request, _) = timeline.hit(
        pixel(spot.x, width),
        width.round() as u32,
        pixel(spot.y, rows),
        most,
    )?;
    Some(request)
}
