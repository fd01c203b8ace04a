//! Values of flags: what they may be, and what is said of those that they may not.

use crate::init::Type;
use clap::ValueEnum;
use clap::builder::{OsStringValueParser, TypedValueParser, ValueParser};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

pub(super) fn jobs(text: &str) -> Result<usize, String> {
    let jobs = text.parse().ok().filter(|jobs| (1..=64).contains(jobs));
    jobs.ok_or_else(|| "it is a number from 1 to 64".to_string())
}

/// How many of something to show.
pub(super) fn limit(text: &str) -> Result<i64, String> {
    let limit = text.parse().ok().filter(|limit| *limit >= 0);
    limit.ok_or_else(|| "it is a number from 0 on".to_string())
}

/// An address of this machine, or a name that stands for one.
pub(super) fn socket_address(text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| "it is an address and a port, as 127.0.0.1:8000".to_string())
}

/// A folder; an empty one, as from a variable that is set to nothing, is the default.
pub(super) fn folder(default: &'static str) -> ValueParser {
    OsStringValueParser::new()
        .map(move |value| match value.is_empty() {
            true => PathBuf::from(default),
            false => PathBuf::from(value),
        })
        .into()
}

/// One of a few; an empty one, as from a variable that is set to nothing, is the default.
pub(super) fn one_of<T: ValueEnum + Default>(text: &str) -> Result<T, String> {
    if text.is_empty() {
        return Ok(T::default());
    }
    T::from_str(text, false).map_err(|_| {
        let known: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|each| Some(each.to_possible_value()?.get_name().to_string()))
            .collect();
        format!("it is one of: {}", known.join(", "))
    })
}

/// A column and its value.
pub(super) fn key_part(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_string(), value.to_string()))
        }
        _ => Err("it is a column and its value, as customer_id=7".to_string()),
    }
}

/// A column and its type.
pub(super) fn column_type(text: &str) -> Result<(String, Type), String> {
    let (name, kind) = text
        .rsplit_once('=')
        .ok_or("it is a column and its type, as in zip=text")?;
    Ok((name.to_string(), one_of_types(kind)?))
}

fn one_of_types(text: &str) -> Result<Type, String> {
    Type::from_str(text, true).map_err(|_| {
        let known = Type::value_variants().iter();
        let names = known.filter_map(|each| Some(each.to_possible_value()?.get_name().to_string()));
        format!("a type is one of: {}", names.collect::<Vec<_>>().join(", "))
    })
}

/// A name that may be a time zone's; whether it is one, the server knows.
pub(super) fn time_zone(text: &str) -> Result<String, String> {
    let is_name = |each: char| each.is_ascii_alphanumeric() || "/_+-:".contains(each);
    match !text.is_empty() && text.chars().all(is_name) {
        true => Ok(text.to_string()),
        false => Err("it is a name like Europe/Berlin or UTC".to_string()),
    }
}
