//! Tables and views as PostgreSQL's catalogue describes them (elt.relation, elt.relation_column).

use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Relation {
    /// `schema.name`.
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) description: String,
    pub(crate) key_columns: Vec<String>,
    pub(crate) row_estimate: Option<i64>,
    pub(crate) columns: Vec<Column>,
}

#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// The type as in `create table`.
    pub(crate) type_name: String,
    /// The type without length or precision, so that a cast does not truncate.
    pub(crate) cast_name: String,
    /// `number`, `text`, `time`, `boolean`, `list` or `other`.
    pub(crate) category: String,
    pub(crate) is_sortable: bool,
    /// Always true for a view.
    pub(crate) is_nullable: bool,
    pub(crate) description: String,
    /// The function that returns a value in words, for ranges and lists.
    pub(crate) words_function: Option<String>,
}

impl Relation {
    /// Whether each row names the staged row that it comes from (elt.origin).
    pub(crate) fn has_origin(&self) -> bool {
        self.column("_load_id").is_some() && self.column("_row").is_some()
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(crate) fn schema(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    pub(crate) fn column_names(&self) -> Vec<String> {
        let columns = self.columns.iter();
        columns.map(|column| column.name.clone()).collect()
    }

    /// The quoted name.
    pub(crate) fn quoted(&self) -> String {
        let (schema, name) = self.name.split_once('.').unwrap_or(("public", &self.name));
        format!("{}.{}", quote(schema), quote(name))
    }
}

/// Quotes an identifier.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// All readable tables and views, without their columns.
pub(crate) async fn relations(client: &Client) -> WebResult<Vec<Relation>> {
    let sql = "select schema_name || '.' || relation_name, kind, description, key_columns, row_estimate \
               from elt.relation \
               order by array_position(array['public', 'quality', 'core', 'staging', 'elt'], schema_name), \
               relation_name";
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(without_columns).collect())
}

/// All readable tables and views, with their columns.
pub(crate) async fn described(client: &Client) -> WebResult<Vec<Relation>> {
    let mut relations = relations(client).await?;
    let sql = "select schema_name || '.' || relation_name, column_name, type_name, category, is_sortable, \
               is_nullable, relation_column.description, cast_name, words_function \
               from elt.relation_column inner join elt.relation using (relation_id) order by place";
    for row in client.query(sql, &[]).await? {
        let name: String = row.get(0);
        let relation = relations.iter_mut().find(|relation| relation.name == name);
        if let Some(relation) = relation {
            relation.columns.push(column(&row, 1));
        }
    }
    Ok(relations)
}

/// One table or view with its columns. `name`: `schema.name`.
pub(crate) async fn relation(client: &Client, name: &str) -> WebResult<Arc<Relation>> {
    if let Some(relation) = client.caches.for_type().get(name) {
        return Ok(relation);
    }
    let (schema, relation) = name.split_once('.').ok_or(WebError::NotFound)?;
    let sql = "select schema_name || '.' || relation_name, kind, description, key_columns, row_estimate, \
               relation_id from elt.relation where schema_name = $1 and relation_name = $2";
    let row = client.query_opt(sql, &[&schema, &relation]).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let mut relation = without_columns(&row);
    let sql = "select column_name, type_name, category, is_sortable, is_nullable, description, cast_name, words_function \
               from elt.relation_column where relation_id = $1 order by place";
    let rows = client.query(sql, &[&row.get::<_, i64>(5)]).await?;
    relation.columns = rows.iter().map(|row| column(row, 0)).collect();
    Ok(client.caches.for_type().keep(name, relation))
}

/// `from`: index of the first value.
fn column(row: &tokio_postgres::Row, from: usize) -> Column {
    Column {
        name: row.get(from),
        type_name: row.get(from + 1),
        category: row.get(from + 2),
        is_sortable: row.get(from + 3),
        is_nullable: row.get(from + 4),
        description: row.get(from + 5),
        cast_name: row.get(from + 6),
        words_function: row.get(from + 7),
    }
}

fn without_columns(row: &tokio_postgres::Row) -> Relation {
    Relation {
        name: row.get(0),
        kind: row.get(1),
        description: row.get(2),
        key_columns: row.get(3),
        row_estimate: row.get(4),
        columns: Vec::new(),
    }
}

/// Columns with few different values (elt.facet_columns).
pub(crate) struct FacetColumns(pub(crate) Vec<String>);

/// Statistics change rarely, and reading them takes some milliseconds.
const FACETS_LIFETIME: Duration = Duration::from_secs(60);

pub(crate) async fn facet_columns(
    client: &Client,
    relation: &Relation,
) -> WebResult<Arc<FacetColumns>> {
    let cache = client.caches.for_type::<FacetColumns>();
    if let Some(columns) = cache.get_within(&relation.name, FACETS_LIFETIME) {
        return Ok(columns);
    }
    let sql = "select elt.facet_columns($1::text::regclass)";
    let rows = client.query(sql, &[&relation.quoted()]).await?;
    let columns = rows.iter().map(|row| row.get(0)).collect();
    Ok(cache.keep(&relation.name, FacetColumns(columns)))
}

/// The relation with the staged rows that a row was made from, and the columns that identify them (elt.row_origin).
pub(crate) struct Origin {
    pub(crate) relation: String,
    pub(crate) shared_columns: Vec<String>,
}

pub(crate) async fn origin(client: &Client, name: &str) -> WebResult<Option<Origin>> {
    let sql = "select origin, shared_columns from elt.row_origin where name = $1";
    let row = client.query_opt(sql, &[&name]).await?;
    Ok(row.map(|row| Origin {
        relation: row.get(0),
        shared_columns: row.get(1),
    }))
}

/// A column whose values lead to the rows of another relation with the same values in the shared columns (elt.row_link).
pub(crate) struct RowLink {
    pub(crate) column: String,
    pub(crate) target: String,
    pub(crate) shared_columns: Vec<String>,
}

pub(crate) async fn row_links(client: &Client, name: &str) -> WebResult<Vec<RowLink>> {
    let sql = "select column_name, target, shared_columns from elt.row_link where relation = $1";
    let rows = client.query(sql, &[&name]).await?;
    let links = rows.iter().map(|row| RowLink {
        column: row.get(0),
        target: row.get(1),
        shared_columns: row.get(2),
    });
    Ok(links.collect())
}

/// Pairs of a reader and a relation that it reads directly (elt.lineage). With `name`, only the pairs that contain it.
pub(crate) async fn lineage(
    client: &Client,
    name: Option<&str>,
) -> WebResult<Vec<(String, String)>> {
    let sql = "select name, reads from elt.lineage \
               where $1::text is null or name = $1 or reads = $1 order by name, reads";
    let rows = client.query(sql, &[&name]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
