//! The presets that ship with the page.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation;

#[test]
fn every_preset_reads_and_every_section_has_one() {
    let sections = [
        "opening",
        "gunicorn",
        "event-loop",
        "executor",
        "side-by-side",
        "thousand",
        "choosing",
        "migration",
    ];
    for preset in presets() {
        assert!(sections.contains(&preset.section.as_str()), "{}", preset.id);
        assert!(preset.description.ends_with('.'), "{}", preset.id);
        let query = preset.comparison.to_query();
        assert_eq!(
            Comparison::from_query(&query),
            Ok(Some(preset.comparison.clone()))
        );
    }
    for section in sections {
        assert!(presets().iter().any(|preset| preset.section == section));
    }
}

#[test]
fn every_preset_can_be_simulated() {
    for preset in presets() {
        for scenario in preset.comparison.scenarios() {
            assert_eq!(simulation::check(&scenario), Ok(()), "{}", preset.id);
        }
    }
}

#[test]
fn problems_name_the_preset() {
    let read = |json: &str| parse_presets(json).unwrap_err().to_string();
    let text = r#""id":"slow","name":"Slow","description":"So.","section":"opening""#;
    let pairs = [
        (
            format!(r#"[{{{text},"systems":[{{"kind":"gunicorn","workers":0}}]}}]"#),
            "preset slow: systems[0].workers: 0 is out of range, expected 1..=256",
        ),
        (
            format!(r#"[{{{text},"systems":[{{}}]}}]"#),
            "preset slow: systems[0].kind: missing, expected one of gunicorn, event_loop, executor",
        ),
        (
            format!("[{{{text}}}]"),
            "preset slow: systems: expected a list of 1 to 4 systems",
        ),
        (
            r#"[{"id":"slow"}]"#.to_owned(),
            "preset slow: name: expected a text that is not empty",
        ),
        ("[4]".to_owned(), "preset 0: expected an object, found 4"),
        ("{}".to_owned(), "expected a list of presets"),
    ];
    for (json, expected) in pairs {
        assert_eq!(read(&json), expected);
    }
}
