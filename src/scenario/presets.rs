//! The article's scenarios by name, from `content/presets.json`.

use std::sync::LazyLock;

use super::comparison::Comparison;
use super::node::{Node, echo_name};
use super::problem::{Problem, Problems};

/// A named comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Short and unique, for links and the page's markup.
    pub id: String,
    pub name: String,
    /// What to look at, in a sentence or two.
    pub description: String,
    /// The article's section that it belongs to, such as `event-loop`.
    pub section: String,
    pub comparison: Comparison,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    parse_presets(include_str!("../../content/presets.json"))
        .unwrap_or_else(|problems| panic!("content/presets.json: {problems}"))
});

/// The presets that ship with the page; a test makes sure that they can be read.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// Reads a list of presets; each problem names its preset.
///
/// # Errors
///
/// Everything wrong with the first preset that cannot be read, by its name.
pub fn parse_presets(json: &str) -> Result<Vec<Preset>, Problems> {
    let Node::List(nodes) = Node::parse(json)? else {
        return Err(Problem::new("", "expected a list of presets").into());
    };
    let mut presets: Vec<Preset> = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        let preset = preset(node, index)?;
        if presets.iter().any(|other| other.id == preset.id) {
            let field = format!("preset {}", echo_name(&preset.id));
            return Err(Problem::new(field, "given twice").into());
        }
        presets.push(preset);
    }
    Ok(presets)
}

fn preset(node: Node, index: usize) -> Result<Preset, Problems> {
    let Node::Object(mut members) = node else {
        let message = format!("expected an object, found {}", node.echo());
        return Err(Problem::new(format!("preset {index}"), message).into());
    };
    let mut label = format!("preset {index}");
    let mut text = |name: &str| {
        let at = members.iter().position(|(member, _)| member == name);
        match at.map(|at| members.remove(at).1) {
            Some(Node::Text(text)) if !text.is_empty() => {
                if name == "id" {
                    label = format!("preset {}", echo_name(&text));
                }
                Ok(text)
            }
            _ => Err(Problem::new(
                format!("{label}: {name}"),
                "expected a text that is not empty",
            )),
        }
    };
    let id = text("id")?;
    let name = text("name")?;
    let description = text("description")?;
    let section = text("section")?;
    let comparison = Comparison::from_members(members).map_err(|mut problems| {
        for problem in &mut problems.0 {
            problem.field = format!("{label}: {}", problem.field);
        }
        problems
    })?;
    Ok(Preset {
        id,
        name,
        description,
        section,
        comparison,
    })
}
