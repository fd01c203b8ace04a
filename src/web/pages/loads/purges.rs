//! What elt purge removed.

use crate::terminal::number;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::pages::Moment;

/// Number of purges shown.
const PURGES: i64 = 20;
/// Number of purged loads shown.
const PURGED_LOADS: i64 = 50;

/// A row of `elt.purge_status`.
pub(super) struct Purge {
    pub(super) publish: i64,
    pub(super) started: Option<Moment>,
    pub(super) role: String,
    pub(super) deleted: String,
    pub(super) updated: String,
    pub(super) tables: String,
}

/// The purges that changed live data, the latest first.
pub(super) async fn purges(client: &Client) -> WebResult<Vec<Purge>> {
    let sql = "select publish_id, started_at::text, published_by, rows_deleted, rows_updated, \
               array_to_string(tables, ', ') from elt.purge_status order by publish_id desc limit $1";
    let rows = client.query(sql, &[&PURGES]).await?;
    let purges = rows.iter().map(|row| Purge {
        publish: row.get(0),
        started: Moment::new(row.get(1)),
        role: row.get(2),
        deleted: number(row.get(3)),
        updated: number(row.get(4)),
        tables: row.get(5),
    });
    Ok(purges.collect())
}

/// Numbers of the loads that lost rows or rejects, the latest first.
pub(super) async fn purged_loads(client: &Client) -> WebResult<Vec<i64>> {
    let sql = "select load_id from elt.load where state = 'purged' or rows_purged + rejects_purged > 0 \
               order by load_id desc limit $1";
    let rows = client.query(sql, &[&PURGED_LOADS]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
