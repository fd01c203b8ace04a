//! The total order of a list, and the rows after or before a place in it. A page that begins at a place stays right
//! while rows are inserted and deleted, and is as fast as the first one if there is an index.

use super::conditions::Where;
use super::query::{Listing, qualified};
use super::request::Request;

/// The columns that order a list. The key or all sortable columns come last.
pub(crate) struct Order {
    columns: Vec<OrderColumn>,
    /// The order ends with the key, so no two rows have the same place.
    pub(crate) is_total: bool,
    forward: String,
    backward: String,
}

struct OrderColumn {
    name: String,
    /// The column's type, for casts.
    type_name: String,
    is_descending: bool,
    is_nullable: bool,
}

impl Order {
    pub(crate) fn new(listing: &Listing<'_>, request: &Request) -> Order {
        let relation = listing.relation;
        let has_key = !relation.key_columns.is_empty();
        let sorts = listing.order(request).iter();
        let mut order: Vec<(String, bool)> = sorts
            .map(|sort| (sort.column.clone(), sort.is_descending))
            .collect();
        if has_key {
            let keys = relation.key_columns.iter();
            order.extend(keys.map(|name| (name.clone(), false)));
        } else if !order.is_empty() {
            // A view without a requested order keeps its own.
            let sortable = relation.columns.iter().filter(|column| column.is_sortable);
            order.extend(sortable.map(|column| (column.name.clone(), false)));
        }
        let mut columns: Vec<OrderColumn> = Vec::new();
        for (name, is_descending) in order {
            if columns.iter().any(|column| column.name == name) {
                continue;
            }
            let column = relation.column(&name);
            columns.push(OrderColumn {
                type_name: column.map_or("text".into(), |column| column.cast_name.clone()),
                is_nullable: column.is_none_or(|column| column.is_nullable),
                is_descending,
                name,
            });
        }
        Order {
            columns,
            is_total: has_key,
            forward: listing.order_by(request, false),
            backward: listing.order_by(request, true),
        }
    }

    /// The ORDER BY clause, or an empty text.
    pub(crate) fn sql(&self, is_reversed: bool) -> &str {
        if is_reversed {
            &self.backward
        } else {
            &self.forward
        }
    }

    /// The order as in the parameter `ordering`.
    pub(crate) fn text(&self) -> String {
        let columns = self.columns.iter().map(|column| {
            let sign = if column.is_descending { "-" } else { "" };
            format!("{sign}{}", column.name)
        });
        columns.collect::<Vec<_>>().join(",")
    }

    /// SQL for the place of a row: the values of the ordering columns, as an array of text.
    pub(crate) fn place_sql(&self) -> String {
        let columns = self.columns.iter();
        let columns: Vec<String> = columns
            .map(|column| format!("{}::text", qualified(&column.name)))
            .collect();
        format!("array[{}]::text[]", columns.join(", "))
    }

    /// Adds the condition that a row is after a place, or before it. `None` if the place has another number of values.
    pub(crate) fn beyond(
        &self,
        place: &[Option<String>],
        is_before: bool,
        to: &mut Where,
    ) -> Option<()> {
        if place.len() != self.columns.len() {
            return None;
        }
        let mut same = Vec::new();
        let mut any = Vec::new();
        for (column, value) in self.columns.iter().zip(place) {
            let name = qualified(&column.name);
            let parameter = value.as_ref().map(|value| {
                to.values.push(value.clone());
                format!("${}::text::{}", to.values.len(), column.type_name)
            });
            let operator = if column.is_descending == is_before {
                ">"
            } else {
                "<"
            };
            let beyond = match (&parameter, is_before) {
                (Some(value), false) if column.is_nullable => {
                    Some(format!("({name} {operator} {value} or {name} is null)"))
                }
                (Some(value), _) => Some(format!("{name} {operator} {value}")),
                // Nulls are last: nothing comes after them.
                (None, false) => None,
                (None, true) => Some(format!("{name} is not null")),
            };
            if let Some(beyond) = beyond {
                let mut all = same.clone();
                all.push(beyond);
                any.push(format!("({})", all.join(" and ")));
            }
            same.push(match parameter {
                Some(value) => format!("{name} = {value}"),
                None => format!("{name} is null"),
            });
        }
        to.add(if any.is_empty() {
            "false".into()
        } else {
            format!("({})", any.join(" or "))
        });
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::data::catalogue::{Column, Relation};
    use crate::web::data::listing::Sort;

    fn relation() -> Relation {
        let column = |name: &str, is_nullable| Column {
            name: name.into(),
            type_name: "integer".into(),
            category: "number".into(),
            is_sortable: true,
            is_nullable,
            cast_name: "integer".into(),
            description: String::new(),
            words_function: None,
        };
        Relation {
            name: "public.x".into(),
            kind: "table".into(),
            description: String::new(),
            key_columns: vec!["k".into()],
            row_estimate: None,
            columns: vec![column("a", true), column("k", false)],
        }
    }

    fn by_a(is_descending: bool) -> Request {
        let column = "a".into();
        Request {
            sort: vec![Sort {
                column,
                is_descending,
            }],
            ..Request::default()
        }
    }

    #[test]
    fn the_reverse_of_an_order_reverses_nulls_too() {
        let relation = relation();
        let listing = Listing::new(&relation);
        let order = Order::new(&listing, &by_a(true));
        assert_eq!(order.text(), "-a,k");
        assert_eq!(
            order.sql(false),
            " order by listed.\"a\" desc nulls last, listed.\"k\""
        );
        assert_eq!(
            order.sql(true),
            " order by listed.\"a\" nulls first, listed.\"k\" desc"
        );
    }

    #[test]
    fn rows_after_a_place_follow_in_some_column() {
        let relation = relation();
        let listing = Listing::new(&relation);
        let order = Order::new(&listing, &by_a(false));
        let mut after = Where::default();
        order.beyond(&[Some("5".into()), Some("7".into())], false, &mut after);
        assert_eq!(
            after.sql(),
            " where (((listed.\"a\" > $1::text::integer or listed.\"a\" is null)) \
             or (listed.\"a\" = $1::text::integer and listed.\"k\" > $2::text::integer))"
        );
        let mut before = Where::default();
        order.beyond(&[None, Some("7".into())], true, &mut before);
        assert_eq!(
            before.sql(),
            " where ((listed.\"a\" is not null) or (listed.\"a\" is null and listed.\"k\" < $1::text::integer))"
        );
        assert!(order.beyond(&[None], true, &mut before).is_none());
    }
}
