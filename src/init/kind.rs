//! Types of columns.

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Bigint,
    Numeric,
    Double,
    Boolean,
    Date,
    /// Date and time without a zone.
    Timestamp,
    /// Date and time with a zone.
    Instant,
    Text,
    /// JSON objects and lists.
    Json,
}

impl Kind {
    pub(super) fn sql_type(self) -> &'static str {
        match self {
            Kind::Bigint => "bigint",
            Kind::Numeric => "numeric",
            Kind::Double => "double precision",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp",
            Kind::Instant => "timestamptz",
            Kind::Text => "text",
            Kind::Json => "jsonb",
        }
    }
}
