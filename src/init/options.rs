//! The user's choices about types and notations.

use super::date::DateOrder;
use super::kind::Kind;
use super::notation::Notation;

/// The user's choices about how values are read.
#[derive(Default)]
pub(crate) struct ReadingOptions {
    /// Decides about dates such as 1/2/2024.
    pub(crate) is_day_first: Option<bool>,
    /// Decides about numbers such as 12.345.
    pub(crate) has_decimal_comma: Option<bool>,
    /// The zone of times that have none.
    pub(crate) time_zone: Option<String>,
    /// Column names and their types.
    pub(crate) types: Vec<(String, Type)>,
}

/// What an address is that of.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(crate) enum ReadAs {
    File,
    Api,
}

/// A type that `--type` can name.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(crate) enum Type {
    Text,
    Bigint,
    Numeric,
    Double,
    Boolean,
    Date,
    Timestamp,
    Timestamptz,
}

impl Type {
    pub(super) fn kind(self) -> Kind {
        match self {
            Type::Text => Kind::Text,
            Type::Bigint => Kind::Bigint,
            Type::Numeric => Kind::Numeric,
            Type::Double => Kind::Double,
            Type::Boolean => Kind::Boolean,
            Type::Date => Kind::Date,
            Type::Timestamp => Kind::Timestamp,
            Type::Timestamptz => Kind::Instant,
        }
    }

    /// The notation of a column whose values fit none of this type.
    pub(super) fn usual_notation(self) -> Option<Notation> {
        match self {
            Type::Text => None,
            Type::Bigint => Some(Notation::Whole),
            Type::Numeric => Some(Notation::Free),
            Type::Double => Some(Notation::Double),
            Type::Boolean => Some(Notation::Boolean),
            Type::Date => Some(Notation::Date(DateOrder::Iso)),
            Type::Timestamp => Some(Notation::Timestamp(DateOrder::Iso)),
            Type::Timestamptz => Some(Notation::Instant),
        }
    }
}
