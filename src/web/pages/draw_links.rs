//! Links from the page of a table or view to charts of it.

use crate::web::auth::Account;
use crate::web::data::catalogue::{Column, Relation};
use crate::web::http::address::encoded;

/// The columns of a chart: the first one is the label, the next one with numbers is drawn.
pub(super) struct DrawLinks {
    /// Address of the page `/sql` with the chart.
    pub(super) draw: String,
    /// Address of the form that adds a chart of the whole view to the first page, for operators.
    pub(super) add: Option<String>,
}

impl DrawLinks {
    /// `sql_link`: the address of the query of the shown rows. `None` if there are no numbers to draw.
    pub(super) fn new(relation: &Relation, sql_link: &str, account: &Account) -> Option<DrawLinks> {
        let mut columns = relation.columns.iter();
        let label = columns.next()?;
        let value = columns.find(|column| column.category == "number")?;
        let kind = if label.category == "text" {
            "bars"
        } else {
            "columns"
        };
        // Every account sees the charts, and viewers must not read rejected records.
        let may_add = account.is_operator() && relation.name != "elt.reject";
        Some(DrawLinks {
            draw: format!("{sql_link}&chart={kind}"),
            add: may_add.then(|| form(relation, label, value, kind)),
        })
    }
}

fn form(relation: &Relation, label: &Column, value: &Column, kind: &str) -> String {
    let (_, name) = relation
        .name
        .split_once('.')
        .unwrap_or(("", &relation.name));
    let fields = [
        ("chart", name),
        ("kind", kind),
        ("title", name),
        ("relation", relation.name.as_str()),
        ("label_column", label.name.as_str()),
        ("value_column", value.name.as_str()),
        ("unit", value.name.as_str()),
    ];
    let fields = fields.map(|(field, text)| format!("c.{field}={}", encoded(text)));
    format!("/admin/elt.chart/add?{}", fields.join("&"))
}
