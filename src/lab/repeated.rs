//! The lab's systems over many seeds, in slices that leave the page alive.

use leptos::prelude::*;

use crate::parts::{Setup, Stage};
use crate::widgets::{Callback, Panel, RwSignal, acted, effect, set_text, text};

/// The place of the answers among [`BANDS`]; what follows are times of answers.
#[cfg(feature = "hydrate")]
const COMPLETED: usize = 2;

/// Seeds that each system is run over.
const SEEDS: u32 = 100;

/// A repetition of the lab's runs, as its reader sees it.
#[derive(Clone, Copy)]
struct Repetition {
    stage: Stage,
    /// Which one it is, of all that were begun.
    number: RwSignal<usize>,
    /// How far it is; empty while nothing runs.
    far: RwSignal<String>,
    /// What was run, and what it came to.
    of: RwSignal<Option<Setup>>,
    shown: RwSignal<String>,
}

/// A button that repeats the runs and one that stops that, how far they are, and what they come to.
#[component]
pub(super) fn Repeated(stage: Stage) -> impl IntoView {
    let (far, shown) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let repetition = Repetition {
        stage,
        number: RwSignal::new(0),
        far,
        of: RwSignal::new(None),
        shown,
    };
    let heard = Callback::new(move |(event,)| {
        if let Some((act, _)) = acted(&event) {
            far.set(String::new());
            #[cfg(feature = "hydrate")]
            if act == "repeat" {
                repetition.begin();
            }
            #[cfg(not(feature = "hydrate"))]
            let _ = act;
        }
    });
    effect(move || {
        stage.setup.track();
        repetition.forget();
    });
    // The buttons stay while it runs, so that they can be pressed.
    let html = text(move || match far.read().is_empty() {
        true => format!(
            "<button type=\"button\" class=\"plain\" data-act=\"repeat\">Repeat over {SEEDS} seeds</button>"
        ),
        false => {
            "<button type=\"button\" class=\"plain\" data-act=\"stop\">Stop</button> <span></span>"
                .to_owned()
        }
    });
    let show = Callback::new(move |(panel,)| set_text(&panel, "span", &far.read()));
    view! {
        <div class="repeated">
            <Panel class="" html heard show />
            <div inner_html=text(move || shown.get())></div>
        </div>
    }
}

impl Repetition {
    /// What is not to be run any more, as the lab has changed, is not shown.
    fn forget(self) {
        let setup = self.stage.setup.read_untracked();
        if self.of.with_untracked(|of| of.as_ref() == Some(&*setup)) {
            return;
        }
        self.number.update(|number| *number += 1);
        self.far.set(String::new());
        self.shown.set(String::new());
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{COMPLETED, Repetition, SEEDS};
    use crate::parts::metric;
    use crate::simulation::{BANDS, Repeat};
    use crate::widgets::Slice;

    impl Repetition {
        /// Runs every system of the lab over the seeds, until it is done or the reader stops it, and shows what
        /// that comes to; or until another takes its place.
        pub(super) fn begin(self) {
            let setup = self.stage.setup.get_untracked();
            let mut repeats: Vec<_> = setup
                .cases
                .iter()
                .map(|case| Repeat::new(case.scenario.clone(), SEEDS))
                .collect();
            let mine = self.number.get_untracked() + 1;
            let far = move |done: u32| self.far.set(format!("{done} of {SEEDS} seeds"));
            self.number.set(mine);
            far(0);
            self.of.set(Some(setup.clone()));
            self.shown.set(String::new());
            wasm_bindgen_futures::spawn_local(async move {
                let mut slice = Slice::begin();
                let mut more = true;
                while more && !self.far.read_untracked().is_empty() {
                    while more && !slice.is_over() {
                        more = false;
                        for repeat in &mut repeats {
                            more |= repeat.step();
                        }
                    }
                    far(repeats[0].done());
                    slice.pause().await;
                    if self.number.get_untracked() != mine {
                        return;
                    }
                }
                self.far.set(String::new());
                let labels = setup.cases.iter().map(|case| case.label);
                self.shown.set(table(labels, &repeats));
            });
        }
    }

    /// Median, and from the 5th to the 95th percentile, of each number.
    fn table<'a>(labels: impl Iterator<Item = &'a str>, repeats: &[Repeat]) -> String {
        let mut out = format!(
            "<table><thead><tr><td>Median (5th to 95th percentile) of {} runs</td>",
            repeats[0].done()
        );
        for label in labels {
            out.push_str(&format!("<th scope=\"col\">{label}</th>"));
        }
        out.push_str("</tr></thead><tbody>");
        let bands: Vec<_> = repeats.iter().map(Repeat::bands).collect();
        for (row, (name, _)) in BANDS.iter().enumerate() {
            let Some(metric) = metric(name) else { continue };
            out.push_str(&format!("<tr><th scope=\"row\">{}</th>", metric.label));
            for bands in &bands {
                let band = bands[row];
                if row > COMPLETED && bands[COMPLETED].high == 0.0 {
                    out.push_str("<td>\u{2013}</td>");
                    continue;
                }
                out.push_str(&format!(
                    "<td>{} ({} to {})</td>",
                    metric.words(band.median),
                    metric.words(band.low),
                    metric.words(band.high)
                ));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
        out
    }
}
