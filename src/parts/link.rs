//! A figure as a link, with what its reader has set.
//!
//! Its query is a scenario's or a comparison's, which the lab reads as well; its anchor says which figure
//! it is about.

use leptos::prelude::{document, window};

use super::ANCHOR;
use super::setup::Setup;
use crate::scenario::Comparison;
use crate::widgets::in_turn;

/// The link to the figure called `name` as `setup` has it.
pub fn to(name: &str, setup: &Setup) -> String {
    let href = window().location().href().unwrap_or_default();
    let base = href.split(['?', '#']).next().unwrap_or_default();
    // Where the systems differ in more than themselves, the first one has what the reader may set.
    let comparison = setup.comparison();
    let comparison = comparison.unwrap_or_else(|| setup.cases[0].scenario.clone().into());
    // The lab is a section, and reads its link itself.
    let before = if name == "lab" { "" } else { ANCHOR };
    format!("{base}?{}#{before}{name}", comparison.to_query())
}

/// What the page's link says of the figure called `name`; what is wrong with it, the figure says.
pub fn opened(name: &'static str) -> Option<Comparison> {
    let location = window().location();
    if location.hash().ok()? != format!("#{ANCHOR}{name}") {
        return None;
    }
    match Comparison::from_query(&location.search().ok()?) {
        Ok(comparison) => comparison,
        Err(problems) => {
            let words = unread("this figure", &problems);
            // Once the figure has been taken over.
            in_turn(move || {
                let figure = document().get_element_by_id(&format!("{ANCHOR}{name}"));
                let head =
                    figure.and_then(|figure| figure.first_element_child()?.first_element_child());
                if let (Some(head), Ok(line)) = (head, document().create_element("p")) {
                    let _ = line.set_attribute("class", "problem link-problem");
                    line.set_text_content(Some(&words));
                    let _ = line.set_attribute("role", "alert");
                    let _ = head.before_with_node_1(&line);
                }
            });
            None
        }
    }
}

/// What is wrong with a link, and what opens in place of what it says.
pub fn unread(what: &str, problems: &impl std::fmt::Display) -> String {
    format!("This link cannot be read, so {what} opens with its default.\n{problems}")
}
