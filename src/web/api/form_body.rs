//! Values of a form that a program sends, such as `curl --data-urlencode name=lab`.

use super::ApiResult;
use crate::web::data::edit::{Problems, Table, Values};
use crate::web::form::Pairs;

/// The values as PostgreSQL text. An empty value is null, except for a text. A list is sent as several values of one
/// name. Read-only fields are ignored.
pub(super) fn values(table: &Table, pairs: &Pairs, is_new: bool) -> ApiResult<Values> {
    let mut values = Values::new();
    let mut problems = Problems::default();
    for (index, (name, value)) in pairs.iter().enumerate() {
        let Some(field) = table.field(name) else {
            problems.at(name, "There is no such field.");
            continue;
        };
        let is_repeated = pairs[..index].iter().any(|(other, _)| other == name);
        if field.is_read_only || (field.is_key && !is_new) || (field.is_list() && is_repeated) {
            continue;
        }
        if is_repeated {
            problems.at(name, "Send this field once.");
            continue;
        }
        let same = pairs.iter().filter(|(other, _)| other == name);
        let text = if value.is_empty() && !field.is_text() {
            None
        } else if field.is_list() {
            let items: Vec<String> = same.map(|(_, item)| quoted(item)).collect();
            Some(format!("{{{}}}", items.join(",")))
        } else {
            Some(value.clone())
        };
        values.push((name.clone(), text));
    }
    problems.into_result::<super::ApiError>()?;
    Ok(values)
}

/// An item of a PostgreSQL array.
pub(super) fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}
