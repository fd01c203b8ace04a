//! A filter of a list: a column, an operator and a value.

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filter {
    pub(crate) column: String,
    pub(crate) operator: Operator,
    pub(crate) value: String,
}

impl Filter {
    /// The name in addresses: `f.month.gte`.
    pub(crate) fn name(&self) -> String {
        format!("f.{}.{}", self.column, self.operator.name())
    }

    /// Whether it is an alternative to other such filters of its column.
    pub(crate) fn is_alternative(&self) -> bool {
        matches!(self.operator, Operator::Is | Operator::Empty)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operator {
    Is,
    IsNot,
    Has,
    AtLeast,
    AtMost,
    Below,
    Empty,
    NotEmpty,
}

impl Operator {
    pub(crate) const ALL: [Operator; 8] = [
        Operator::Is,
        Operator::IsNot,
        Operator::Has,
        Operator::AtLeast,
        Operator::AtMost,
        Operator::Below,
        Operator::Empty,
        Operator::NotEmpty,
    ];

    /// The name in addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Operator::Is => "is",
            Operator::IsNot => "not",
            Operator::Has => "has",
            Operator::AtLeast => "gte",
            Operator::AtMost => "lte",
            Operator::Below => "lt",
            Operator::Empty => "empty",
            Operator::NotEmpty => "filled",
        }
    }

    /// The name on pages.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Operator::Is => "is",
            Operator::IsNot => "is not",
            Operator::Has => "contains",
            Operator::AtLeast => "is at least",
            Operator::AtMost => "is at most",
            Operator::Below => "is below",
            Operator::Empty => "is empty",
            Operator::NotEmpty => "is not empty",
        }
    }

    /// The SQL operator between the column and the value. `None` if there is no such comparison.
    pub(crate) fn sql(self) -> Option<&'static str> {
        match self {
            Operator::Is => Some("="),
            Operator::IsNot => Some("is distinct from"),
            Operator::AtLeast => Some(">="),
            Operator::AtMost => Some("<="),
            Operator::Below => Some("<"),
            Operator::Has | Operator::Empty | Operator::NotEmpty => None,
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Operator> {
        Operator::ALL.into_iter().find(|each| each.name() == name)
    }
}
