//! Parsers of flag values.

use crate::extract::{KNOWN_ENCODINGS, canonical_name};
use crate::history::STATES;
use crate::init::Type;
use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser, ValueParser};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

pub(super) fn jobs(text: &str) -> Result<usize, String> {
    let jobs = text.parse().ok().filter(|jobs| (1..=64).contains(jobs));
    jobs.ok_or_else(|| "expected a number from 1 to 64".to_string())
}

/// Connections of one load.
pub(super) fn connections(text: &str) -> Result<usize, String> {
    let connections = text.parse().ok().filter(|count| (1..=4).contains(count));
    connections.ok_or_else(|| "expected a number from 1 to 4".to_string())
}

/// How many rows to show.
pub(super) fn limit(text: &str) -> Result<i64, String> {
    let limit = text.parse().ok().filter(|limit| *limit >= 0);
    limit.ok_or_else(|| "expected a number, 0 or more".to_string())
}

/// A state of loads, in words. A hyphen stands for the space of `rolled back`. An empty value, as from an empty
/// variable, means any.
pub(super) fn load_state(text: &str) -> Result<String, String> {
    let state = text.replace('-', " ");
    if state.is_empty() || STATES.contains(&state.as_str()) {
        return Ok(state);
    }
    let known = STATES.map(|state| state.replace(' ', "-"));
    Err(format!("expected one of: {}", known.join(", ")))
}

/// An address of this machine, or a name that resolves to one.
pub(super) fn socket_address(text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| "expected an address and a port, such as 127.0.0.1:8000".to_string())
}

/// A folder. An empty value, as from an empty variable, means the default.
pub(super) fn folder(default: &'static str) -> ValueParser {
    OsStringValueParser::new()
        .map(move |value| {
            if value.is_empty() {
                PathBuf::from(default)
            } else {
                PathBuf::from(value)
            }
        })
        .into()
}

/// One of the names of `T`. An empty value, as from an empty variable, means the default.
pub(super) fn one_of<T: ValueEnum + Default>(text: &str) -> Result<T, String> {
    if text.is_empty() {
        return Ok(T::default());
    }
    T::from_str(text, false).map_err(|_| {
        let known: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|each| Some(each.to_possible_value()?.get_name().to_string()))
            .collect();
        format!("expected one of: {}", known.join(", "))
    })
}

/// A column and its value.
pub(super) fn key_part(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_string(), value.to_string()))
        }
        _ => Err("expected a column and its value, such as customer_id=7".to_string()),
    }
}

/// A column and its new value, which may be empty.
pub(super) fn column_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_string(), value.to_string())),
        _ => Err("expected a column and its value, such as page_size=100".to_string()),
    }
}

/// A column and its type.
pub(super) fn column_type(text: &str) -> Result<(String, Type), String> {
    let (name, kind) = text
        .rsplit_once('=')
        .ok_or("expected a column and its type, such as zip=text")?;
    Ok((name.to_string(), one_of_types(kind)?))
}

fn one_of_types(text: &str) -> Result<Type, String> {
    Type::from_str(text, true).map_err(|_| {
        let known = Type::value_variants().iter();
        let names = known.filter_map(|each| Some(each.to_possible_value()?.get_name().to_string()));
        format!(
            "expected one of the types: {}",
            names.collect::<Vec<_>>().join(", ")
        )
    })
}

/// The name of an encoding, in the spelling of `elt.source`.
pub(super) fn encoding(text: &str) -> Result<String, String> {
    let name = canonical_name(text).map(String::from);
    name.ok_or_else(|| format!("expected one of: {}", KNOWN_ENCODINGS.join(", ")))
}

/// The name of a time zone. Only its characters are checked here; the server knows the zones.
pub(super) fn time_zone(text: &str) -> Result<String, String> {
    let is_name = |each: char| each.is_ascii_alphanumeric() || "/_+-:".contains(each);
    if !text.is_empty() && text.chars().all(is_name) {
        Ok(text.to_string())
    } else {
        Err("expected a name such as Europe/Berlin or UTC".to_string())
    }
}

/// One ASCII sign that `elt.source` accepts as delimiter, quote or escape, or the word `tab`.
pub(super) fn sign(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [sign @ (b'\t' | b' '..=b'~')] if !sign.is_ascii_alphanumeric() => Ok(*sign),
        _ => Err("expected one ASCII character other than a letter or a digit, or tab".to_string()),
    }
}

/// A sign as above, or the word `none`.
pub(super) fn optional_sign(text: &str) -> Result<Option<u8>, String> {
    match text {
        "none" => Ok(None),
        text => sign(text).map(Some),
    }
}

/// The start of lines that are comments, or the word `none`.
pub(super) fn comment_prefix(text: &str) -> Result<Option<String>, String> {
    if text == "none" {
        return Ok(None);
    }
    let is_prefix = (1..=8).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.starts_with(|first: char| first.is_ascii_alphanumeric());
    match is_prefix {
        true => Ok(Some(text.to_string())),
        false => {
            Err("expected 1 to 8 ASCII characters without spaces, such as # or --".to_string())
        }
    }
}
