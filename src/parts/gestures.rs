//! Moving about on a figure's timelines: pointer, wheel and keyboard, heard for all of them at once.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::stage::Stage;
use super::view::{Act, Pointing, Spot, act};
use crate::chart::Window;
use crate::widgets;
use crate::words::within;

/// Pixels that a pointer may move and still have clicked.
const SLACK: f64 = 4.0;

const EVENTS: &[&str] = &[
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "pointerout",
    "wheel",
    "dblclick",
    "keydown",
    "focusout",
];

/// The pointers that are down, and what they have hold of.
#[derive(Default)]
struct Hand {
    /// Each pointer with its place on the timeline: where it went down, and where it is.
    down: Vec<(i32, f64, f64)>,
    /// The window when the last of them went down.
    window: Option<Window>,
    /// Whether a range is being selected.
    selecting: bool,
    moved: bool,
}

impl Hand {
    /// A pointer has left; those that stay begin anew, from the window as it is.
    fn let_go(&mut self, id: i32, window: Window) {
        self.down.retain(|(known, ..)| *known != id);
        for (_, start, now) in &mut self.down {
            *start = *now;
        }
        self.window = Some(window);
    }
}

/// Listens to everything that happens on the timelines in `body`.
pub fn listen(body: NodeRef<Div>, stage: Stage) {
    let mut hand = Hand::default();
    widgets::listen(body, EVENTS, move |event| hear(stage, &mut hand, &event));
}

/// The timeline that an event is about, and where on it the pointer is.
fn spot(event: &Event) -> Option<(Element, Spot)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let shown = target.closest(".shown").ok()??;
    let case = shown.get_attribute("data-case")?.parse().ok()?;
    let rect = shown.get_bounding_client_rect();
    let size = (rect.width().max(1.0), rect.height().max(1.0));
    let (x, y) = match event.dyn_ref::<MouseEvent>() {
        Some(mouse) => (f64::from(mouse.client_x()), f64::from(mouse.client_y())),
        None => (rect.left(), rect.top()),
    };
    let spot = Spot {
        case,
        x: (x - rect.left()) / size.0,
        y: (y - rect.top()) / size.1,
        size,
        ratio: window().device_pixel_ratio(),
    };
    Some((shown, spot))
}

/// Moves the window to where the pointer is on the minimap.
fn move_window(stage: Stage, pointer: &PointerEvent) -> Option<()> {
    let target: Element = pointer.target()?.dyn_into().ok()?;
    let map = target.closest(".minimap").ok()??;
    if pointer.buttons() == 0 || pointer.type_() == "pointerup" {
        return None;
    }
    // The drag goes on when it leaves the map.
    let _ = map.set_pointer_capture(pointer.pointer_id());
    let rect = map.get_bounding_client_rect();
    let share = (f64::from(pointer.client_x()) - rect.left()) / rect.width().max(1.0);
    let window = stage.view.get_untracked().window;
    stage.look(window.pan(window.place(share) - 0.5));
    Some(())
}

fn hear(stage: Stage, hand: &mut Hand, event: &Event) {
    let Some((shown, spot)) = spot(event) else {
        event
            .dyn_ref::<PointerEvent>()
            .and_then(|pointer| move_window(stage, pointer));
        return;
    };
    let end = stage.axis.get_untracked().end;
    let window = stage.view.get_untracked().window;
    let pointing = stage.pointing.get_untracked();
    let in_time = stage.view.get_untracked().is_in_time();
    if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
        let plain = !key.ctrl_key() && !key.meta_key() && !key.alt_key();
        if let Some(act) = act(&key.key(), key.shift_key()).filter(|_| plain) {
            event.prevent_default();
            stage.act(act, Some(&spot));
        }
        return;
    }
    if let Some(wheel) = event.dyn_ref::<WheelEvent>() {
        // Without a key the wheel belongs to the page.
        if in_time && (wheel.ctrl_key() || wheel.meta_key()) {
            event.prevent_default();
            let notches = within(wheel.delta_y() / 100.0, -2.0, 2.0);
            let factor = match notches {
                out if out > 0.0 => 1.0 + out,
                closer => 1.0 / (1.0 - closer),
            };
            stage.look(window.zoom(factor, spot.x, end));
        }
        return;
    }
    if event.type_() == "dblclick" {
        stage.zoom_to(&spot);
        return;
    }
    let Some(pointer) = event.dyn_ref::<PointerEvent>() else {
        // The focus has left.
        stage.point(Pointing {
            at: None,
            ..pointing
        });
        return;
    };
    let id = pointer.pointer_id();
    match event.type_().as_str() {
        "pointerdown" if pointer.button() == 0 => {
            hand.let_go(id, window);
            hand.down.push((id, spot.x, spot.x));
            hand.moved = hand.down.len() > 1;
            hand.selecting = pointer.shift_key() || stage.selecting.get_untracked();
        }
        "pointermove" => {
            let held = hand.down.iter_mut().find(|(known, ..)| *known == id);
            let Some((_, start, now)) = held else {
                stage.point(Pointing {
                    at: Some(spot),
                    aloud: false,
                    ..pointing
                });
                return;
            };
            *now = spot.x;
            let (start, now) = (*start, *now);
            if !hand.moved && (now - start).abs() * spot.size.0 > SLACK {
                hand.moved = true;
                // The drag goes on when it leaves the timeline.
                let _ = shown.set_pointer_capture(id);
            }
            if hand.moved && in_time {
                drag(stage, hand, start, now, &spot, end);
            }
        }
        "pointerup" => {
            let clicked = hand.down.len() == 1 && !hand.moved;
            hand.let_go(id, window);
            if clicked {
                stage.point(Pointing {
                    at: Some(spot),
                    ..pointing
                });
                stage.act(Act::Pin, Some(&spot));
            }
        }
        "pointercancel" | "pointerout" => {
            hand.let_go(id, window);
            if hand.down.is_empty() {
                stage.point(Pointing {
                    at: None,
                    ..pointing
                });
            }
        }
        _ => {}
    }
}

/// What the pointers that are down do to the view: one pans or selects, two zoom.
fn drag(stage: Stage, hand: &Hand, start: f64, now: f64, spot: &Spot, end: u64) {
    let Some(window) = hand.window else { return };
    match hand.down[..] {
        [(_, a, a_now), (_, b, b_now), ..] => {
            let (before, after) = ((b - a).abs().max(0.01), (b_now - a_now).abs().max(0.01));
            let (middle, middle_now) = ((a + b) / 2.0, (a_now + b_now) / 2.0);
            let zoomed = window.zoom(before / after, middle, end);
            stage.look(zoomed.pan(middle - middle_now));
        }
        _ if hand.selecting => {
            let range = Window::between(window.share(start), window.share(now));
            stage.point(Pointing {
                range: Some(range).filter(|range| range.width() > 0.0),
                ..Pointing::default()
            });
        }
        _ => {
            stage.look(window.pan(start - now));
            stage.point(Pointing {
                at: Some(*spot),
                ..stage.pointing.get_untracked()
            });
        }
    }
}
