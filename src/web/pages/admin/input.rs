//! An input of the form of a row.

use crate::web::data::catalogue;
use crate::web::data::edit::{Field, Widget};
use crate::web::data::listing::qualified;
use crate::web::data::pool::{Client, NO_VALUES};
use crate::web::error::WebResult;
use crate::web::pages::listing::{is_date, is_number, is_time, is_whole};

/// Largest number of referenced rows offered as choices. With more, the user types the value.
const OFFERED: usize = 200;

pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) is_required: bool,
    pub(crate) widget: Widget,
    pub(crate) value: String,
    pub(crate) max_length: Option<i64>,
    pub(crate) choices: Vec<String>,
    pub(crate) problems: Vec<String>,
    /// The value that another session has saved since.
    pub(crate) meanwhile: Option<String>,
    /// The form has a checkbox for "no value", because an empty picker can also mean an incomplete input.
    pub(crate) has_box: bool,
    pub(crate) is_emptied: bool,
    /// The browser puts the cursor here: into the first wrong input, else into the first.
    pub(crate) is_focused: bool,
}

impl Input {
    /// Type of the HTML element.
    pub(crate) fn kind(&self) -> &'static str {
        match self.widget {
            // Browsers count steps from the value, so it must be whole.
            Widget::WholeNumber if is_whole(&self.value) => "number",
            Widget::Number if is_number(&self.value) => "number",
            Widget::Date if is_date(&self.value) => "date",
            Widget::Time if is_time(&self.value) => "datetime-local",
            _ => "text",
        }
    }

    /// Limits of a picker: years with four digits.
    pub(crate) fn limits(&self) -> Option<(&'static str, &'static str)> {
        match self.kind() {
            "date" => Some(("0001-01-01", "9999-12-31")),
            "datetime-local" => Some(("0001-01-01T00:00:00", "9999-12-31T23:59:59")),
            _ => None,
        }
    }

    /// Whether the browser requires a value. An empty text is a value.
    pub(crate) fn must_be_filled(&self) -> bool {
        let is_text = [Widget::Line, Widget::Lines].contains(&self.widget);
        self.is_required && !is_text
    }

    /// The value with its invisible characters written out, if it has any.
    pub(crate) fn written_out(&self) -> Option<String> {
        crate::web::http::mark_invisible::written_out(&self.value)
    }

    /// Height of a text field.
    pub(crate) fn rows(&self) -> usize {
        self.value.lines().count().clamp(1, 20)
    }

    pub(crate) fn step(&self) -> &'static str {
        match self.widget {
            Widget::Number => "any",
            _ => "1",
        }
    }
}

/// The choices for a column that refers to another table or has a fixed set of values.
pub(crate) async fn choices(client: &Client, field: &Field) -> WebResult<(Widget, Vec<String>)> {
    let Some((referenced, column)) = &field.refers_to else {
        return Ok((field.widget(), field.choices.clone()));
    };
    let Ok(relation) = catalogue::relation(client, referenced).await else {
        return Ok((field.widget(), Vec::new()));
    };
    let sql = format!(
        "select {0}::text from {1} as listed order by {0} limit {2}",
        qualified(column),
        relation.quoted(),
        OFFERED + 1
    );
    let rows = client.query_text(&sql, NO_VALUES).await?;
    if rows.len() > OFFERED {
        Ok((field.widget(), Vec::new()))
    } else {
        Ok((Widget::Choice, rows.iter().map(|row| row.get(0)).collect()))
    }
}
