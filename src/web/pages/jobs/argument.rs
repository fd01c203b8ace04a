//! An argument of a kind of job (elt.job_argument), and its input in the form that starts a job.

use crate::history::{TIME_BOUNDS, TIME_FORMS};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::Pairs;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Number, Value, json};

pub(super) struct Argument {
    pub(super) name: String,
    /// A type of elt.job_argument.
    pub(super) type_name: String,
    pub(super) is_list: bool,
    pub(super) is_required: bool,
    /// `None` if any value is allowed.
    pub(super) choices: Option<Vec<String>>,
    pub(super) default: Option<Value>,
    pub(super) description: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Widget {
    /// A checkbox for each choice.
    Boxes,
    Choice,
    /// Several lines: a list has one value in each.
    Lines,
    Line,
}

/// A field of the form.
pub(super) struct Input {
    pub(super) argument: Argument,
    /// What the user typed, one text for each value.
    pub(super) typed: Vec<String>,
    /// What is wrong with it, or an empty text.
    pub(super) problem: String,
}

impl Argument {
    /// The described arguments of a kind, in their order.
    pub(super) async fn read(client: &Client, kind: &str) -> WebResult<Vec<Argument>> {
        let sql = "select argument, type, is_list, is_required, elt.job_argument_choices(kind, argument), \
                   default_value, description from elt.job_argument where kind = $1 order by place, argument";
        let rows = client.query(sql, &[&kind]).await?;
        let arguments = rows.iter().map(|row| Argument {
            name: row.get(0),
            type_name: row.get(1),
            is_list: row.get(2),
            is_required: row.get(3),
            choices: row.get(4),
            default: row.get(5),
            description: row.get(6),
        });
        Ok(arguments.collect())
    }

    /// A field of the form that is not an argument of the kind. Names of arguments do not begin with `_`.
    pub(super) fn extra(
        name: &str,
        type_name: &str,
        default: Value,
        description: &str,
    ) -> Argument {
        Argument {
            name: name.into(),
            type_name: type_name.into(),
            is_list: false,
            is_required: false,
            choices: None,
            default: Some(default).filter(|value| !value.is_null()),
            description: description.into(),
        }
    }

    /// The input with its default.
    pub(super) fn untouched(self) -> Input {
        let typed = match &self.default {
            Some(Value::Array(values)) => values.iter().map(plain).collect(),
            Some(value) => vec![plain(value)],
            None => Vec::new(),
        };
        Input {
            argument: self,
            typed,
            problem: String::new(),
        }
    }

    /// The input with what the user sent.
    pub(super) fn sent(self, fields: &Pairs) -> Input {
        let name = format!("c.{}", self.name);
        let values = fields.iter().filter(|(key, _)| *key == name);
        let values = values.map(|(_, value)| value.replace("\r\n", "\n"));
        let typed = match self.is_list {
            true => values
                .flat_map(|value| {
                    value
                        .lines()
                        .map(|line| line.trim().into())
                        .collect::<Vec<_>>()
                })
                .collect(),
            false => values.take(1).collect(),
        };
        Input {
            argument: self,
            typed,
            problem: String::new(),
        }
    }

    fn value(&self, text: &str) -> Result<Value, String> {
        let text_value = || Value::String(text.into());
        Ok(match self.type_name.as_str() {
            "integer" => text.trim().parse::<i64>().map_or(text_value(), Value::from),
            "number" => text
                .trim()
                .parse::<Number>()
                .map_or(text_value(), Value::Number),
            "boolean" => match text {
                "true" => json!(true),
                "false" => json!(false),
                _ => text_value(),
            },
            "json" => {
                serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?
            }
            _ => text_value(),
        })
    }
}

impl Input {
    /// The value, or `None` if the field is empty. Notes what is wrong. Whether the value is of the argument's type is
    /// checked by the database (elt.job_argument_problems).
    pub(super) async fn read(&mut self, client: &Client) -> WebResult<Option<Value>> {
        let mut values = Vec::new();
        for text in self.typed.iter().filter(|text| !text.trim().is_empty()) {
            if text.contains('\0') {
                self.problem = "This contains a character that is not allowed in text.".into();
                return Ok(None);
            }
            let value = match self.argument.type_name.as_str() {
                "time" => time(client, text).await?,
                _ => self.argument.value(text),
            };
            match value {
                Ok(value) => values.push(value),
                Err(problem) => {
                    self.problem = problem;
                    return Ok(None);
                }
            }
        }
        Ok(match self.argument.is_list {
            true if values.is_empty() => None,
            true => Some(Value::Array(values)),
            false => values.pop(),
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.argument.name
    }

    pub(super) fn label(&self) -> String {
        self.argument.name.trim_start_matches('_').replace('_', " ")
    }

    pub(super) fn widget(&self) -> Widget {
        let is_choice = self.argument.choices.is_some() || self.argument.type_name == "boolean";
        match (is_choice, self.argument.is_list) {
            (true, true) => Widget::Boxes,
            (true, false) => Widget::Choice,
            (false, is_list) if is_list || self.argument.type_name == "json" => Widget::Lines,
            _ => Widget::Line,
        }
    }

    /// Values and labels of the choices.
    pub(super) fn choices(&self) -> Vec<(&str, &str)> {
        match &self.argument.choices {
            Some(choices) => choices
                .iter()
                .map(|choice| (choice.as_str(), choice.as_str()))
                .collect(),
            None => vec![("true", "yes"), ("false", "no")],
        }
    }

    pub(super) fn has(&self, choice: &str) -> bool {
        self.typed.iter().any(|value| value == choice)
    }

    /// The typed values that are no choice. They stay in the form.
    pub(super) fn other_values(&self) -> Vec<&str> {
        let choices = self.choices();
        let typed = self.typed.iter().map(String::as_str);
        typed
            .filter(|value| !value.is_empty() && !choices.iter().any(|(choice, _)| choice == value))
            .collect()
    }

    /// The text of the field.
    pub(super) fn text(&self) -> String {
        self.typed.join("\n")
    }

    /// Type of the HTML element. A picker would drop a value that it cannot show.
    pub(super) fn kind(&self) -> &'static str {
        let text = self.text();
        let is_shown = |is_valid: bool| text.is_empty() || is_valid;
        let is_time = |form| NaiveDateTime::parse_from_str(&text, form).is_ok();
        match self.argument.type_name.as_str() {
            "integer" if is_shown(text.parse::<i64>().is_ok()) => "number",
            "number" if is_shown(text.parse::<Number>().is_ok()) => "number",
            "date" if is_shown(NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok()) => "date",
            "time" if is_shown(is_time("%Y-%m-%dT%H:%M") || is_time("%Y-%m-%dT%H:%M:%S")) => {
                "datetime-local"
            }
            _ => "text",
        }
    }

    pub(super) fn is_time(&self) -> bool {
        self.argument.type_name == "time"
    }

    pub(super) fn step(&self) -> &'static str {
        match self.argument.type_name.as_str() {
            "number" => "any",
            _ => "1",
        }
    }
}

/// A time in the time zone of the account, unless it names its own, as text with its zone.
async fn time(client: &Client, text: &str) -> WebResult<Result<Value, String>> {
    let row = client
        .query_one(
            TIME_BOUNDS,
            &[&text, &None::<String>, &client.zone().name()],
        )
        .await?;
    let found: Option<DateTime<Utc>> = row.get(0);
    Ok(match found {
        Some(found) => Ok(json!(found.format("%Y-%m-%dT%H:%M:%SZ").to_string())),
        None => Err(format!("Write {TIME_FORMS}.")),
    })
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argument(type_name: &str, is_list: bool) -> Argument {
        Argument {
            is_list,
            ..Argument::extra("x", type_name, Value::Null, "")
        }
    }

    #[test]
    fn typed_text_becomes_json_of_the_type() {
        let value = |type_name: &str, text: &str| argument(type_name, false).value(text);
        assert_eq!(value("integer", " 7 "), Ok(json!(7)));
        assert_eq!(value("number", "1.5"), Ok(json!(1.5)));
        assert_eq!(value("boolean", "true"), Ok(json!(true)));
        assert_eq!(value("text", "7"), Ok(json!("7")));
        // The database says what is wrong with these.
        assert_eq!(value("integer", "seven"), Ok(json!("seven")));
        assert_eq!(value("boolean", "maybe"), Ok(json!("maybe")));
        assert!(value("json", "{").is_err());
    }

    #[test]
    fn a_list_has_a_value_in_each_line() {
        let fields = vec![("c.x".to_string(), "a\r\n b \r\n\r\n".to_string())];
        let input = argument("text", true).sent(&fields);
        assert_eq!(input.typed, ["a", "b", ""]);
        assert_eq!(input.widget(), Widget::Lines);
    }

    #[test]
    fn a_picker_gets_only_values_that_it_can_show() {
        let kind = |type_name: &str, text: &str| {
            let fields = vec![("c.x".to_string(), text.to_string())];
            argument(type_name, false).sent(&fields).kind()
        };
        assert_eq!(kind("integer", "7"), "number");
        assert_eq!(kind("integer", "seven"), "text");
        assert_eq!(kind("time", "2026-11-30T10:00"), "datetime-local");
        assert_eq!(kind("time", "soon"), "text");
        assert_eq!(kind("date", ""), "date");
    }
}
