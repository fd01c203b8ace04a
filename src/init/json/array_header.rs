//! Decides whether the first of a file's arrays names the columns.

use crate::copy::CopyText;
use crate::extract::{self, Layout, Record};
use crate::init::input_path::InputPath;
use crate::init::layout::LayoutChoice;
use crate::init::records::parse_row;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fs::File;

/// The number of arrays to compare with the first one.
const SAMPLED: usize = 100;

/// Chooses `has_header` if the records are arrays.
pub(super) fn detect(path: &InputPath, layout: &mut Layout) -> Result<Option<LayoutChoice>> {
    let arrays = first_arrays(path, layout)?;
    let [first, rest @ ..] = arrays.as_slice() else {
        return Ok(None);
    };
    let problem = not_names(first, rest);
    layout.has_header = problem.is_none();
    let reason = match &problem {
        None => "the records are arrays, and the first one has different names only".into(),
        Some(problem) => format!("the records are arrays, and the first one {problem}"),
    };
    let option = if layout.has_header {
        "--no-header"
    } else {
        "--header"
    };
    Ok(Some(LayoutChoice {
        setting: "has_header",
        value: layout.has_header.to_string(),
        reason,
        option,
    }))
}

/// Why the values are no names of columns.
fn not_names(first: &Map<String, Value>, rest: &[Map<String, Value>]) -> Option<String> {
    let mut names = HashSet::new();
    for (key, value) in first {
        let name = match value {
            Value::String(name) if !name.trim().is_empty() => name.trim(),
            _ => return Some(format!("contains {}", shown(value))),
        };
        let looks_like_data = name.parse::<f64>().is_ok();
        if looks_like_data || !names.insert(name) {
            return Some(format!("contains {}", shown(value)));
        }
        if rest.iter().any(|array| array.get(key) == Some(value)) {
            return Some(format!("shares {} with another one", shown(value)));
        }
    }
    first.is_empty().then(|| "is empty".into())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
        value => value.to_string().chars().take(40).collect(),
    }
}

/// The first records as objects; empty if they are no arrays.
fn first_arrays(path: &InputPath, layout: &Layout) -> Result<Vec<Map<String, Value>>> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let layout = Layout {
        has_header: false,
        ..layout.clone()
    };
    let mut extract = extract::open(&layout, Box::new(file), &[], 0).with_context(reading)?;
    let mut copy = CopyText::default();
    let mut arrays = Vec::new();
    while arrays.len() < SAMPLED
        && let Some(record) = extract.next(&mut copy).with_context(reading)?
    {
        if let Record::Rejected(_) = record {
            continue;
        }
        let (_, array) = parse_row(&copy.take(0))?;
        let is_array = array.is_empty() || array.contains_key("column_1");
        if !is_array {
            return Ok(Vec::new());
        }
        arrays.push(array);
    }
    Ok(arrays)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_from_each_other_and_from_values() {
        let problem = |text: &str| {
            let arrays: Vec<Vec<Value>> = serde_json::from_str(text).unwrap_or_default();
            let objects = arrays.into_iter().map(|array| {
                let keys = (1..).map(|number: usize| format!("column_{number}"));
                keys.zip(array).collect::<Map<String, Value>>()
            });
            let objects: Vec<Map<String, Value>> = objects.collect();
            not_names(&objects[0], &objects[1..])
        };
        assert_eq!(problem(r#"[["name","pop"],["X","1"],["Y","2"]]"#), None);
        assert_eq!(
            problem(r#"[["X","1"],["Y","2"]]"#).as_deref(),
            Some("contains \"1\"")
        );
        assert_eq!(problem(r#"[["X",1]]"#).as_deref(), Some("contains 1"));
        assert_eq!(problem(r#"[["X","X"]]"#).as_deref(), Some("contains \"X\""));
        let shared = problem(r#"[["X","a"],["Y","a"]]"#);
        assert_eq!(shared.as_deref(), Some("shares \"a\" with another one"));
        assert_eq!(problem("[[]]").as_deref(), Some("is empty"));
    }
}
