//! The five steps of one request, told by the prose and shown on the figure.

use leptos::prelude::*;

use super::stage::Stage;
use crate::simulation::{Nanos, Run};
use crate::widgets::{Callback, Panel, RwSignal, acted, segments, set, set_text, text};

/// How many steps a request's way is told in.
const STEPS: usize = 5;

/// When each step of a request happens, in a given run.
pub type Moments = fn(&Run, u32) -> [Nanos; STEPS];

/// Buttons for the steps of one request; each moves the playhead to its moment and marks the
/// step in the prose.
#[component]
pub fn Steps(
    stage: Stage,
    /// The request that the diagram marks.
    followed: RwSignal<Option<u32>>,
    moments: Moments,
) -> impl IntoView {
    let step = RwSignal::new(None::<u32>);
    let words = RwSignal::new(String::new());
    let go = move |to: usize| {
        let (request, moment) = stage.runs.with_untracked(|runs| {
            let run = &runs.0[0].1;
            // One from the middle of the run: it has had to wait, and others wait behind it.
            let request = run.requests.len() as u32 / 2;
            (request, moments(run, request)[to])
        });
        step.set(Some(to as u32));
        followed.set(Some(request));
        words.set(mark(stage.name, to));
        stage.player.seek(moment);
    };
    let heard = Callback::new(move |(event,)| {
        let Some((act, _)) = acted(&event) else {
            return;
        };
        let next = step
            .get_untracked()
            .map_or(0, |step| (step as usize + 1) % STEPS);
        go(act.parse().unwrap_or(next));
    });
    let show = Callback::new(move |(panel,): (web_sys::Element,)| {
        let words = words.read();
        set_text(&panel, "p", &words);
        set(
            &panel,
            "p",
            "class",
            if words.is_empty() { "" } else { "told" },
        );
        let next = if step.get().is_none() {
            "Follow one request"
        } else {
            "Next step"
        };
        set_text(&panel, ".next", next);
        for i in 0..STEPS as u32 {
            let pressed = (step.get() == Some(i)).to_string();
            set(
                &panel,
                &format!("[data-act=\"{i}\"]"),
                "aria-pressed",
                &pressed,
            );
        }
    });
    let numbers = segments(
        "Steps of one request",
        &["1", "2", "3", "4", "5"],
        usize::MAX,
    );
    let html = format!(
        "<button type=\"button\" class=\"next\" data-act=\"next\">Follow one request</button>\
         {numbers}<p aria-live=\"polite\"></p>"
    );
    view! { <Panel class="stepper" html=text(move || html.clone()) heard show /> }
}

#[cfg(not(feature = "hydrate"))]
fn mark(_figure: &str, _step: usize) -> String {
    String::new()
}

/// Marks the step in the prose; what it says there.
#[cfg(feature = "hydrate")]
fn mark(figure: &str, step: usize) -> String {
    use wasm_bindgen::JsCast;

    let steps = document().query_selector_all(&format!("[data-steps=\"{figure}\"] li"));
    let Ok(steps) = steps else {
        return String::new();
    };
    let mut words = String::new();
    for i in 0..steps.length() {
        let Some(item) = steps
            .get(i)
            .and_then(|n| n.dyn_into::<web_sys::Element>().ok())
        else {
            continue;
        };
        // Attributes of elements that exist: nothing here can fail.
        if i as usize == step {
            let _ = item.set_attribute("aria-current", "step");
            words = item.text_content().unwrap_or_default().trim().to_owned();
        } else {
            let _ = item.remove_attribute("aria-current");
        }
    }
    words
}

/// The middle of the request's first span in a state that `matches`, else `otherwise`.
pub fn middle(
    run: &Run,
    request: u32,
    matches: fn(crate::simulation::State) -> bool,
    otherwise: Nanos,
) -> Nanos {
    run.story(request)
        .find(|span| matches(span.state))
        .map_or(otherwise, |span| span.start + (span.end - span.start) / 2)
}
