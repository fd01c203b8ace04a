//! Infers the columns of `elt.rest_source` from the first response. Each choice is reported with its reason, and `--set`
//! overrides it.

use super::address::Address;
use super::count::count;
use super::evidence::Evidence;
use super::pagination::find_pagination;
use super::plan::Plan;
use super::records::find_records;
use super::row::Row;
use crate::extract::rest::FirstResponse;
use crate::failure::{Exit, Failure};
use crate::init::LayoutChoice;
use anyhow::Result;
use serde_json::Value;

/// Sizes of pages that many APIs have.
const USUAL_SIZES: [u64; 12] = [10, 15, 20, 24, 25, 30, 50, 100, 200, 250, 500, 1000];

/// What was inferred besides the row.
pub(super) struct Inferred {
    pub(super) choices: Vec<LayoutChoice>,
    pub(super) warnings: Vec<String>,
    pub(super) plan: Plan,
    /// The row says that there is one record.
    pub(super) is_single: bool,
}

/// Sets columns of the row, except those of the user.
pub(super) fn infer(
    response: &FirstResponse,
    address: &Address,
    row: &mut Row,
) -> Result<Inferred> {
    let document = parse(response)?;
    let records = find_records(&document, response, row)?;
    let mut parameters = address.query();
    if let Some(body) = row.get("body") {
        add_parameters(body, "", &mut parameters);
    }
    let evidence = Evidence::collect(
        &document,
        &records,
        &response.links,
        &parameters,
        address.url(),
    );
    let plan = find_pagination(&evidence, row);
    let mut choices = Choices {
        row,
        choices: Vec::new(),
    };
    if let Some(reason) = &records.reason {
        choices.choose("records_at", records.path.as_str(), reason);
        if records.is_single {
            choices.choose("is_single_record", true, reason);
        }
    }
    let count = count(&evidence, &plan);
    match &count {
        Some((path, number)) => {
            choices.choose("count_at", path.as_str(), &format!("it is {number}"));
        }
        None => choices.choose(
            "count_at",
            Value::Null,
            "the response has no number of all records",
        ),
    }
    choices.choose("pagination", plan.kind, &plan.reason);
    for (column, value, reason) in &plan.columns {
        choices.choose(column, value.clone(), reason);
    }
    choices.choose_body_parameters();
    let choices = choices.choices;
    require_complete(row, &plan, records.count(), count)?;
    let mut warnings = Vec::new();
    if let Some(parameter) = plan
        .begins_late
        .as_ref()
        .filter(|_| has_first_page(&choices))
    {
        warnings.push(format!(
            "the address has {}, so that loads do not read the records before it; to read all, leave it out",
            parameter.escape_debug()
        ));
    }
    if plan.kind == "none" && !records.is_single && USUAL_SIZES.contains(&records.count()) {
        warnings.push(format!(
            "the response has {} records, and nothing in it leads to another page. If there are further pages, name their \
             parameter, such as --set page_parameter=page",
            records.count()
        ));
    }
    Ok(Inferred {
        choices,
        warnings,
        is_single: records.is_single,
        plan,
    })
}

/// Whether the number of the first page was inferred.
fn has_first_page(choices: &[LayoutChoice]) -> bool {
    choices.iter().any(|choice| choice.setting == "first_page")
}

/// The members of a request's body, by path.
fn add_parameters(body: &Value, path: &str, parameters: &mut Vec<(String, String)>) {
    for (key, value) in body.as_object().into_iter().flatten() {
        let path = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        match value {
            Value::Object(_) => add_parameters(value, &path, parameters),
            Value::String(text) => parameters.push((path, text.clone())),
            value => parameters.push((path, value.to_string())),
        }
    }
}

fn parse(response: &FirstResponse) -> Result<Value> {
    let body = response.body.strip_prefix(b"\xef\xbb\xbf");
    let error = match serde_json::from_slice(body.unwrap_or(&response.body)) {
        Ok(document) => return Ok(document),
        Err(error) => error,
    };
    Err(match &response.content_type {
        Some(content_type) => Failure::new(
            Exit::Failed,
            format!("the address does not return JSON but {}", content_type),
        )
        .hint("If it is the address of a file, use --as file. If it is that of a web page, look for its API."),
        None => Failure::new(Exit::Failed, "the first response is not valid JSON")
            .because(error)
            .hint("Look at the response with curl. If it is a file, use --as file."),
    }
    .into())
}

struct Choices<'a> {
    row: &'a mut Row,
    choices: Vec<LayoutChoice>,
}

impl Choices<'_> {
    /// Sets a column and reports it, unless the user set it.
    fn choose(&mut self, column: &'static str, value: impl Into<Value>, reason: &str) {
        let value = value.into();
        let shown = match &value {
            Value::String(text) if text.is_empty() => "\"\"".to_string(),
            Value::String(text) => text.escape_debug().to_string(),
            value => value.to_string(),
        };
        if self.row.add(column, value) {
            self.choices.push(LayoutChoice {
                setting: column,
                value: shown,
                reason: reason.into(),
                option: option(column),
            });
        }
    }

    /// Parameters of a POST request are in its body; those of GraphQL are in its variables.
    fn choose_body_parameters(&mut self) {
        let Some(Value::Object(body)) = self.row.get("body") else {
            return;
        };
        let is_graphql = body.get("query").is_some_and(Value::is_string);
        self.choose(
            "parameters_in",
            "body",
            "a request has a body, which --set names",
        );
        if !is_graphql {
            return;
        }
        self.choose("errors_at", "errors", "the body is a query of GraphQL");
        let in_variables = self
            .choices
            .iter_mut()
            .find(|choice| choice.setting == "cursor_parameter");
        if let Some(choice) = in_variables {
            let parameter = format!("variables.{}", choice.value);
            choice.value.clone_from(&parameter);
            choice.reason =
                "by convention for a query of GraphQL; the response does not name it".into();
            self.row.replace("cursor_parameter", parameter);
        }
    }
}

/// The option that overrides a choice.
fn option(column: &str) -> &'static str {
    match column {
        "records_at" => "--set records_at=PATH",
        "is_single_record" => "--set is_single_record=false",
        "count_at" => "--set count_at=PATH or null",
        "pagination" => "--set pagination=KIND",
        "next_at" => "--set next_at=PATH",
        "cursor_at" => "--set cursor_at=PATH",
        "cursor_parameter" => "--set cursor_parameter=NAME",
        "more_at" => "--set more_at=PATH or null",
        "pages_at" => "--set pages_at=PATH or null",
        "page_parameter" => "--set page_parameter=NAME",
        "first_page" => "--set first_page=NUMBER",
        "parameters_in" => "--set parameters_in=query",
        "errors_at" => "--set errors_at=PATH or null",
        _ => "--set COLUMN=VALUE",
    }
}

/// Fails if records would be missing.
fn require_complete(
    row: &Row,
    plan: &Plan,
    on_page: u64,
    count: Option<(String, u64)>,
) -> Result<()> {
    if row.text("pagination") == Some("cursor") && row.text("cursor_at").is_none() {
        let message = "pagination cursor needs the key of the cursor";
        return Err(Failure::new(Exit::Usage, message)
            .hint("Name it with --set cursor_at=PATH.")
            .into());
    }
    let Some((path, number)) = count else {
        return Ok(());
    };
    if plan.kind != "none" || row.text("pagination") != Some("none") || number <= on_page {
        return Ok(());
    }
    // The user may have named another count.
    if row.text("count_at") != Some(path.as_str()) {
        return Ok(());
    }
    let s = if on_page == 1 { "" } else { "s" };
    let message = format!(
        "could not find the further pages: \"{path}\" is {number}, but the response has {on_page} record{s}"
    );
    Err(Failure::new(Exit::Failed, message)
        .detail("Nothing in the response leads to another page.")
        .hint(
            "Name the parameter for the page, such as --set page_parameter=page, or --set pagination=offset --set \
             page_parameter=offset --set first_page=0. If that number is not the number of records, use --set count_at=null.",
        )
        .into())
}
