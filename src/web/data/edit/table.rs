//! A table of the admin, as elt.admin_table and PostgreSQL's catalogue describe it.

use crate::web::auth::Role;
use crate::web::data::catalogue::{self, Column, Relation};
use crate::web::data::listing::Listing;
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

/// A column as a form field.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) type_name: String,
    /// Without length or precision.
    pub(crate) cast_name: String,
    category: String,
    pub(crate) description: String,
    pub(crate) is_nullable: bool,
    pub(crate) has_default: bool,
    pub(crate) default_sql: Option<String>,
    pub(crate) is_read_only: bool,
    pub(crate) is_key: bool,
    pub(crate) max_length: Option<i64>,
    /// Allowed values, from an enum or a check. Empty if any value is allowed.
    pub(crate) choices: Vec<String>,
    /// Table and column of the foreign key.
    pub(crate) refers_to: Option<(String, String)>,
}

/// The kind of input for a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Widget {
    Line,
    Lines,
    WholeNumber,
    Number,
    Date,
    Time,
    YesNo,
    Choice,
}

impl Field {
    pub(crate) fn widget(&self) -> Widget {
        if !self.choices.is_empty() {
            return Widget::Choice;
        }
        match (self.category.as_str(), self.type_name.as_str()) {
            ("boolean", _) => Widget::YesNo,
            (_, "bigint" | "integer" | "smallint") => Widget::WholeNumber,
            (_, "money") => Widget::Line,
            ("number", _) => Widget::Number,
            (_, "date") => Widget::Date,
            ("time", name) if name.starts_with("timestamp") => Widget::Time,
            ("text", _) if self.max_length.is_some() || self.is_key => Widget::Line,
            ("text", _) | (_, "json" | "jsonb" | "xml") => Widget::Lines,
            _ => Widget::Line,
        }
    }

    /// SQL for the value as forms show and compare it. Times have no fractions of a second.
    pub(crate) fn form_sql(&self) -> String {
        let name = crate::web::data::listing::qualified(&self.name);
        match self.widget() {
            Widget::Time => format!(
                "case when {} then to_char({name}, 'YYYY-MM-DD\"T\"HH24:MI:SS') \
                 else {name}::text end",
                is_usual_time(&name)
            ),
            _ => format!("{name}::text"),
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        self.category == "text"
    }

    /// Whether it is required in a new row.
    pub(crate) fn is_required(&self) -> bool {
        !self.is_nullable && !self.has_default
    }
}

/// SQL condition that a time has a year of four digits, which to_char and date pickers need.
pub(crate) fn is_usual_time(name: &str) -> String {
    format!("isfinite({name}) and extract(year from {name}) between 1 and 9999")
}

impl Table {
    pub(crate) async fn find(client: &Client, name: &str) -> WebResult<Arc<Table>> {
        if let Some(table) = client.known.of().get(name) {
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
            role: Role::of(row.get(0)),
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
        Ok(client.known.of().keep(name, table))
    }

    /// The name in addresses. Schema `public` is omitted.
    pub(crate) fn short_name(&self) -> &str {
        short(&self.relation.name)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The columns of the list.
    pub(crate) fn listed(&self) -> Vec<&Column> {
        let all = self.relation.columns.iter();
        if self.list_columns.is_empty() {
            return all.collect();
        }
        self.list_columns
            .iter()
            .filter_map(|name| self.relation.column(name))
            .collect()
    }

    pub(crate) fn listing(&self) -> Listing<'_> {
        let texts = || {
            let texts = self.relation.columns.iter();
            texts
                .filter(|column| column.category == "text")
                .map(|column| column.name.clone())
                .collect()
        };
        let searched = match self.search_columns.is_empty() {
            true => texts(),
            false => self.search_columns.clone(),
        };
        Listing {
            searched,
            usual_order: self.order_by.clone().map(|name| (name, self.is_descending)),
            date_column: self.date_column.clone(),
            ..Listing::of(&self.relation)
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

async fn fields(client: &Client, relation: &Relation) -> WebResult<Vec<Field>> {
    let sql = "select column_name, has_default, default_sql, is_read_only, max_length, choices, \
               referenced_table, referenced_column from elt.admin_column \
               where table_name = $1 order by place";
    let rows = client.query(sql, &[&relation.name]).await?;
    let fields = rows.iter().filter_map(|row| {
        let name: String = row.get(0);
        let column = relation.column(&name)?;
        Some(Field {
            type_name: column.type_name.clone(),
            cast_name: column.cast_name.clone(),
            category: column.category.clone(),
            description: column.description.clone(),
            is_nullable: column.is_nullable,
            has_default: row.get(1),
            default_sql: row.get(2),
            is_read_only: row.get(3),
            is_key: relation.key_columns.contains(&name),
            max_length: row.get(4),
            choices: row.get(5),
            refers_to: row.get::<_, Option<String>>(6).zip(row.get(7)),
            name,
        })
    });
    Ok(fields.collect())
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
            role: Role::of(row.get(1)),
            may_add: row.get(2),
            may_change: row.get(3),
            may_delete: row.get(4),
            description: row.get(5),
        }
    });
    Ok(tables.collect())
}
