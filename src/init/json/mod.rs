//! Detects where the records of a JSON file are. Each setting that it chooses is reported with its reason, and an option
//! overrides it.

mod array_header;
mod flatten;
mod place;
mod shape;

use super::layout::{LayoutChoice, LayoutOptions};
use crate::extract::{self, Layout};
use crate::init::input_path::InputPath;
use anyhow::{Context, Result};
use place::choose;
use shape::{End, Kind};
use std::fs::File;
use std::io::{BufRead, BufReader};

pub(super) use flatten::Flattening;
pub(super) use place::{Holds, Place, places};
pub(super) use shape::Shape;

/// Bytes of the file to look for its second line in.
const BUFFERED: usize = 256 * 1024;
/// The number of keys to list.
const MOST_LISTED: usize = 5;

/// Chooses `records_at` and `has_header`, unless the options do.
pub(super) fn detect(
    path: &InputPath,
    layout: &mut Layout,
    options: &LayoutOptions,
) -> Result<Vec<LayoutChoice>> {
    let (document, is_only) = shape(path, layout)?;
    let mut choices = Vec::new();
    let mut has_arrays = document.kind == Kind::Array
        && (document.arrays == document.count || (!is_only && document.objects == 0));
    if options.records_at.is_none() && is_only {
        let places = places(&document);
        let chosen = choose(&places);
        choices.extend(places_choice(&document, &places, chosen));
        layout.records_at = chosen.map(|place| place.path.clone());
        has_arrays |= chosen.is_some_and(|place| place.holds == Holds::Arrays);
    }
    // The arrays at a path of the user are not known.
    if options.has_header.is_none() && (has_arrays || layout.records_at.is_some()) {
        choices.extend(array_header::detect(path, layout)?);
    }
    Ok(choices)
}

/// The shape of the first document, and whether it is the only one.
fn shape(path: &InputPath, layout: &Layout) -> Result<(Shape, bool)> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let input = extract::open_text(Box::new(file), &layout.encoding, layout.member.as_deref())
        .with_context(reading)?;
    let mut input = BufReader::with_capacity(BUFFERED, input);
    if input
        .fill_buf()
        .with_context(reading)?
        .starts_with(b"\xef\xbb\xbf")
    {
        input.consume(3);
    }
    // A broken first line of several is no document without an end.
    let mut lines = input.buffer().split(|byte| *byte == b'\n').skip(1);
    let has_lines = lines.next().is_some_and(|second| {
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(second).is_ok()
    });
    let (shape, end) = Shape::read(input);
    let is_only = match end {
        End::OfFile => true,
        End::OfDocument => false,
        End::Broken => !has_lines,
    };
    Ok((shape, is_only))
}

/// The choice of a place, or the places in the only record.
fn places_choice(
    document: &Shape,
    places: &[Place],
    chosen: Option<&Place>,
) -> Option<LayoutChoice> {
    let all: Vec<String> = places.iter().map(Place::text).collect();
    let choice = |value: &str, reason: String| LayoutChoice {
        setting: "records_at",
        value: value.into(),
        reason,
        option: "--records-at PATH (. is the whole file)",
    };
    let Some(chosen) = chosen else {
        let reason = format!("the file is one record that contains {}", all.join(" and "));
        return (!all.is_empty()).then(|| choice("none", reason));
    };
    let mut others = Vec::new();
    list_others(document, &chosen.path, "", &mut others);
    let kind = if document.kind == Kind::Array {
        "array"
    } else {
        "object"
    };
    let rest = match others.as_slice() {
        [] => String::new(),
        others if others.len() > MOST_LISTED => {
            let listed = others[..MOST_LISTED].join(", ");
            format!(
                "; its {} other keys are not loaded: {listed}, ...",
                others.len()
            )
        }
        others => format!("; not loaded: {}", others.join(", ")),
    };
    let reason = format!("the file is one {kind} with {}{rest}", chosen.text());
    Some(choice(&chosen.path, reason))
}

/// Lists the members beside the path, from the outermost.
fn list_others(value: &Shape, path: &str, parent: &str, others: &mut Vec<String>) {
    if path == "*" {
        return;
    }
    let mut next = None;
    for (key, member) in &value.members {
        let rest = path.strip_prefix(key.as_str());
        let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('.'));
        match rest {
            Some(rest) if next.is_none() => {
                next = Some((
                    member,
                    rest.trim_start_matches('.'),
                    format!("{parent}{key}."),
                ));
            }
            _ => others.push(format!("{parent}{key}")),
        }
    }
    if let Some((member, rest, parent)) = next
        && !rest.is_empty()
    {
        list_others(member, rest, &parent, others);
    }
}
