//! The ORDER BY clause of a listing.

use super::query::{Listing, qualified};
use super::request::Request;
use super::sort::Sort;

impl Listing<'_> {
    /// The columns that the rows are sorted by.
    pub(crate) fn order<'a>(&'a self, request: &'a Request) -> &'a [Sort] {
        match request.sort.as_slice() {
            [] => &self.usual_order,
            sorts => sorts,
        }
    }

    /// Whether the rows have an order that is known here. Otherwise a view defines its own.
    pub(super) fn has_order(&self, request: &Request) -> bool {
        !self.order(request).is_empty() || !self.relation.key_columns.is_empty()
    }

    /// The ORDER BY clause. The key or all sortable columns come last, so that the order is stable across pages.
    /// `is_reversed`: from the last row to the first.
    pub(super) fn order_by(&self, request: &Request, is_reversed: bool) -> String {
        if !self.has_order(request) {
            return String::new();
        }
        let relation = self.relation;
        let sorts = self.order(request);
        let is_new = |name: &String| sorts.iter().all(|sort| sort.column != *name);
        let last: Vec<&String> = match relation.key_columns.as_slice() {
            [] => {
                let sortable = relation.columns.iter().filter(|column| column.is_sortable);
                sortable.map(|column| &column.name).collect()
            }
            keys => keys.iter().collect(),
        };
        let sorted = sorts.iter().map(|sort| (&sort.column, sort.is_descending));
        let last = last.into_iter().filter(|name| is_new(name));
        let order = sorted.chain(last.map(|name| (name, false)));
        let order = order.map(|(name, is_descending)| {
            let is_nullable = relation
                .column(name)
                .is_none_or(|column| column.is_nullable);
            // Nulls are the last rows in both directions. Without `nulls`, an index can be used; only nullable columns
            // need it.
            let direction = match (is_descending, is_reversed) {
                (false, false) => "",
                (false, true) => " desc",
                (true, false) if is_nullable => " desc nulls last",
                (true, false) => " desc",
                (true, true) if is_nullable => " nulls first",
                (true, true) => "",
            };
            format!("{}{direction}", qualified(name))
        });
        format!(" order by {}", order.collect::<Vec<_>>().join(", "))
    }
}
