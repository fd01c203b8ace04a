//! The values that a user entered into the form of a row.

use super::{Pairs, shortened};
use crate::web::data::edit::{Field, Problems, Row, Table, Values, Widget};
use crate::web::form::given;
use crate::web::pages::listing::is_time;

pub(crate) struct Typed {
    pub(crate) values: Values,
    /// Columns whose "no value" checkbox is checked.
    pub(crate) emptied: Vec<String>,
    /// Problems found without the database.
    pub(crate) problems: Problems,
}

pub(super) fn writable(table: &Table, is_new: bool) -> impl Iterator<Item = &Field> {
    let fields = table.fields.iter();
    fields.filter(move |field| !field.is_read_only && (is_new || !field.is_key))
}

/// Whether an empty value is ambiguous: browsers send an empty value for an incomplete date or number.
pub(super) fn is_ambiguous(widget: Widget) -> bool {
    [
        Widget::Date,
        Widget::Time,
        Widget::Number,
        Widget::WholeNumber,
    ]
    .contains(&widget)
}

impl Typed {
    /// An empty input means null, or the default in a new row. `row` is the current row, `None` a new one.
    pub(crate) fn read(table: &Table, pairs: &Pairs, row: Option<&Row>) -> Typed {
        let mut typed = Typed {
            values: Values::new(),
            emptied: Vec::new(),
            problems: Problems::default(),
        };
        for field in writable(table, row.is_none()) {
            let name = format!("c.{}", field.name);
            if let Some((_, text)) = pairs.iter().find(|(key, _)| *key == name) {
                let is_emptied = !given(pairs, &format!("empty.{}", field.name)).is_empty();
                let now = row.and_then(|row| row.value(table, &field.name));
                typed.add(field, text, is_emptied, now, row.is_none());
            }
        }
        typed
    }

    /// `now`: the current value. The inner `None` is null.
    fn add(
        &mut self,
        field: &Field,
        text: &str,
        is_emptied: bool,
        now: Option<Option<&str>>,
        is_new: bool,
    ) {
        let mut text = text.replace("\r\n", "\n");
        // Browsers omit zero seconds.
        if field.widget() == Widget::Time && text.len() == 16 && is_time(&text) {
            text.push_str(":00");
        }
        let is_as_it_was =
            now.is_some_and(|now| now.unwrap_or_default().replace("\r\n", "\n") == text);
        if is_emptied {
            self.emptied.push(field.name.clone());
            if !text.is_empty() && !is_as_it_was {
                let message = "Enter a value or tick “no value”, not both.";
                self.problems.at(&field.name, message);
            } else {
                self.values.push((field.name.clone(), None));
                return;
            }
        }
        // An unchanged input keeps the value as it is: null, empty, or with its own line ends.
        if is_as_it_was && let Some(now) = now {
            self.values
                .push((field.name.clone(), now.map(String::from)));
            return;
        }
        if text.is_empty()
            && field.is_nullable
            && is_ambiguous(field.widget())
            && let Some(Some(now)) = now
        {
            let message = format!(
                "It was {}. Enter a value, or tick “no value” to remove it.",
                now.replacen('T', " ", 1)
            );
            self.problems.at(&field.name, message);
        }
        let value = match (text.is_empty(), field.is_nullable, field.has_default) {
            (false, ..) => Some(text),
            (true, false, true) if is_new => return,
            (true, false, _) if !is_new && field.is_text() => Some(text),
            (true, ..) => None,
        };
        self.values.push((field.name.clone(), value));
    }

    /// The title of the row according to the input.
    pub(super) fn title(&self, table: &Table) -> Option<String> {
        let title = table.title_column.as_ref()?;
        let (_, value) = self.values.iter().find(|(name, _)| name == title)?;
        value.as_deref().map(shortened)
    }
}
