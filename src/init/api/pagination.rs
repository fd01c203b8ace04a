//! How the pages of an API follow each other, as far as its first response tells.

use super::evidence::Evidence;
use super::plan::{Plan, more_flag};
use super::row::Row;
use super::{cursor, numbered};
use crate::extract::rest::is_address;
use serde_json::Value;

/// Finds one kind of pagination in a response.
type Finder = fn(&Evidence<'_>) -> Option<Plan>;

/// The kinds, the most reliable first.
const KINDS: [(&str, Finder); 5] = [
    ("next", next),
    ("link", link),
    ("cursor", cursor::cursor),
    ("page", numbered::page),
    ("offset", numbered::offset),
];

/// Columns that belong to one kind of pagination.
const IMPLIES: [(&str, &str); 5] = [
    ("next_at", "next"),
    ("cursor_at", "cursor"),
    ("cursor_parameter", "cursor"),
    ("pages_at", "page"),
    ("page_parameter", "page"),
];

/// Plain names of keys whose value is the address of the next page.
const NEXT: [&str; 13] = [
    "next",
    "nextlink",
    "odatanextlink",
    "nexturl",
    "nexthref",
    "nexturi",
    "nextpageurl",
    "nextpagelink",
    "nextpageuri",
    "nextpage",
    "nextpagehref",
    "nextrecordsurl",
    "nextresultsurl",
];

/// Plain names of keys beside that of the next page.
const PREVIOUS: [&str; 6] = [
    "prev",
    "previous",
    "prevpageurl",
    "previouspageurl",
    "previouslink",
    "prevlink",
];

/// Chooses the pagination; what the user set comes first.
pub(super) fn find_pagination(evidence: &Evidence<'_>, row: &Row) -> Plan {
    let implied = || {
        let mut implied = IMPLIES.iter();
        implied
            .find(|(column, _)| row.has(column))
            .map(|(_, kind)| *kind)
    };
    let wanted = row.text("pagination").or_else(implied);
    let mut kinds = KINDS
        .iter()
        .filter(|(kind, _)| wanted.is_none_or(|wanted| wanted == *kind));
    let found = kinds.find_map(|(_, find)| find(evidence));
    let plan = found.unwrap_or_else(|| match wanted {
        Some(wanted) => {
            let kind = KINDS.iter().find(|(kind, _)| *kind == wanted);
            let kind = kind.map_or("none", |(kind, _)| *kind);
            Plan::new(kind, "as other columns of --set imply")
        }
        None => Plan::new("none", "nothing in the response leads to another page"),
    });
    with_flag(plan, evidence)
}

fn with_flag(mut plan: Plan, evidence: &Evidence<'_>) -> Plan {
    let Some((path, has_more)) = more_flag(evidence) else {
        return plan;
    };
    plan.has_more |= has_more;
    if !matches!(plan.kind, "cursor" | "page" | "offset") {
        return plan;
    }
    let path = path.to_string();
    plan.with("more_at", path, format!("it is {has_more}"))
}

/// The response names the address of the next page.
fn next(evidence: &Evidence<'_>) -> Option<Plan> {
    let found = evidence
        .members()
        .filter(|(plain, member)| NEXT.contains(plain) || is_link_of_next(plain, &member.parent));
    let mut candidates: Vec<_> = found.collect();
    // An address says more than null.
    candidates.sort_by_key(|(_, member)| member.value.is_null());
    for (plain, member) in candidates {
        let at = member.quoted();
        let reason = match member.value {
            Value::String(text) if is_address(evidence.url, text) => {
                format!("{at} is an address")
            }
            Value::Null if plain == "next" && has_previous(evidence) => {
                format!("{at} is null, as on a last page, and the previous page is beside it")
            }
            Value::Null if plain != "next" && plain != "nextpage" => {
                format!("{at} is null, as on a last page")
            }
            Value::Null if plain == "next" && member.parent.contains("links") => {
                format!("{at} is null, as on a last page")
            }
            _ => continue,
        };
        let has_more = member.value.is_string();
        let plan = Plan::new("next", reason.clone());
        let plan = plan.with("next_at", member.path.as_str(), reason);
        return Some(Plan { has_more, ..plan });
    }
    None
}

fn is_link_of_next(plain: &str, parent: &str) -> bool {
    matches!(plain, "href" | "url" | "uri" | "link") && parent == "next"
}

fn has_previous(evidence: &Evidence<'_>) -> bool {
    evidence.find(&PREVIOUS, |_| true).is_some()
}

/// The header Link names the address of the next page.
fn link(evidence: &Evidence<'_>) -> Option<Plan> {
    let relations = evidence.link_relations.as_ref()?;
    let has = |name: &str| relations.iter().any(|relation| relation == name);
    if has("next") {
        let plan = Plan::new("link", "the header Link has rel=\"next\"");
        return Some(Plan {
            has_more: true,
            ..plan
        });
    }
    let is_paged = ["first", "last", "prev"].iter().any(|name| has(name));
    is_paged.then(|| {
        Plan::new(
            "link",
            "the header Link leads to other pages, and this is the last one",
        )
    })
}
