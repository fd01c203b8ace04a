//! Records downloads of rejected records in the audit (elt.audit).

use super::pool::Client;
use crate::web::error::WebResult;

/// A download of a relation, before its first row is read.
pub(crate) struct Download<'a> {
    pub(crate) account: &'a str,
    /// The address of the client.
    pub(crate) address: String,
    /// `schema.name`.
    pub(crate) relation: &'a str,
    /// `csv` or `json`.
    pub(crate) format: &'a str,
    /// The parameters of the request.
    pub(crate) pairs: &'a [(String, String)],
}

impl Download<'_> {
    /// Records the download if the relation has rejected records, which may contain personal data. If that fails, they
    /// are not sent.
    pub(crate) async fn note(&self, client: &Client) -> WebResult<()> {
        if self.relation != "elt.reject" {
            return Ok(());
        }
        // A filter may contain a value of the data, but the number of a load is none.
        let mut pairs = self.pairs.iter();
        let load = pairs.find(|(name, _)| ["load_id", "f.load_id.is"].contains(&name.as_str()));
        let load = load.and_then(|(_, value)| value.parse::<i64>().ok());
        let about = load.map_or("all loads".into(), |load| format!("load {load}"));
        let sql = "select elt.note_audit('rejects.download', $2, jsonb_build_object('format', $3::text), $4)::text \
                   from (select set_config('elt.account', $1, true)) as who";
        client
            .query(sql, &[&self.account, &about, &self.format, &self.address])
            .await?;
        Ok(())
    }
}
