//! Saved queries (elt.saved_query).

use super::text::ParameterType;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

pub(crate) struct SavedQuery {
    pub(crate) name: String,
    pub(crate) sql: String,
    pub(crate) types: Vec<(String, ParameterType)>,
    /// `bars`, `line` or `points`, if the first page draws it.
    pub(crate) chart: Option<String>,
    pub(crate) description: String,
}

/// All saved queries, in their order.
pub(crate) async fn saved_queries(client: &Client) -> WebResult<Vec<SavedQuery>> {
    read(client, None).await
}

pub(crate) async fn saved_query(client: &Client, name: &str) -> WebResult<Option<SavedQuery>> {
    Ok(read(client, Some(name)).await?.pop())
}

async fn read(client: &Client, name: Option<&str>) -> WebResult<Vec<SavedQuery>> {
    let sql = "select saved_query, definition, chart, description, \
               coalesce(array_agg(parameter_name order by saved_query_parameter.place) \
               filter (where parameter_name is not null), '{}'), \
               coalesce(array_agg(type_name order by saved_query_parameter.place) \
               filter (where parameter_name is not null), '{}') \
               from elt.saved_query left join elt.saved_query_parameter using (saved_query) \
               where $1::text is null or saved_query.saved_query = $1 \
               group by saved_query.saved_query order by saved_query.place, saved_query";
    let rows = client.query(sql, &[&name]).await?;
    let queries = rows.iter().map(|row| {
        let (names, types): (Vec<String>, Vec<String>) = (row.get(4), row.get(5));
        let types = types.iter().map(|name| ParameterType::parse(name));
        SavedQuery {
            name: row.get(0),
            sql: row.get(1),
            chart: row.get(2),
            description: row.get(3),
            types: names.into_iter().zip(types).collect(),
        }
    });
    Ok(queries.collect())
}
