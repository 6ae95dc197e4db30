//! What makes the prerendered page live: copy buttons, a table of contents that follows, menus that close.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Element, Event, HtmlElement, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit, KeyboardEvent, Node,
};

/// Makes every copy button on the page, now and later, copy the code below it.
pub fn copy_buttons() -> Result<(), JsValue> {
    let clicked = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("button.copy").ok().flatten());
        if let Some(button) = button {
            copy(button);
        }
    });
    document().add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref())?;
    clicked.forget();
    Ok(())
}

/// Closes a menu of a figure's when the reader is done with it: on a click elsewhere, and on Escape.
pub fn menus() -> Result<(), JsValue> {
    let heard = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        let escape = match event.dyn_ref::<KeyboardEvent>() {
            Some(pressed) if pressed.key() != "Escape" => return,
            pressed => pressed.is_some(),
        };
        let target = event.target().and_then(|it| it.dyn_into::<Node>().ok());
        let Ok(open) = document().query_selector_all(".tools details[open]") else {
            return;
        };
        for menu in (0..open.length()).filter_map(|i| open.get(i)) {
            let inside = menu.contains(target.as_ref());
            if let (true, Ok(menu)) = (escape || !inside, menu.dyn_into::<Element>()) {
                // It is there.
                let _ = menu.remove_attribute("open");
                if let (true, Ok(Some(button))) = (inside, menu.query_selector("summary")) {
                    let _ = button.unchecked_ref::<HtmlElement>().focus();
                }
            }
        }
    });
    for name in ["click", "keydown"] {
        document().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref())?;
    }
    heard.forget();
    Ok(())
}

fn copy(button: Element) {
    let code = button
        .closest(".code")
        .ok()
        .flatten()
        .and_then(|block| block.query_selector("code").ok().flatten())
        .and_then(|code| code.text_content());
    if let Some(code) = code {
        crate::widgets::copy(button, "Copy", &code);
    }
}

/// Marks the section being read in the table of contents.
pub fn follow_sections() -> Result<(), JsValue> {
    let sections = document().query_selector_all("main section[id]")?;
    let crossed = Closure::<dyn FnMut(js_sys::Array)>::new(|entries: js_sys::Array| {
        let current = entries
            .iter()
            .filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
            .rfind(IntersectionObserverEntry::is_intersecting);
        if let Some(entry) = current {
            // Attributes of links that exist: nothing here can fail.
            let _ = mark(&entry.target().id());
        }
    });
    let options = IntersectionObserverInit::new();
    // A section is being read when it crosses a line a quarter down the screen.
    options.set_root_margin("-25% 0px -75% 0px");
    let observer =
        IntersectionObserver::new_with_options(crossed.as_ref().unchecked_ref(), &options)?;
    for i in 0..sections.length() {
        if let Some(section) = sections.get(i).and_then(|n| n.dyn_into::<Element>().ok()) {
            observer.observe(&section);
        }
    }
    crossed.forget();
    Ok(())
}

fn mark(id: &str) -> Result<(), JsValue> {
    let links = document().query_selector_all(".toc a")?;
    for i in 0..links.length() {
        let Some(link) = links.get(i).and_then(|n| n.dyn_into::<HtmlElement>().ok()) else {
            continue;
        };
        let here = link
            .get_attribute("href")
            .is_some_and(|href| href.strip_prefix('#') == Some(id));
        if here {
            link.set_attribute("aria-current", "true")?;
        } else {
            link.remove_attribute("aria-current")?;
        }
    }
    Ok(())
}
