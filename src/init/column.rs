//! A column of a file: how it is called in SQL, where its text is, and what its values are.

/// What all values of a column are; text if nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Bigint,
    Numeric,
    Boolean,
    Date,
    Timestamp,
    Text,
    /// Objects and lists.
    Json,
}

impl Kind {
    pub(super) fn sql_type(self) -> &'static str {
        match self {
            Kind::Bigint => "bigint",
            Kind::Numeric => "numeric",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Timestamp => "timestamptz",
            Kind::Text => "text",
            Kind::Json => "jsonb",
        }
    }

    /// The function that reads it from text.
    fn function(self) -> &'static str {
        match self {
            Kind::Bigint => "elt.bigint_value",
            Kind::Numeric => "elt.numeric_value",
            Kind::Boolean => "elt.boolean_value",
            Kind::Date => "elt.date_value",
            Kind::Timestamp => "elt.timestamp_value",
            Kind::Text | Kind::Json => "elt.text_value",
        }
    }
}

pub(super) struct Column {
    /// An identifier, quoted where it has to be.
    pub(super) name: String,
    /// Of the same value as text, beside one that is no text.
    pub(super) text_name: String,
    /// As it stands in the header or the documents.
    pub(super) original: String,
    /// Its own column of the staging table; None where it is in `_extra` or in a document.
    pub(super) staged: Option<String>,
    /// Its raw text, in SQL.
    pub(super) raw: String,
    pub(super) kind: Kind,
}

impl Column {
    /// Of a document or `_extra`, by key; or of a staging column of its own.
    pub(super) fn new(
        name: &str,
        original: &str,
        container: &str,
        staged: bool,
        kind: Kind,
    ) -> Column {
        let key = original.replace('\'', "''");
        let own = quoted(&original.to_ascii_lowercase());
        Column {
            name: identifier(name),
            text_name: identifier(&format!("{name}_text")),
            original: original.to_string(),
            raw: match staged {
                true => format!("staged.{own}"),
                false if kind == Kind::Json => format!("staged.{container} -> '{key}'"),
                false => format!("staged.{container} ->> '{key}'"),
            },
            staged: staged.then_some(own),
            kind,
        }
    }

    /// Its value, in SQL.
    pub(super) fn typed(&self) -> String {
        match self.kind {
            // The null of a document is a missing value.
            Kind::Json => format!("nullif({}, 'null')", self.raw),
            kind => format!("{}({})", kind.function(), self.raw),
        }
    }

    /// Whether its text is kept beside the value, since that may be null for another reason.
    pub(super) fn has_text(&self) -> bool {
        !matches!(self.kind, Kind::Text | Kind::Json)
    }

    pub(super) fn name_literal(&self) -> String {
        self.name.trim_matches('"').to_string()
    }

    pub(super) fn comment(&self) -> String {
        let original = self.original.replace('\'', "''");
        match self.kind {
            Kind::Text | Kind::Json => {
                format!("{original}, as it came, trimmed; null when it is missing.")
            }
            _ => format!("{original}; null when it is missing or cannot be read."),
        }
    }
}

/// Words that PostgreSQL takes for something else unless they are quoted: those of
/// `pg_get_keywords()` that it calls reserved, whether or not they may be functions or types.
const RESERVED: &str = " all analyse analyze and any array as asc asymmetric authorization binary both \
    case cast check collate collation column concurrently constraint create cross current_catalog \
    current_date current_role current_schema current_time current_timestamp current_user default \
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant group \
    having ilike in initially inner intersect into is isnull join lateral leading left like limit \
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing \
    primary references returning right select session_user similar some symmetric system_user table \
    tablesample then to trailing true union unique user using variadic verbose when where window with ";

pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&format!(" {name} "))
}

/// A name of ours in SQL.
fn identifier(name: &str) -> String {
    match is_reserved(name) {
        true => quoted(name),
        false => name.to_string(),
    }
}

/// Any name in SQL.
fn quoted(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
        && !is_reserved(name);
    match is_plain {
        true => name.to_string(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// `Order ID`, `orderId`: `order_id`. Empty if no letter or digit is left.
pub(super) fn snake_case(text: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for each in text.chars() {
        if each.is_ascii_uppercase() && before.is_ascii_lowercase() {
            name.push('_');
        }
        match each.is_ascii_alphanumeric() {
            true => name.push(each.to_ascii_lowercase()),
            false if !name.ends_with('_') => name.push('_'),
            false => {}
        }
        before = each;
    }
    name.trim_matches('_').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        let names = ["Order ID", "orderId", "  Größe (cm) ", "2nd", "___", "IDs"].map(snake_case);
        assert_eq!(names, ["order_id", "order_id", "gr_e_cm", "2nd", "", "ids"]);
        assert_eq!(quoted("order"), "\"order\"");
        assert_eq!(quoted("Größe\""), "\"Größe\"\"\"");
        assert_eq!(quoted("size_cm"), "size_cm");
    }
}
