//! The page: header, hero, table of contents, sections, and the figures that come alive in them.
//!
//! The article is prose that never changes, so only the figures are hydrated: each is an island,
//! an element whose id names its figure, prerendered natively and taken over in the browser.

use leptos::prelude::*;

use crate::catalogue;
use crate::parts::{ANCHOR, Start};
use crate::widgets::{Place, ThemeToggle};

/// The island that is no figure.
const THEME: &str = "theme";

/// The island called `name` as HTML.
#[cfg(feature = "ssr")]
fn island(name: &str, place: Place) -> Option<String> {
    if name == THEME {
        return Some(place.show(|| view! { <ThemeToggle /> }));
    }
    let figure = catalogue::find(name)?;
    let start = Start::new((figure.setup)());
    Some((figure.show)(figure.name, start, place))
}

#[cfg(feature = "ssr")]
mod prerendered {
    use leptos::prelude::*;

    use super::{ANCHOR, THEME, island};
    use crate::article::content::{Article, Row, Section};
    use crate::catalogue;
    use crate::widgets::Place;

    /// The whole page's body as HTML.
    pub fn render(article: &Article) -> String {
        let owner = Owner::new();
        let html = owner.with(|| view! { <App article /> }.to_html());
        drop(owner);
        html
    }

    #[component]
    fn App<'a>(article: &'a Article) -> impl IntoView {
        let contents = article
            .sections
            .iter()
            .map(|section| {
                let href = format!("#{}", section.id);
                let number = section.number.clone().map(|n| view! { <span>{n}" "</span> });
                view! { <li><a href=href data-model=section.model.clone()>{number}{section.short.clone()}</a></li> }
            })
            .collect_view();
        let hero = article.sections.first().map(|opening| {
            view! {
                <header class="hero">
                    <h1>{opening.title.clone()}</h1>
                    <p class="tagline">{article.site.tagline.clone()}</p>
                    {opening.rows.first().and_then(|row| row.figure.clone()).map(|name| view! { <Island name /> })}
                </header>
            }
        });
        let sections = article
            .sections
            .iter()
            .enumerate()
            .map(|(i, section)| view! { <SectionView section opening=i == 0 /> })
            .collect_view();
        view! {
            <a class="skip" href="#opening">"Skip to the article"</a>
            <header class="site">
                <a class="home" href="#top">{article.site.title.clone()}</a>
                <nav aria-label="Page">
                    <a href="#opening">"Article"</a>
                    <a href="#lab">"Lab"</a>
                    <a href="#figure-advisor">"Advisor"</a>
                    <a href="#notes">"Notes"</a>
                </nav>
                <Island name=THEME.to_owned() />
            </header>
            <main id="top">
                {hero}
                <div class="layout">
                    <nav class="toc" aria-label="Contents"><ol>{contents}</ol></nav>
                    <div class="sections">{sections}</div>
                </div>
            </main>
            <footer class="foot">
                <p>
                    "Every run on this page is simulated in your browser; the measured ones say where and how. "
                    <a href="#notes">"What is modelled, and how it is checked"</a>
                </p>
            </footer>
        }
    }

    #[component]
    fn SectionView<'a>(section: &'a Section, opening: bool) -> impl IntoView {
        // The opening's title and first figure are the hero's.
        let heading = (!opening).then(|| {
            let number = section
                .number
                .clone()
                .map(|n| view! { <span class="number">{n}</span> });
            let href = format!("#{}", section.id);
            view! { <h2><a href=href>{number}{section.title.clone()}</a></h2> }
        });
        let rows = section
            .rows
            .iter()
            .enumerate()
            .map(|(i, row)| view! { <RowView row bare=opening && i == 0 /> })
            .collect_view();
        view! {
            <section id=section.id.clone() data-model=section.model.clone()>
                {heading}
                {rows}
            </section>
        }
    }

    #[component]
    fn RowView<'a>(row: &'a Row, bare: bool) -> impl IntoView {
        let figure = row.figure.clone().filter(|_| !bare);
        let wide = figure
            .as_deref()
            .and_then(catalogue::find)
            .is_some_and(|figure| figure.wide);
        let beside = figure.is_some() && !wide;
        view! {
            <div class="row" class:beside=beside class:wide=wide>
                <div class="prose" inner_html=row.html.clone()></div>
                {figure.map(|name| view! { <div class="stand"><Island name /></div> })}
            </div>
        }
    }

    /// A place that the browser takes over, already showing what it shows at first.
    #[component]
    fn Island(name: String) -> impl IntoView {
        let content = island(&name, Place::native());
        let id = match name.as_str() {
            THEME => name,
            name => format!("{ANCHOR}{name}"),
        };
        view! { <div id=id inner_html=content.unwrap_or_default()></div> }
    }
}

#[cfg(feature = "ssr")]
pub use prerendered::render;

/// Takes over the prerendered islands, the hero's first, and says when the page is ready.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    use wasm_bindgen::JsCast;

    use crate::article::enhance;
    use crate::widgets::{Slice, no_more_turns, take_turns, watch_theme};

    // The page's own reactive state lives as long as the page.
    let owner = Owner::new();
    owner.set();
    watch_theme();
    std::mem::forget(owner);
    let Ok(islands) = document().query_selector_all(&format!("#{THEME}, [id^={ANCHOR}]")) else {
        return;
    };
    let islands: Vec<web_sys::HtmlElement> = (0..islands.length())
        .filter_map(|i| islands.get(i)?.dyn_into().ok())
        .collect();
    wasm_bindgen_futures::spawn_local(async move {
        // Between its steps the browser may paint and answer the reader.
        let mut slice = Slice::begin();
        for element in islands {
            let name = element.id();
            let place = Place {
                browser: Some(element),
            };
            slice.pause().await;
            if name == THEME {
                place.show(|| view! { <ThemeToggle /> });
            } else if let Some(figure) = name.strip_prefix(ANCHOR).and_then(catalogue::find) {
                let start = Start::new((figure.setup)());
                slice.pause().await;
                (figure.show)(figure.name, start, place);
            }
            slice.pause().await;
            take_turns().await;
        }
        no_more_turns();
        // Without these the article still reads.
        let _ = enhance::copy_buttons();
        let _ = enhance::menus();
        let _ = enhance::follow_sections();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-ready", "true");
        }
    });
}
