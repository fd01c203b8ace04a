//! The query string of a list: `?ordering=-start_time,name&fields=name&search=lab&name__has=x&page=2`. Every parameter
//! has an effect or is refused.

use super::extract::Params;
use super::paging::Paging;
use super::{ApiError, ApiResult};
use crate::web::data::catalogue::Relation;
use crate::web::data::edit::Problems;
use crate::web::data::listing::{Filter, Listing, Operator, Request, Sort, add_sort};
use crate::web::data::pool::Client;

/// Parameters that are not filters. A column of such a name is filtered with `NAME__is`.
pub(super) const PARAMETERS: [&str; 9] = [
    "page",
    "page_size",
    "limit",
    "offset",
    "cursor",
    "ordering",
    "fields",
    "search",
    "format",
];

const NOT_TEXT: &str = "This contains a character that is not allowed in text.";

/// The parsed query string of a list.
#[derive(Debug)]
pub(super) struct ListQuery {
    /// Search, filters and order.
    pub(super) request: Request,
    /// The parameter name of each filter, in order.
    names: Vec<String>,
    /// Columns to return. Empty for all.
    pub(super) fields: Vec<String>,
    pub(super) paging: Paging,
}

impl ListQuery {
    /// `sizes`: the usual and the largest number of records of a page.
    pub(super) fn parse(
        params: &Params,
        relation: &Relation,
        sizes: (i64, i64),
    ) -> ApiResult<ListQuery> {
        let mut problems = Problems::default();
        let mut query = ListQuery {
            request: Request {
                page: 1,
                ..Request::default()
            },
            names: Vec::new(),
            fields: Vec::new(),
            paging: Paging::parse(params, sizes, &mut problems)?,
        };
        for (index, (name, value)) in params.0.iter().enumerate() {
            let is_parameter = PARAMETERS.contains(&name.as_str());
            // A name that contains a comma is a parameter of its own.
            let is_list = ["ordering", "fields"].contains(&name.as_str());
            if is_parameter && !is_list && params.0[..index].iter().any(|(other, _)| other == name)
            {
                problems.at(name, "Send this parameter once.");
                continue;
            }
            match name.as_str() {
                "search" if value.contains('\0') => problems.at(name, NOT_TEXT),
                "search" => query.request.search = value.trim().into(),
                "ordering" | "fields" if has_empty_name(relation, value) => {
                    problems.at(name, "A name between commas is empty.");
                }
                "ordering" => {
                    let sorts = Sort::parse_all(value, relation);
                    let added = sorts.and_then(|sorts| {
                        let mut sorts = sorts.into_iter();
                        sorts.try_for_each(|sort| add_sort(&mut query.request.sort, sort))
                    });
                    if let Err(message) = added {
                        problems.at(name, message);
                    }
                }
                "fields" => query.fields.extend(fields(relation, value, &mut problems)),
                _ if is_parameter => {}
                _ => match filter(relation, name, value) {
                    Ok(filter) => {
                        query.names.push(name.clone());
                        query.request.filters.push(filter);
                    }
                    Err(message) => problems.at(name, message),
                },
            }
        }
        query.request.require_few_filters()?;
        problems.into_result::<ApiError>()?;
        Ok(query)
    }

    /// Reports invalid values by parameter.
    pub(super) async fn require_valid(
        &self,
        client: &Client,
        listing: &Listing<'_>,
    ) -> ApiResult<()> {
        let wrong = listing.check(client, &self.request).await?;
        let mut problems = Problems::default();
        for (index, message) in &wrong.filters {
            problems.at(&self.names[*index], message);
        }
        if let Some(message) = wrong.search {
            problems.at("search", message);
        }
        problems.into_result()
    }
}

/// Whether a list of columns has an empty name, as in `name,,start_time`.
fn has_empty_name(relation: &Relation, value: &str) -> bool {
    let mut names = value.split(',').map(|name| name.trim_start_matches('-'));
    let is_column = relation.column(value.trim_start_matches('-')).is_some();
    !value.is_empty() && !is_column && names.any(str::is_empty)
}

/// Parses `a,b`.
pub(super) fn fields(relation: &Relation, value: &str, problems: &mut Problems) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    let names: Vec<&str> = match relation.column(value) {
        Some(_) => vec![value],
        None if value.is_empty() => Vec::new(),
        None => value.split(',').collect(),
    };
    for name in names {
        if relation.column(name).is_none() {
            let columns = relation.columns.iter();
            let known: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
            let message = format!("There is no field {name}. Known: {}.", known.join(", "));
            problems.at("fields", message);
        } else if !fields.iter().any(|field| field == name) {
            fields.push(name.into());
        }
    }
    fields
}

/// The filter of a parameter: `COLUMN=value` or `COLUMN__OPERATOR=value`.
fn filter(relation: &Relation, name: &str, value: &str) -> Result<Filter, &'static str> {
    const UNKNOWN: &str = "There is no such parameter or filter.";
    let (column, operator) = match relation.column(name) {
        Some(_) => (name, Operator::Is),
        None => {
            let (column, operator) = name.rsplit_once("__").ok_or(UNKNOWN)?;
            (column, Operator::parse(operator).ok_or(UNKNOWN)?)
        }
    };
    let column = relation.column(column).ok_or(UNKNOWN)?;
    let is_text = column.category == "text" || operator == Operator::Has;
    if is_text && value.contains('\0') {
        return Err(NOT_TEXT);
    }
    let operator = match operator {
        Operator::Empty | Operator::NotEmpty => presence(operator, value)?,
        other => other,
    };
    Ok(Filter {
        column: column.name.clone(),
        operator,
        value: value.into(),
    })
}

/// `end_time__empty=false` means not empty. Without a value it means empty.
fn presence(operator: Operator, value: &str) -> Result<Operator, &'static str> {
    match (value.to_ascii_lowercase().as_str(), operator) {
        ("" | "true" | "1" | "yes", operator) => Ok(operator),
        ("false" | "0" | "no", Operator::Empty) => Ok(Operator::NotEmpty),
        ("false" | "0" | "no", _) => Ok(Operator::Empty),
        _ => Err("Send true or false."),
    }
}
