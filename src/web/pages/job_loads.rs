//! The held loads that a job left, or that it published or discarded.

use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// Loads of a job.
#[derive(Default)]
pub(super) struct JobLoads {
    /// The loads that the job held, with their states now.
    pub(super) held: Vec<(i64, String)>,
    /// The loads that the job decides about, with their states now.
    pub(super) decided: Vec<(i64, String)>,
    /// The publish that made them live.
    pub(super) publish: Option<i64>,
}

/// Numbers in a list of JSON; null unless it is a list of numbers that an integer can hold.
macro_rules! numbers {
    ($list:literal) => {
        concat!(
            "array(select element #>> '{}' from jsonb_array_elements(case when jsonb_typeof(",
            $list,
            ") = 'array' then ",
            $list,
            " end) as element)"
        )
    };
}

const LOADS: &str = concat!(
    "select load_id, state_in_words, load_id::text = any(",
    numbers!("result #> '{load,preview,load_ids}'"),
    "), case when jsonb_typeof(result #> '{published,publish_id}') = 'number' \
     then (result #>> '{published,publish_id}')::bigint end \
     from elt.job inner join elt.load_state on load_id::text = any(",
    numbers!("result #> '{load,preview,load_ids}'"),
    " || case when kind in ('publish', 'discard') then ",
    numbers!("args -> 'load_ids'"),
    " else '{}' end) where job_id = $1 order by load_id"
);

impl JobLoads {
    pub(super) async fn read(client: &Client, job: i64) -> WebResult<JobLoads> {
        let mut loads = JobLoads::default();
        for row in client.query(LOADS, &[&job]).await? {
            let load = (row.get(0), row.get(1));
            match row.get(2) {
                true => loads.held.push(load),
                false => loads.decided.push(load),
            }
            loads.publish = row.get(3);
        }
        Ok(loads)
    }
}
