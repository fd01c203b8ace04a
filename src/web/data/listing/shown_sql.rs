//! The SQL of a list as users can read it and run it on the page `/sql`, with its values as literals.

use super::query::{Listing, qualified};
use super::request::Request;
use crate::web::data::catalogue::quote;

impl Listing<'_> {
    /// All rows of a request, in order. Only shown: pages send the values as parameters.
    pub(crate) fn shown_sql(&self, request: &Request) -> String {
        let columns: Vec<String> = request.columns.iter().map(|name| quote(name)).collect();
        let columns = match columns.as_slice() {
            [] => "*".into(),
            columns => columns.join(", "),
        };
        shown(self.select_in_order(request, &columns))
    }

    /// The values of a column with their numbers of rows.
    pub(crate) fn shown_facet_sql(&self, request: &Request, column: &str) -> String {
        let name = qualified(column);
        let (sql, values) = self.select(request, &format!("{name}, count(*)"));
        shown((
            format!("{sql} group by {name} order by count(*) desc, {name}"),
            values,
        ))
    }
}

fn shown((sql, values): (String, Vec<String>)) -> String {
    let values: Vec<Option<String>> = values.into_iter().map(Some).collect();
    with_literals(&sql, &values)
}

/// Replaces the parameters `$1`, `$2` of generated SQL, which has no other dollar signs before digits. `None` is null.
pub(crate) fn with_literals(sql: &str, values: &[Option<String>]) -> String {
    let mut parts = sql.split('$');
    let mut out: String = parts.next().unwrap_or_default().into();
    for part in parts {
        let digits = part.len()
            - part
                .trim_start_matches(|each: char| each.is_ascii_digit())
                .len();
        let place: Option<usize> = part[..digits].parse().ok();
        match place.and_then(|place| values.get(place.checked_sub(1)?)) {
            Some(value) => {
                out.push_str(&literal(value.as_deref()));
                out.push_str(&part[digits..]);
            }
            None => {
                out.push('$');
                out.push_str(part);
            }
        }
    }
    out
}

fn literal(value: Option<&str>) -> String {
    match value {
        Some(value) => format!("'{}'", value.replace('\'', "''")),
        None => "null".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_literals_once() {
        let values = [Some("it's $2".to_string()), None];
        assert_eq!(
            with_literals("a = $1::text and b = $2 and $3", &values),
            "a = 'it''s $2'::text and b = null and $3"
        );
    }
}
