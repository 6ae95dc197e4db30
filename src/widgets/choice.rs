//! Choices among names, and switches.

use leptos::prelude::*;

use super::{Tie, Views, flag, maybe, on, options, text};
use crate::scenario::{Kind, Value};

/// A labelled choice among a field's names.
#[component]
pub fn Choice(
    tie: Tie,
    form: &'static str,
    /// Names that are not offered.
    #[prop(optional)]
    without: &'static [&'static str],
) -> impl IntoView {
    let field = tie.field;
    let Kind::Choice(names) = field.kind else {
        return view! { <span></span> }.into_any();
    };
    let id = format!("{form}-{}", field.key);
    let problem = RwSignal::new(None::<String>);
    let unset = field.optional.then_some(("", "as the worker class does"));
    let offered = names.iter().filter(|(name, _)| !without.contains(name));
    let options = options(unset.iter().chain(offered), &untrack(move || tie.text()));
    view! {
        <div class="choice">
            <label for=id.clone() title=field.help>{field.label}</label>
            <select
                name=field.key
                id=id
                prop:value=text(move || tie.text())
                on:change=on(move |event| problem.set(tie.enter(&event_target_value(&event)).err()))
                inner_html=options
            ></select>
            <p class="problem" role="alert">{maybe(move || problem.get())}</p>
        </div>
    }
    .into_any()
}

/// A labelled switch for a true-or-false field.
#[component]
pub fn Toggle(tie: Tie) -> impl IntoView {
    let field = tie.field;
    let problem = RwSignal::new(None::<String>);
    let checked = move || tie.value.get() == Some(Value::Flag(true));
    view! {
        <div class="toggle">
            <label title=field.help>
                <input
                    type="checkbox"
                    name=field.key
                    checked=untrack(checked)
                    prop:checked=flag(checked)
                    on:change=on(move |event| {
                        let checked = event_target_checked(&event);
                        problem.set(tie.write.run((Value::Flag(checked),)).err());
                    })
                />
                {field.label}
            </label>
            <p class="problem" role="alert">{maybe(move || problem.get())}</p>
        </div>
    }
}

/// Two or three ways to look at a figure, as buttons of which one is pressed.
#[component]
pub fn Segments(
    /// What is chosen, for assistive technology.
    label: &'static str,
    options: &'static [&'static str],
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let buttons = options
        .iter()
        .enumerate()
        .map(|(i, name)| {
            view! {
                <button
                    type="button"
                    aria-pressed=text(move || chosen.get() == i)
                    on:click=on(move |_| chosen.set(i))
                >
                    {*name}
                </button>
            }
            .into_any()
        })
        .collect::<Views>();
    view! { <div class="segments" role="group" aria-label=label>{buttons}</div> }
}
