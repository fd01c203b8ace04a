//! Cursors: values of a response that the next request sends.

use super::evidence::{Evidence, Member};
use super::plan::{Plan, more_flag};
use crate::extract::rest::is_address;
use serde_json::Value;

/// Plain names of keys that have a cursor, also if it is null.
const CURSORS: [&str; 15] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "nextmarker",
    "nextcontinuationtoken",
    "continuationtoken",
    "continuation",
    "endcursor",
    "scrollid",
    "nextpageid",
    "nextbookmark",
    "cursor",
    "nextafter",
    "pagingtoken",
    "nextoffset",
];

/// Plain names of keys that have a cursor if they have a value.
const POSSIBLE: [&str; 7] = [
    "next",
    "nextpage",
    "after",
    "nextstart",
    "nextskip",
    "marker",
    "bookmark",
];

/// The parameter for the id of the last record.
const AFTER_ID: &str = "starting_after";

/// The response has a value that the next request sends.
pub(super) fn cursor(evidence: &Evidence<'_>) -> Option<Plan> {
    let is_cursor = |member: &Member<'_>| match member.value {
        Value::String(text) => !is_address(evidence.url, text),
        Value::Number(_) => true,
        _ => false,
    };
    let has_value = |member: &Member<'_>| {
        is_cursor(member) && member.value.as_str().is_none_or(|text| !text.is_empty())
    };
    let found = evidence
        .find(&CURSORS, has_value)
        .or_else(|| {
            evidence.find(&POSSIBLE, |member| {
                has_value(member) && !is_next_number(evidence, member)
            })
        })
        .or_else(|| {
            evidence.find(&CURSORS, |member| {
                is_cursor(member) || member.value.is_null()
            })
        });
    let Some(member) = found else {
        return after_last_record(evidence);
    };
    let has_more = has_value(member) && more_flag(evidence).is_none_or(|(_, has_more)| has_more);
    let reason = if has_value(member) {
        format!(
            "{} is a value for the next request, not an address",
            member.quoted()
        )
    } else {
        format!("{} is empty, as on a last page", member.quoted())
    };
    let plan = Plan::new("cursor", reason.clone())
        .with("cursor_at", member.path.as_str(), reason)
        .with(
            "cursor_parameter",
            parameter(member),
            format!(
                "by convention for {}; the response does not name it",
                member.key.escape_debug()
            ),
        );
    Some(Plan {
        has_more,
        guess: Some("cursor_parameter"),
        ..plan
    })
}

/// Whether the value is the number after that of this page. Then pages are numbered.
fn is_next_number(evidence: &Evidence<'_>, member: &Member<'_>) -> bool {
    let Some(next) = member.value.as_u64() else {
        return false;
    };
    super::numbered::current_page(evidence)
        .is_some_and(|page| page.number() == Some(next.saturating_sub(1)))
}

/// The parameter that usually takes the value of such a key.
fn parameter(member: &Member<'_>) -> String {
    let key = member.key.trim_start_matches(['_', '@', '$']);
    let plain: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    match plain.as_str() {
        "endcursor" | "nextafter" => return "after".into(),
        "nexttoken" => return key.into(),
        "next" if member.value.is_number() => return "page".into(),
        "next" => return "cursor".into(),
        _ => {}
    }
    let is_next = key
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("next"));
    if !is_next {
        return key.into();
    }
    let rest = key[4..].trim_start_matches(['_', '-']);
    let mut letters = rest.chars();
    match letters.next() {
        // nextPageToken belongs to pageToken, and NextMarker to Marker.
        Some(first) if key.starts_with('n') => first.to_lowercase().chain(letters).collect(),
        _ => rest.into(),
    }
}

/// A flag tells that there are further pages, and nothing else leads there: the id of the last record may.
fn after_last_record(evidence: &Evidence<'_>) -> Option<Plan> {
    let (flag, has_more) = more_flag(evidence)?;
    let records = evidence.records;
    let has_id = records
        .records
        .iter()
        .all(|record| record.get("id").is_some());
    let is_list =
        !records.is_single && !records.path.ends_with('*') && !records.path.contains("[]");
    let is_numbered =
        super::numbered::page(evidence).is_some() || super::numbered::offset(evidence).is_some();
    if !has_id || !is_list || records.path.is_empty() || is_numbered {
        return None;
    }
    let reason = format!(
        "\"{}\" tells whether there are further pages, and nothing but the id of the last record can lead there",
        flag.escape_debug()
    );
    let plan = Plan::new("cursor", reason.clone())
        .with("cursor_at", format!("{}[-1].id", records.path), reason)
        .with(
            "cursor_parameter",
            AFTER_ID,
            "by convention for ids; the response does not name it",
        );
    Some(Plan {
        has_more,
        guess: Some("cursor_parameter"),
        ..plan
    })
}
