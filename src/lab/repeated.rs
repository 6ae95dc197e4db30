//! The lab's systems over many seeds, in slices that leave the page alive.

use leptos::prelude::*;

use crate::parts::Stage;
use crate::widgets::{Callback, Panel, RwSignal, acted, effect, set_text, text};

/// Seeds that each system is run over.
const SEEDS: u32 = 100;

/// A button that repeats the runs and one that stops that, how far they are, and what they come to.
#[component]
pub(super) fn Repeated(stage: Stage) -> impl IntoView {
    // How far it is; empty while nothing runs.
    let far = RwSignal::new(String::new());
    let shown = RwSignal::new(String::new());
    let heard = Callback::new(move |(event,)| {
        if let Some((act, _)) = acted(&event) {
            far.set(String::new());
            #[cfg(feature = "hydrate")]
            if act == "repeat" {
                browser::run(stage, far, shown);
            }
            #[cfg(not(feature = "hydrate"))]
            let _ = act;
        }
    });
    // What has been changed was not run: it would not belong to the table.
    effect(move || {
        stage.setup.track();
        far.set(String::new());
        shown.set(String::new());
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
            <div aria-live="polite" inner_html=text(move || shown.get())></div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::SEEDS;
    use crate::parts::{Stage, metric};
    use crate::simulation::{BANDS, Repeat};
    use crate::widgets::{RwSignal, Slice};

    /// Runs every system of the lab over the seeds, until it is done or the reader stops it, and shows what that
    /// comes to; or until there is another scenario.
    pub(super) fn run(stage: Stage, far: RwSignal<String>, shown: RwSignal<String>) {
        let setup = stage.setup.get_untracked();
        let mut repeats: Vec<_> = setup
            .cases
            .iter()
            .map(|case| Repeat::new(case.scenario.clone(), SEEDS))
            .collect();
        let words = |done: u32| format!("{done} of {SEEDS} seeds");
        let mut last = words(0);
        far.set(last.clone());
        shown.set(String::new());
        wasm_bindgen_futures::spawn_local(async move {
            let mut slice = Slice::begin();
            loop {
                let mut more = true;
                while more && !slice.is_over() {
                    more = false;
                    for repeat in &mut repeats {
                        more |= repeat.step();
                    }
                }
                if stage.setup.with_untracked(|now| *now != setup) {
                    return;
                }
                // What it says is this run's last word, or it was stopped.
                if !more || far.with_untracked(|far| *far != last) {
                    far.set(String::new());
                    let labels = setup.cases.iter().map(|case| case.label);
                    shown.set(table(labels, &repeats));
                    return;
                }
                last = words(repeats[0].done());
                far.set(last.clone());
                slice.pause().await;
            }
        });
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
            for band in &bands {
                let band = band[row];
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
