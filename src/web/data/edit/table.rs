//! A table of the admin, as elt.admin_table and PostgreSQL's catalogue describe it.

use super::field::{Field, fields};
use crate::web::auth::Role;
use crate::web::data::catalogue::{self, Relation};
use crate::web::data::listing::{Listing, Sort};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use std::sync::Arc;

pub(crate) struct Table {
    pub(crate) relation: Arc<Relation>,
    /// The role that is needed for changes.
    pub(crate) role: Role,
    pub(crate) may_add: bool,
    pub(crate) may_change: bool,
    pub(crate) may_delete: bool,
    pub(crate) list_columns: Vec<String>,
    search_columns: Vec<String>,
    pub(crate) filter_columns: Vec<String>,
    date_column: Option<String>,
    pub(crate) title_column: Option<String>,
    order_by: Option<String>,
    is_descending: bool,
    /// Name of the job argument that identifies a row.
    pub(crate) job_argument: Option<String>,
    /// One per column of the relation, in its order.
    pub(crate) fields: Vec<Field>,
}

impl Table {
    pub(crate) async fn find(client: &Client, name: &str) -> WebResult<Arc<Table>> {
        if let Some(table) = client.caches.for_type().get(name) {
            return Ok(table);
        }
        let sql = "select role, may_add, may_change, may_delete, list_columns, search_columns, \
                   filter_columns, date_column, title_column, order_by, is_descending, job_argument \
                   from elt.admin_table where table_name = $1";
        let row = client.query_opt(sql, &[&name]).await?;
        let row = row.ok_or(WebError::NotFound)?;
        let relation = catalogue::relation(client, name).await?;
        let fields = fields(client, &relation).await?;
        let has_key = !relation.key_columns.is_empty();
        let table = Table {
            role: Role::parse(row.get(0)),
            may_add: row.get(1),
            // Without a key, a row has no address.
            may_change: row.get::<_, bool>(2) && has_key,
            may_delete: row.get::<_, bool>(3) && has_key,
            list_columns: existing(row.get(4), &relation),
            search_columns: existing(row.get(5), &relation),
            filter_columns: existing(row.get(6), &relation),
            date_column: one_existing(row.get(7), &relation),
            title_column: one_existing(row.get(8), &relation),
            order_by: one_existing(row.get(9), &relation),
            is_descending: row.get(10),
            job_argument: row.get(11),
            fields,
            relation,
        };
        Ok(client.caches.for_type().keep(name, table))
    }

    /// The name in addresses. Schema `public` is omitted.
    pub(crate) fn short_name(&self) -> &str {
        short(&self.relation.name)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The columns of the list.
    pub(crate) fn listed(&self) -> Vec<String> {
        match self.list_columns.as_slice() {
            [] => self.relation.column_names(),
            columns => columns.to_vec(),
        }
    }

    fn sort(&self, column: &str) -> Sort {
        Sort {
            column: column.into(),
            is_descending: self.is_descending,
        }
    }

    pub(crate) fn listing(&self) -> Listing<'_> {
        let texts = || {
            let texts = self.relation.columns.iter();
            texts
                .filter(|column| column.category == "text")
                .map(|column| column.name.clone())
                .collect()
        };
        let searched = if self.search_columns.is_empty() {
            texts()
        } else {
            self.search_columns.clone()
        };
        Listing {
            searched,
            usual_order: self.order_by.iter().map(|name| self.sort(name)).collect(),
            date_column: self.date_column.clone(),
            ..Listing::new(&self.relation)
        }
    }
}

/// Removes columns that a migration has dropped since they were configured.
fn existing(names: Vec<String>, relation: &Relation) -> Vec<String> {
    let names = names.into_iter();
    names
        .filter(|name| relation.column(name).is_some())
        .collect()
}

fn one_existing(name: Option<String>, relation: &Relation) -> Option<String> {
    name.filter(|name| relation.column(name).is_some())
}

fn short(name: &str) -> &str {
    name.strip_prefix("public.").unwrap_or(name)
}

/// A table as the admin's first page lists it.
pub(crate) struct Registered {
    pub(crate) short_name: String,
    pub(crate) description: String,
    pub(crate) role: Role,
    pub(crate) may_add: bool,
    pub(crate) may_change: bool,
    pub(crate) may_delete: bool,
}

/// All registered tables that exist, in their order.
pub(crate) async fn tables(client: &Client) -> WebResult<Vec<Registered>> {
    let sql = "select table_name, role, may_add, may_change, may_delete, relation.description \
               from elt.admin_table inner join elt.relation \
               on admin_table.table_name = format('%s.%s', relation.schema_name, relation.relation_name) \
               order by place, table_name";
    let rows = client.query(sql, &[]).await?;
    let tables = rows.iter().map(|row| {
        let name: String = row.get(0);
        Registered {
            short_name: short(&name).into(),
            role: Role::parse(row.get(1)),
            may_add: row.get(2),
            may_change: row.get(3),
            may_delete: row.get(4),
            description: row.get(5),
        }
    });
    Ok(tables.collect())
}
