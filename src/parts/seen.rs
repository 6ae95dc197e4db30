//! Plays a figure once, when the reader first sees it and has not asked for less motion.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::widgets::{Player, effect};

/// Plays `player` from the start the first time that most of `element` is on the screen. It rests when
/// that leaves, and goes on when it is back, unless the reader has taken over.
pub fn play_once(element: NodeRef<Div>, player: Player) {
    effect(move || {
        let Some(element) = element.get() else { return };
        let (mut fresh, mut rest) = (!reduced_motion(), None);
        let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            // The last one is how things are now.
            let entry = entries.pop().dyn_into::<IntersectionObserverEntry>();
            let visible = entry.is_ok_and(|entry| entry.is_intersecting());
            if visible && std::mem::take(&mut fresh) {
                player.at.set(0.0);
                player.playing.set(true);
            } else if visible && rest.take() == Some(player.at.get_untracked()) {
                player.playing.set(!reduced_motion());
            } else if !visible && player.playing.get_untracked() {
                player.playing.set(false);
                rest = Some(player.at.get_untracked());
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_threshold(&0.6.into());
        if let Ok(observer) =
            IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options)
        {
            observer.observe(&element);
        }
        seen.forget();
    });
}

fn reduced_motion() -> bool {
    web_sys::window()
        .and_then(|window| {
            window
                .match_media("(prefers-reduced-motion: reduce)")
                .ok()?
        })
        .is_some_and(|query| query.matches())
}
