//! The columns of a table as form fields.

use crate::web::data::catalogue::Relation;
use crate::web::data::listing::qualified;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// A column as a form field.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) type_name: String,
    /// Without length or precision.
    pub(crate) cast_name: String,
    category: String,
    pub(crate) description: String,
    pub(crate) is_nullable: bool,
    pub(crate) has_default: bool,
    pub(crate) default_sql: Option<String>,
    pub(crate) is_read_only: bool,
    pub(crate) is_key: bool,
    pub(crate) max_length: Option<i64>,
    /// Allowed values, from an enum or a check. Empty if any value is allowed.
    pub(crate) choices: Vec<String>,
    /// Table and column of the foreign key.
    pub(crate) refers_to: Option<(String, String)>,
}

/// The kind of input for a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Widget {
    Line,
    Lines,
    WholeNumber,
    Number,
    Date,
    Time,
    YesNo,
    Choice,
}

impl Field {
    pub(crate) fn widget(&self) -> Widget {
        if !self.choices.is_empty() {
            return Widget::Choice;
        }
        match (self.category.as_str(), self.type_name.as_str()) {
            ("boolean", _) => Widget::YesNo,
            (_, "bigint" | "integer" | "smallint") => Widget::WholeNumber,
            (_, "money") => Widget::Line,
            ("number", _) => Widget::Number,
            (_, "date") => Widget::Date,
            ("time", name) if name.starts_with("timestamp") => Widget::Time,
            ("text", _) if self.max_length.is_some() || self.is_key => Widget::Line,
            ("text", _) | (_, "json" | "jsonb" | "xml") => Widget::Lines,
            _ => Widget::Line,
        }
    }

    /// SQL for the value as forms show and compare it. Times have no fractions of a second.
    pub(crate) fn form_sql(&self) -> String {
        let name = qualified(&self.name);
        match self.widget() {
            Widget::Time => format!(
                "case when {} then to_char({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS') \
                 else {name}::text end",
                is_usual_time(&name)
            ),
            _ => format!("{name}::text"),
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        self.category == "text"
    }

    pub(crate) fn is_number(&self) -> bool {
        self.category == "number" && self.type_name != "money"
    }

    pub(crate) fn is_list(&self) -> bool {
        self.category == "list"
    }

    /// Whether it is required in a new row.
    pub(crate) fn is_required(&self) -> bool {
        !self.is_nullable && !self.has_default
    }
}

/// SQL condition that a time has a year of four digits, which to_char and date pickers need.
pub(crate) fn is_usual_time(name: &str) -> String {
    format!("isfinite({name}) and extract(year from {name}) between 1 and 9999")
}

pub(super) async fn fields(client: &Client, relation: &Relation) -> WebResult<Vec<Field>> {
    let sql = "select column_name, has_default, default_sql, is_read_only, max_length, choices, \
               referenced_table, referenced_column from elt.admin_column \
               where table_name = $1 order by place";
    let rows = client.query(sql, &[&relation.name]).await?;
    let fields = rows.iter().filter_map(|row| {
        let name: String = row.get(0);
        let column = relation.column(&name)?;
        Some(Field {
            type_name: column.type_name.clone(),
            cast_name: column.cast_name.clone(),
            category: column.category.clone(),
            description: column.description.clone(),
            is_nullable: column.is_nullable,
            has_default: row.get(1),
            default_sql: row.get(2),
            is_read_only: row.get(3),
            is_key: relation.key_columns.contains(&name),
            max_length: row.get(4),
            choices: row.get(5),
            refers_to: row.get::<_, Option<String>>(6).zip(row.get(7)),
            name,
        })
    });
    Ok(fields.collect())
}
