//! Loads that wait until a person publishes or discards them (elt.held_load).

use super::preview::ShownPreview;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::pages::Moment;
use tokio_postgres::Row;

/// What the page of a held load shows besides its facts.
pub(super) struct Held {
    pub(super) since: Option<Moment>,
    /// The loads that were compared together, with this one. They are published or discarded together.
    pub(super) together: Vec<i64>,
    /// The latest publish after the comparison.
    pub(super) later_publish: Option<i64>,
    /// For each of these loads that is older than a live one: both numbers.
    pub(super) older: Vec<(i64, i64)>,
    /// `None` if there is no comparison any more.
    pub(super) preview: Option<ShownPreview>,
}

impl Held {
    /// `None` if the load is not held.
    pub(super) async fn read(client: &Client, load: i64) -> WebResult<Option<Held>> {
        let sql = "select held_since::text, compared_load_ids, later_publish_id from elt.held_load where load_id = $1";
        let Some(row) = client.query_opt(sql, &[&load]).await? else {
            return Ok(None);
        };
        let together: Vec<i64> = row.get(1);
        let sql = "select load_id, newer_load_id from elt.held_load \
                   where load_id = any($1) and newer_load_id is not null order by load_id";
        let older = client.query(sql, &[&together]).await?;
        Ok(Some(Held {
            since: Moment::new(row.get(0)),
            later_publish: row.get(2),
            older: older.iter().map(pair).collect(),
            preview: ShownPreview::read(client, load).await?,
            together,
        }))
    }

    /// `load 7`, or `loads 7, 8`.
    pub(super) fn names(&self) -> String {
        let ids: Vec<String> = self.together.iter().map(i64::to_string).collect();
        match ids.as_slice() {
            [id] => format!("load {id}"),
            ids => format!("loads {}", ids.join(", ")),
        }
    }

    /// The other loads that are held with this one.
    pub(super) fn others(&self, load: &i64) -> Vec<i64> {
        let others = self.together.iter().filter(|other| *other != load);
        others.copied().collect()
    }
}

fn pair(row: &Row) -> (i64, i64) {
    (row.get(0), row.get(1))
}

/// A held load on the first page.
pub(in crate::web::pages) struct Waiting {
    pub(in crate::web::pages) id: i64,
    pub(in crate::web::pages) source: String,
    pub(in crate::web::pages) file: String,
    pub(in crate::web::pages) since: Option<Moment>,
}

/// All held loads, the longest waiting first.
pub(in crate::web::pages) async fn waiting(client: &Client) -> WebResult<Vec<Waiting>> {
    let sql = "select load_id, source, file, held_since::text from elt.held_load order by load_id";
    let rows = client.query(sql, &[]).await?;
    let loads = rows.iter().map(|row| Waiting {
        id: row.get(0),
        source: row.get(1),
        file: row.get(2),
        since: Moment::new(row.get(3)),
    });
    Ok(loads.collect())
}
