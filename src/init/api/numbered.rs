//! Pages that are requested by their number, or by the number of records before them.

use super::evidence::{Evidence, Member};
use super::plan::Plan;

/// Plain names of keys that have the number of the page.
const PAGE: [&str; 7] = [
    "page",
    "currentpage",
    "pagenumber",
    "pageno",
    "pageindex",
    "pagenum",
    "number",
];

/// Plain names of keys that have the number of all pages.
const PAGES: [&str; 10] = [
    "totalpages",
    "pagecount",
    "pagestotal",
    "numpages",
    "numberofpages",
    "nbpages",
    "lastpage",
    "totalpage",
    "maxpage",
    "pages",
];

/// Plain names of parameters that have the number of the page.
const PAGE_PARAMETERS: [&str; 9] = [
    "page",
    "pagenumber",
    "pageno",
    "pageindex",
    "pagenum",
    "currentpage",
    "p",
    "pg",
    "pageid",
];

/// Plain names of keys and parameters that have the number of records before the page.
const OFFSET: [&str; 9] = [
    "offset",
    "skip",
    "startindex",
    "startat",
    "firstresult",
    "pageoffset",
    "pageskip",
    "start",
    "from",
];

/// Plain names of keys that have the size of a page.
const SIZE: [&str; 11] = [
    "limit",
    "perpage",
    "pagesize",
    "size",
    "count",
    "itemsperpage",
    "maxresults",
    "top",
    "take",
    "rows",
    "total",
];

/// The member with the number of the page.
pub(super) fn current_page<'a, 'b>(evidence: &'b Evidence<'a>) -> Option<&'b Member<'a>> {
    evidence.find(&PAGE, |member| {
        // The page's number is named number inside an object about the page, or beside the number of pages.
        let is_about_pages = member.key != "number"
            || member.parent.contains("page")
            || total_pages(evidence).is_some();
        member.number().is_some() && is_about_pages
    })
}

fn total_pages<'a, 'b>(evidence: &'b Evidence<'a>) -> Option<&'b Member<'a>> {
    evidence.find(&PAGES, |member| member.number().is_some())
}

/// Pages are numbered.
pub(super) fn page(evidence: &Evidence<'_>) -> Option<Plan> {
    let parameter = evidence.numbered_parameter(&PAGE_PARAMETERS);
    let (current, total) = (current_page(evidence), total_pages(evidence));
    let members: Vec<String> = current
        .iter()
        .chain(&total)
        .map(|member| member.quoted())
        .collect();
    let reason = match (&parameter, members.as_slice()) {
        (Some((name, _)), _) => format!("the request has the parameter {name}"),
        (None, []) => return None,
        (None, [one]) => format!("{one} is a number of pages"),
        (None, several) => format!("{} are numbers of pages", several.join(" and ")),
    };
    let mut plan = Plan::new("page", reason);
    plan.begins_late = parameter
        .filter(|(_, number)| *number > 1)
        .map(|(name, number)| format!("{name}={number}"));
    plan = match (parameter, current) {
        (Some((name, number)), _) => plan
            .with("page_parameter", name, "it is in the request")
            .with(
                "first_page",
                number,
                format!("the request has {name}={number}"),
            ),
        (None, Some(current)) => {
            let number = current.number().unwrap_or(1);
            let at = current.quoted();
            plan.guess = Some("page_parameter");
            plan.with(
                "page_parameter",
                page_parameter(current),
                format!("by convention for {at}; the response does not name it"),
            )
            .with(
                "first_page",
                number,
                format!("{at} is {number} on the first page"),
            )
        }
        (None, None) => {
            plan.guess = Some("page_parameter");
            plan.with(
                "page_parameter",
                "page",
                "by convention; the response does not name it",
            )
        }
    };
    if let Some(total) = total {
        let number = total.number().unwrap_or_default();
        let first = current.and_then(Member::number).unwrap_or(1);
        plan.has_more = number > first.max(1);
        plan = plan.with("pages_at", total.path.as_str(), format!("it is {number}"));
    }
    Some(plan)
}

/// The parameter that usually takes the value of such a key.
fn page_parameter<'a>(current: &Member<'a>) -> &'a str {
    match current.key {
        key if key.to_lowercase().starts_with("page") => key,
        _ => "page",
    }
}

/// A page is requested by the number of records before it.
pub(super) fn offset(evidence: &Evidence<'_>) -> Option<Plan> {
    if let Some((name, number)) = evidence.numbered_parameter(&OFFSET) {
        let reason = format!("the request has the parameter {name}");
        let plan = Plan::new("offset", reason)
            .with("page_parameter", name, "it is in the request")
            .with(
                "first_page",
                number,
                format!("the request has {name}={number}"),
            );
        return Some(Plan {
            begins_late: (number > 0).then(|| format!("{name}={number}")),
            ..plan
        });
    }
    let member = evidence.find(&OFFSET, |member| member.number().is_some())?;
    let size = evidence.find(&SIZE, |member| member.number().is_some())?;
    let (at, size) = (member.quoted(), size.quoted());
    let number = member.number().unwrap_or_default();
    let plan = Plan::new("offset", format!("{at} and {size} are numbers of records"))
        .with(
            "page_parameter",
            member.key,
            format!("by convention for {at}; the response does not name it"),
        )
        .with(
            "first_page",
            number,
            format!("{at} is {number} on the first page"),
        );
    Some(Plan {
        guess: Some("page_parameter"),
        ..plan
    })
}
