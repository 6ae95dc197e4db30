//! The lab's systems over many seeds, in slices that leave the page alive.

use leptos::prelude::*;

use crate::parts::Stage;
use crate::widgets::{Callback, Panel, RwSignal, acted, text};

/// Seeds that each system is run over.
#[cfg(feature = "hydrate")]
const SEEDS: u32 = 100;

/// A button that repeats the runs, how far they are, and what they come to.
#[component]
pub(super) fn Repeated(stage: Stage) -> impl IntoView {
    let shown = RwSignal::new(String::new());
    let heard = Callback::new(move |(event,)| {
        if let Some((act, _)) = acted(&event) {
            #[cfg(feature = "hydrate")]
            browser::run(stage, shown, act == "repeat");
            #[cfg(not(feature = "hydrate"))]
            let _ = (stage, act);
        }
    });
    let html = text(move || {
        format!(
            "<button type=\"button\" class=\"plain\" data-act=\"repeat\">Repeat over 100 seeds</button>\
             <div aria-live=\"polite\">{}</div>",
            shown.read()
        )
    });
    view! { <Panel class="repeated" html heard show=Callback::new(|_| ()) /> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::SEEDS;
    use crate::parts::{Stage, metric};
    use crate::simulation::{BANDS, Repeat};
    use crate::widgets::{RwSignal, Slice};

    /// Runs every system of the lab over the seeds, until it is done, the reader stops it, or
    /// another scenario takes its place.
    pub(super) fn run(stage: Stage, shown: RwSignal<String>, go: bool) {
        shown.set(String::new());
        if !go {
            return;
        }
        let setup = stage.setup.get_untracked();
        let mut repeats: Vec<_> = setup
            .cases
            .iter()
            .map(|case| Repeat::new(case.scenario.clone(), SEEDS))
            .collect();
        wasm_bindgen_futures::spawn_local(async move {
            let (mut last, mut slice) = (String::new(), Slice::begin());
            loop {
                let mut more = true;
                while more && !slice.is_over() {
                    more = false;
                    for repeat in &mut repeats {
                        more |= repeat.step();
                    }
                }
                // What is shown is this run's last word, or someone else has taken over.
                let mine = shown.with_untracked(|shown| *shown == last);
                if !mine || stage.setup.with_untracked(|now| *now != setup) {
                    if mine {
                        shown.set(String::new());
                    }
                    return;
                }
                last = match more {
                    true => format!(
                        "{} of {SEEDS} seeds <button type=\"button\" class=\"plain\" data-act=\"stop\">Stop</button>",
                        repeats[0].done()
                    ),
                    false => {
                        let labels = setup.cases.iter().map(|case| case.label);
                        table(labels, &repeats)
                    }
                };
                shown.set(last.clone());
                if !more {
                    return;
                }
                slice.pause().await;
            }
        });
    }

    /// Median, and from the 5th to the 95th percentile, of each number.
    fn table<'a>(labels: impl Iterator<Item = &'a str>, repeats: &[Repeat]) -> String {
        let mut out = String::from("<table><thead><tr><td>Median (5 to 95 of 100 runs)</td>");
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
