//! The form that filters a list, and the filters that can be removed. The form's fields become parameters of the API.

use crate::web::api::extract::Params;
use crate::web::api::query::PARAMETERS;
use crate::web::data::catalogue::Relation;
use crate::web::data::listing::Operator;
use crate::web::http::address::encoded;

/// Parameters that name a place in the list. A list with other filters begins at its start.
const PLACES: [&str; 3] = ["page", "offset", "cursor"];

/// The form that searches and filters, and chooses fields.
pub(super) struct FilterForm {
    pub(super) columns: Vec<String>,
    /// Columns, and whether they are shown.
    pub(super) fields: Vec<(String, bool)>,
    pub(super) operators: [Operator; 8],
    pub(super) search: String,
    /// All parameters but places, as hidden fields; `search` and `fields` have fields of their own.
    pub(super) kept: Vec<(String, String)>,
    /// Filters and search as text, and the address without each.
    pub(super) chips: Vec<(String, String)>,
}

impl FilterForm {
    pub(super) fn new(relation: &Relation, params: &Params) -> FilterForm {
        let chosen = params.get("fields").unwrap_or_default();
        let chosen: Vec<&str> = chosen.split(',').filter(|name| !name.is_empty()).collect();
        let columns = relation.columns.iter();
        let names: Vec<String> = columns.map(|column| column.name.clone()).collect();
        let is_shown = |name: &String| chosen.is_empty() || chosen.contains(&name.as_str());
        let kept = params.0.iter();
        let kept = kept.filter(|(name, _)| !PLACES.contains(&name.as_str()));
        let chips = params.0.iter().enumerate();
        let chips =
            chips.filter(|(_, (name, _))| name == "search" || !PARAMETERS.contains(&name.as_str()));
        FilterForm {
            fields: names
                .iter()
                .map(|name| (name.clone(), is_shown(name)))
                .collect(),
            columns: names,
            operators: Operator::ALL,
            search: params.get("search").unwrap_or_default().into(),
            kept: kept.cloned().collect(),
            chips: chips
                .map(|(index, (name, value))| (format!("{name} = {value}"), without(params, index)))
                .collect(),
        }
    }

    /// The hidden fields of a form that has the fields in `names` itself.
    pub(super) fn hidden(&self, names: &[&str]) -> Vec<&(String, String)> {
        let kept = self.kept.iter();
        kept.filter(|(name, _)| !names.contains(&name.as_str()))
            .collect()
    }
}

/// Pairs as a query string.
pub(super) fn query(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The address of the list without one of the parameters.
fn without(params: &Params, index: usize) -> String {
    let pairs = params.0.iter().enumerate();
    let pairs =
        pairs.filter(|(each, (name, _))| *each != index && !PLACES.contains(&name.as_str()));
    let pairs: Vec<(String, String)> = pairs.map(|(_, pair)| pair.clone()).collect();
    format!("?{}", query(&pairs))
}

/// The address of the list in the order of a column, or in the reverse of it.
pub(super) fn ordered_by(params: &Params, column: &str) -> (String, &'static str) {
    let now = params.get("ordering").unwrap_or_default();
    let first = now.split(',').next().unwrap_or_default();
    let (order, sorted) = match first.strip_prefix('-') {
        Some(name) if name == column => (column.to_string(), "descending"),
        None if first == column => (format!("-{column}"), "ascending"),
        _ => (column.to_string(), "none"),
    };
    let pairs = params.0.iter();
    let mut pairs: Vec<(String, String)> = pairs
        .filter(|(name, _)| name != "ordering" && !PLACES.contains(&name.as_str()))
        .cloned()
        .collect();
    pairs.push(("ordering".into(), order));
    (format!("?{}", query(&pairs)), sorted)
}

/// The query string after the form was sent, `None` if it was not.
pub(super) fn chosen(params: &Params) -> Option<String> {
    let is_own = |name: &str| ["_column", "_op", "_value", "_field", "_fields"].contains(&name);
    if !params.0.iter().any(|(name, _)| is_own(name)) {
        return None;
    }
    let others = params.0.iter().filter(|(name, value)| {
        let is_empty = value.is_empty() && ["search", "fields"].contains(&name.as_str());
        !is_own(name) && !is_empty
    });
    let mut pairs: Vec<(String, String)> = others.cloned().collect();
    let fields = params.0.iter().filter(|(name, _)| name == "_field");
    let fields: Vec<&str> = fields.map(|(_, value)| value.as_str()).collect();
    if !fields.is_empty() {
        pairs.push(("fields".into(), fields.join(",")));
    }
    let operator = params.get("_op").and_then(Operator::parse);
    if let (Some(column), Some(operator)) = (params.get("_column"), operator) {
        let value = params.get("_value").unwrap_or_default();
        if !column.is_empty() {
            let name = format!("{column}__{}", operator.name());
            let is_bare = [Operator::Empty, Operator::NotEmpty].contains(&operator);
            let value = if is_bare { "true" } else { value };
            pairs.push((name, value.into()));
        }
    }
    Some(query(&pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params(serde_urlencoded::from_str(query).unwrap())
    }

    #[test]
    fn the_form_becomes_parameters() {
        let sent = |query: &str| chosen(&params(query));
        assert_eq!(sent("page=2&name=x"), None);
        assert_eq!(
            sent("search=&name=x&_column=end_time&_op=empty&_value=").unwrap(),
            "name=x&end_time__empty=true"
        );
        assert_eq!(
            sent("_fields=yes&_field=a&_field=b&fields=").unwrap(),
            "fields=a%2Cb"
        );
    }

    #[test]
    fn a_click_on_a_header_orders_and_then_reverses() {
        let order = |query: &str| ordered_by(&params(query), "a").0;
        assert_eq!(order("page=3&name=x"), "?name=x&ordering=a");
        assert_eq!(order("ordering=a"), "?ordering=-a");
        assert_eq!(order("ordering=-a,b"), "?ordering=a");
    }
}
