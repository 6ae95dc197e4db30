//! A playhead in simulated time, and the buttons that move it.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use super::effect;
use super::panel::{Panel, acted, set, set_text, slide};
use super::{Callback, Derived, RwSignal, options, text};
use crate::scenario::{number, plain};
use crate::simulation::Nanos;
use crate::words::{duration, fixed, within};

/// Seconds of the reader's time that a whole run takes at speed 1.
const WHOLE_RUN_S: f64 = 8.0;

/// Speeds to choose from.
const SPEEDS: [(&str, &str); 5] = [
    ("0.25", "¼×"),
    ("0.5", "½×"),
    ("1", "1×"),
    ("2", "2×"),
    ("4", "4×"),
];

/// Pictures on the buttons; the style sheet shows one of the two paths of the first.
const PLAY: &str = "<svg viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\">\
                    <path class=\"go\" d=\"M2 1l9 5-9 5z\"/>\
                    <path class=\"hold\" d=\"M2 1h3v10H2zM7 1h3v10H7z\"/></svg>";
const BACK: &str = "<svg viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\">\
                    <path d=\"M1 1h2v10H1zM11 1v10L4 6z\"/></svg>";

const LAST: &str = "<svg viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\"><path d=\"M8 1v10L2 6z\"/></svg>";
const NEXT: &str = "<svg viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\"><path d=\"M4 1v10l6-5z\"/></svg>";

/// Where a figure's playhead is and whether it moves.
///
/// The playhead is kept as a share of the time axis, so that it stays put when a slider makes
/// the run longer or shorter.
#[derive(Clone, Copy)]
pub struct Player {
    /// From 0, the axis's start, to 1, its end.
    pub at: RwSignal<f64>,
    pub playing: RwSignal<bool>,
    /// Runs in [`WHOLE_RUN_S`] at 1, in half of it at 2.
    pub speed: RwSignal<f64>,
    /// The axis's end.
    pub end: Derived<Nanos>,
}

impl Player {
    /// A player at rest at `at`, on an axis that ends at `end`.
    pub fn new(at: f64, end: Derived<Nanos>) -> Self {
        let player = Self {
            at: RwSignal::new(at),
            playing: RwSignal::new(false),
            speed: RwSignal::new(1.0),
            end,
        };
        #[cfg(feature = "hydrate")]
        player.run();
        player
    }

    /// The playhead in simulated time.
    pub fn now(&self) -> Nanos {
        (self.at.get() * self.end.get() as f64).round() as Nanos
    }

    /// Moves the playhead to simulated time `t` and stays there.
    pub fn seek(&self, t: Nanos) {
        self.playing.set(false);
        let end = self.end.get_untracked().max(1);
        self.at.set(within(t as f64 / end as f64, 0.0, 1.0));
    }

    /// Plays from here, or from the start when at the end; pauses when playing.
    pub fn toggle(&self) {
        if !self.playing.get_untracked() && self.at.get_untracked() >= 1.0 {
            self.at.set(0.0);
        }
        self.playing.update(|playing| *playing = !*playing);
    }

    /// Moves the playhead while playing: a timer that runs only then.
    #[cfg(feature = "hydrate")]
    fn run(self) {
        use gloo_timers::callback::Interval;

        let mut timer = None::<Interval>;
        effect(move || {
            drop(timer.take());
            if !self.playing.get() {
                return;
            }
            let mut last = now_ms();
            timer = Some(Interval::new(16, move || {
                let now = now_ms();
                let passed = within(now - last, 0.0, 100.0) / 1000.0;
                last = now;
                let at = self.at.get_untracked();
                let next = at + passed * self.speed.get_untracked() / WHOLE_RUN_S;
                self.at.set(next.min(1.0));
                if next >= 1.0 {
                    self.playing.set(false);
                }
            }));
        });
    }
}

#[cfg(feature = "hydrate")]
fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}

/// Play, pause, back to the start, scrub and speed, with the simulated time.
#[component]
pub fn PlayerBar(
    player: Player,
    /// Moves the playhead to the next event, or back to the last one.
    step: Callback<(bool,)>,
) -> impl IntoView {
    let heard = Callback::new(move |(event,)| {
        let Some((act, value)) = acted(&event) else {
            return;
        };
        match act.as_str() {
            "play" => player.toggle(),
            "back" => player.seek(0),
            "last" => step.run((false,)),
            "next" => step.run((true,)),
            "seek" => {
                player.playing.set(false);
                player
                    .at
                    .set(within(number(&value).unwrap_or(0.0), 0.0, 1.0));
            }
            _ => player.speed.set(number(&value).unwrap_or(1.0)),
        }
    });
    let show = Callback::new(move |(panel,)| {
        let playing = player.playing.get();
        set(
            &panel,
            ".play",
            "aria-label",
            if playing { "Pause" } else { "Play" },
        );
        set(
            &panel,
            ".play",
            "class",
            if playing { "play playing" } else { "play" },
        );
        let (at, time) = (player.at.get(), duration(player.now()));
        slide(
            &panel,
            "input",
            &plain(at),
            &format!("{}%", fixed(at * 100.0, 2)),
        );
        set(&panel, "input", "aria-valuetext", &time);
        set_text(&panel, ".time", &time);
        set(&panel, "select", "title", &rate(&player));
    });
    // Of no use without the app, so it is not in the prerendered page; its place is kept.
    let html = text(move || match cfg!(feature = "hydrate") {
        true => untrack(|| html(&player)),
        false => String::new(),
    });
    view! { <Panel class="player" html late=true heard show /> }
}

/// How fast simulated time passes, in words.
fn rate(player: &Player) -> String {
    let simulated_s = player.end.get() as f64 / 1e9 * player.speed.get() / WHOLE_RUN_S;
    match simulated_s {
        s if s >= 0.95 => format!("1 s here is {} there", duration((s * 1e9) as Nanos)),
        s => format!("slowed down {}\u{d7}", fixed(1.0 / s.max(1e-9), 0)),
    }
}

fn html(player: &Player) -> String {
    let at = player.at.get();
    let time = duration(player.now());
    let value = plain(at);
    format!(
        "<button type=\"button\" class=\"play\" aria-label=\"Play\" data-act=\"play\">{PLAY}</button>\
         <button type=\"button\" aria-label=\"Back to the start\" data-act=\"back\">{BACK}</button>\
         <button type=\"button\" class=\"event\" aria-label=\"Previous event\" data-act=\"last\">{LAST}</button>\
         <button type=\"button\" class=\"event\" aria-label=\"Next event\" data-act=\"next\">{NEXT}</button>\
         <input type=\"range\" name=\"playhead\" aria-label=\"Playhead\" min=\"0\" max=\"1\" step=\"0.001\" \
         value=\"{value}\" aria-valuetext=\"{time}\" style=\"--fill:{}%\" data-act=\"seek\">\
         <span class=\"time\">{time}</span>\
         <select name=\"speed\" aria-label=\"Speed\" title=\"{}\" data-act=\"speed\">{}</select>",
        fixed(at * 100.0, 2),
        rate(player),
        options(&SPEEDS, "1"),
    )
}
