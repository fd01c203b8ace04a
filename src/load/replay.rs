//! The base of a load: nothing, or a live load whose rejects were corrected. The corrected records replace the
//! rejects and are added to the rows that were staged before.

use super::held;
use super::record::Counts;
use super::rejects::MaxRejects;
use super::source::Source;
use crate::extract::digest::Digest;
use crate::extract::{KnownColumns, Layout};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use postgres::Client;

pub(super) enum Base {
    /// The whole file is read.
    Nothing,
    Replayed(Replayed),
}

/// A live load whose rejects were corrected.
pub(super) struct Replayed {
    pub(super) load_id: i64,
    /// Whether the new load replaces this one and has its rows too. For modes append and merge, the new load
    /// is live beside this one.
    is_replaced: bool,
    /// Its rows in staging.
    rows: i64,
    /// The last `_row` of its rows and rejects.
    pub(super) last_row: i64,
    /// Its open rejects.
    rejects: i64,
    pub(super) location: String,
    /// The number of columns of its CSV file.
    column_count: Option<i64>,
    columns: KnownColumns,
    size_bytes: i64,
    sha256: String,
}

impl Base {
    pub(super) fn replayed(&self) -> Option<&Replayed> {
        match self {
            Base::Nothing => None,
            Base::Replayed(replayed) => Some(replayed),
        }
    }

    /// The load that the new one replaces, and whose rows it has too.
    fn replaced(&self) -> Option<&Replayed> {
        self.replayed().filter(|replayed| replayed.is_replaced)
    }

    /// The number after which `_row` continues.
    pub(super) fn last_row(&self) -> Result<u64> {
        let last = self.replayed().map_or(0, |replayed| replayed.last_row);
        Ok(u64::try_from(last)?)
    }

    /// The layout of the file to read. `layout`: the layout of the source's files.
    pub(super) fn layout(&self, layout: &Layout) -> Result<Layout> {
        let Some(replayed) = self.replayed() else {
            return Ok(layout.clone());
        };
        let count = replayed.column_count.map(usize::try_from).transpose()?;
        let mut layout = layout.for_rejects(count);
        layout.contract.replayed = Some(replayed.columns.clone());
        Ok(layout)
    }

    /// Copies the rows of the replaced load.
    pub(super) fn copy(&self, client: &mut Client, load_id: i64) -> Result<()> {
        if let Some(replaced) = self.replaced() {
            let sql = "select elt.copy_staging($1, $2)";
            client.execute(sql, &[&replaced.load_id, &load_id])?;
        }
        Ok(())
    }

    /// The reject limit. `asked`: the limit set by the user.
    pub(super) fn limit(&self, asked: MaxRejects) -> MaxRejects {
        match (self, asked) {
            // They were within the limit of the first load.
            (Base::Replayed(_), MaxRejects::Default) => MaxRejects::Percent(100.0),
            (_, asked) => asked,
        }
    }

    /// Whether the rejects exceed the limit.
    pub(super) fn is_exceeded(&self, asked: MaxRejects, rejected: u64, read: u64) -> bool {
        let is_none_corrected =
            self.replayed().is_some() && asked == MaxRejects::Default && rejected == read;
        is_none_corrected || self.limit(asked).is_exceeded(rejected, read)
    }

    /// Each record of the file must replace one reject. More records would duplicate rows; with fewer, the open
    /// rejects would not be known. The file of another load usually has another number of records.
    pub(super) fn require_same_rejects(&self, read: u64, location: &str) -> Result<()> {
        let Some(replayed) = self.replayed() else {
            return Ok(());
        };
        if i64::try_from(read)? == replayed.rejects {
            return Ok(());
        }
        let message = format!(
            "file \"{location}\" does not match the rejects of load {}",
            replayed.load_id
        );
        Err(Failure::new(Exit::Usage, message)
            .detail(format!(
                "Records in the file: {read}; open rejects: {}. Nothing was loaded.",
                replayed.rejects
            ))
            .hint(
                "Correct the file that "
                    + elt!("rejects", replayed.load_id, "--out", "FILE")
                    + " writes, and leave records that cannot be corrected unchanged: they stay rejected. \
                       Load a whole file without --replay.",
            )
            .into())
    }

    /// The counts to record. They include the rows of the replaced load and its file, so that reloading the
    /// original file is still a no-op.
    pub(super) fn counts(&self, read: u64, staged: u64, digest: &Digest) -> Result<Counts> {
        let (read, staged) = (i64::try_from(read)?, i64::try_from(staged)?);
        Ok(match self.replaced() {
            None => Counts {
                read,
                staged,
                size_bytes: i64::try_from(digest.bytes())?,
                sha256: digest.sha256(),
            },
            Some(replaced) => Counts {
                read: read + replaced.rows,
                staged: staged + replaced.rows,
                size_bytes: replaced.size_bytes,
                sha256: replaced.sha256.clone(),
            },
        })
    }
}

/// Refuses to correct rejects again that a held load corrects: both could be published.
fn refuse_beside_held(client: &mut Client, source: &Source) -> Result<()> {
    let sql = "select min(load_id) from elt.load where source = $1 and state = 'held' \
               and replayed_load_id = coalesce($2, replayed_load_id)";
    let held: Option<i64> = client
        .query_one(sql, &[&source.name, &source.named_load])?
        .get(0);
    let Some(load) = held else { return Ok(()) };
    let message = format!(
        "load {load} of source \"{}\" corrects these rejects, and is held",
        source.name
    );
    Err(held::decide_first(load, message))
}

/// The live load of the source with open rejects: the named one, or the only one.
pub(super) fn find(client: &mut Client, source: &Source) -> Result<Replayed> {
    let sql = format!(
        "select load.load_id, source.mode = 'replace', load.rows_staged - load.rows_purged, \
         greatest((select max(_row) from staging.\"{name}\" as staged where staged._load_id = load.load_id), \
         (select max(row_number) from elt.reject where reject.load_id = load.load_id), 0), \
         rejected.open_count, load.location, load.size_bytes, load.sha256, \
         cardinality(load.header_columns)::bigint, load.header_columns, coalesce(load.new_columns, '{{}}'), \
         coalesce(load.missing_columns, '{{}}') \
         from elt.load inner join elt.source using (source) cross join lateral ( \
         select count(*) as open_count from elt.reject \
         where reject.load_id = load.load_id and reject.replaced_by_load_id is null) as rejected \
         where load.source = $1 and load.load_id = coalesce($2, load.load_id) \
         and load.live_publish_id is not null and rejected.open_count > 0 order by load.load_id",
        name = source.name
    );
    refuse_beside_held(client, source)?;
    let live = client.query(&sql, &[&source.name, &source.named_load])?;
    match live.as_slice() {
        [live] => Ok(Replayed {
            load_id: live.get(0),
            is_replaced: live.get(1),
            rows: live.get(2),
            last_row: live.get(3),
            rejects: live.get(4),
            location: live.get(5),
            size_bytes: live.get(6),
            sha256: live.get(7),
            column_count: live.get(8),
            columns: KnownColumns {
                header: live.get(9),
                new: live.get(10),
                missing: live.get(11),
            },
        }),
        [] => {
            let what = match source.named_load {
                Some(load_id) => format!("load {load_id}"),
                None => format!("source \"{}\"", source.name),
            };
            let message = format!("{what} has no open rejects to replace");
            Err(Failure::new(Exit::Usage, message)
                .detail("--replay replaces the rejects of a live load.")
                .hint(
                    elt!("status")
                        + " shows the live loads, and "
                        + elt!("rejects")
                        + " their rejects.",
                )
                .into())
        }
        several => {
            let loads: Vec<String> = several
                .iter()
                .map(|live| live.get::<_, i64>(0).to_string())
                .collect();
            let message = format!(
                "several live loads of source \"{}\" have rejects",
                source.name
            );
            Err(Failure::new(Exit::Usage, message)
                .detail(format!("The loads are {}.", loads.join(", ")))
                .hint(
                    "Name the load whose rejects are in the file: "
                        + elt!("load", "LOAD", "--replay", "FILE")
                        + ".",
                )
                .into())
        }
    }
}
