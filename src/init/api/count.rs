//! The number of all records in a response.

use super::evidence::{Evidence, Member};
use super::plan::Plan;

/// Plain names of keys that have the number of all records, the clearest first.
const TOTALS: [&str; 14] = [
    "totalcount",
    "totalrecords",
    "totalresults",
    "totalitems",
    "totalelements",
    "totalhits",
    "totalrows",
    "totalsize",
    "totalnumber",
    "total",
    "recordstotal",
    "odatacount",
    "numfound",
    "nbhits",
];

/// Plain names of keys that have the number of all records, or of those on the page.
const COUNTS: [&str; 6] = [
    "recordcount",
    "resultcount",
    "itemcount",
    "hitcount",
    "numresults",
    "count",
];

/// The path of the number, and the number.
pub(super) fn count(evidence: &Evidence<'_>, plan: &Plan) -> Option<(String, u64)> {
    let on_page = evidence.records.count();
    let least = if plan.has_more { on_page + 1 } else { on_page };
    let is_enough = |member: &Member<'_>| member.number().is_some_and(|number| number >= least);
    // Such as hits.total.value.
    let is_value =
        |member: &Member<'_>| TOTALS.contains(&member.parent.as_str()) && is_enough(member);
    // A number of all records would end the walk after this page.
    let is_clear = |member: &Member<'_>| {
        let may_go_on = matches!(plan.kind, "cursor" | "page" | "offset");
        is_enough(member) && !(may_go_on && member.number() == Some(on_page))
    };
    let found = evidence
        .find(&TOTALS, is_enough)
        .or_else(|| evidence.find(&["value"], is_value))
        .or_else(|| evidence.find(&COUNTS, is_clear))?;
    Some((found.path.clone(), found.number()?))
}
