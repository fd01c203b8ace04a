//! Files of every kind, loaded by the program: the staged rows, the rejects with their bytes, and the file's
//! properties in elt.load. `ELT_MUTATIONS=10000 cargo test framing` tries more files.

mod compressed;
mod corrected;
mod csv;
mod json;
mod layout;
mod memory;
mod mutation;
mod settings;

use crate::support::{Database, Elt, Folder};
use std::process::Stdio;

/// Three sources that no view reads: `lines`, a CSV file with columns `a` and `b`; `numbered`, one without a header;
/// and `documents`, a JSON file.
const SOURCES: &str = "
    create table staging.lines (
        _load_id bigint not null, _row bigint not null, a text, b text, _extra jsonb
    ) partition by list (_load_id);
    create table staging.numbered (
        _load_id bigint not null, _row bigint not null, column_1 text, column_2 text, _extra jsonb
    ) partition by list (_load_id);
    create table staging.documents (
        _load_id bigint not null, _row bigint not null, payload jsonb
    ) partition by list (_load_id);
    insert into elt.source (source, format, file, has_header, keep_loads, description) values
    ('lines', 'csv', 'lines.csv', true, 1, 'Lines of two fields.'),
    ('numbered', 'csv', 'numbered.csv', false, 1, 'Lines without a header.'),
    ('documents', 'json', 'documents.json', true, 1, 'Documents.')";

struct Framing {
    database: Database,
    data: Folder,
}

/// A row of elt.reject.
#[derive(Debug)]
struct Reject {
    line: i64,
    offset: usize,
    reason: String,
    raw: Vec<u8>,
}

impl Framing {
    fn new() -> Framing {
        let database = Database::new();
        database.run(SOURCES);
        Framing {
            database,
            data: Folder::new(),
        }
    }

    /// Sets columns of elt.source.
    fn set(&self, source: &str, settings: &str) {
        let sql = format!("update elt.source set {settings} where source = '{source}'");
        self.database.run(&sql);
    }

    fn elt(&self, args: &[&str]) -> Elt {
        self.database.elt().args(args)
    }

    fn loading(&self, source: &str) -> Elt {
        let elt = self.elt(&["load", source, "--max-rejects", "100%"]);
        elt.path("--data", self.data.path())
    }

    /// Loads these bytes with any number of rejects, and checks the position of each reject.
    fn load(&self, source: &str, bytes: impl AsRef<[u8]>) -> Loaded<'_> {
        self.write(source, &bytes);
        self.loading(source).run().ok();
        let loaded = self.live(source);
        for reject in &loaded.rejects {
            let file = &bytes.as_ref()[reject.offset..];
            assert!(file.starts_with(&reject.raw), "{reject:?}");
        }
        loaded
    }

    /// Loads a file with another name than the source's. It may be compressed.
    fn load_file(&self, name: &str, bytes: &[u8]) -> Loaded<'_> {
        self.data.write(name, bytes);
        self.loading("lines").run().ok();
        self.live("lines")
    }

    fn write(&self, source: &str, bytes: impl AsRef<[u8]>) {
        let ending = match source {
            "documents" => "json",
            _ => "csv",
        };
        self.data.write(&format!("{source}.{ending}"), bytes);
    }

    /// Checks that loading these bytes fails with a message that contains `says`, and changes nothing.
    fn refuse(&self, source: &str, bytes: impl AsRef<[u8]>, says: &[&str]) {
        let live = format!(
            "select coalesce(max(load_id), 0) from elt.live_load where source = '{source}'"
        );
        let before = self.database.number(&live);
        self.write(source, bytes);
        self.loading(source).run().exits_with(1).says(says);
        assert_eq!(self.database.number(&live), before);
        let state = "select state from elt.load order by load_id desc limit 1";
        assert_eq!(self.database.text(state), "failed");
    }

    fn live(&self, source: &str) -> Loaded<'_> {
        let sql = "select load_id from elt.live_load where source = $1";
        let row = self.database.connect().query_one(sql, &[&source]).unwrap();
        self.loaded(row.get(0), source)
    }

    fn loaded(&self, load_id: i64, source: &str) -> Loaded<'_> {
        let mut client = self.database.connect();
        let staged = match source {
            "lines" => {
                "select concat_ws('|', _row, coalesce(a, '~'), coalesce(b, '~'), _extra::text) \
                 from staging.lines where _load_id = $1 order by _row"
            }
            "numbered" => {
                "select concat_ws('|', _row, coalesce(column_1, '~'), coalesce(column_2, '~'), \
                 _extra::text) from staging.numbered where _load_id = $1 order by _row"
            }
            _ => {
                "select concat_ws('|', _row, payload::text) from staging.documents \
                 where _load_id = $1 order by _row"
            }
        };
        let staged = client.query(staged, &[&load_id]).unwrap();
        let rejects = client
            .query(
                "select line_number, byte_offset, reason, raw from elt.reject \
                 where load_id = $1 order by reject_number",
                &[&load_id],
            )
            .unwrap();
        let rejects = rejects.iter().map(|row| Reject {
            line: row.get(0),
            offset: usize::try_from(row.get::<_, i64>(1)).unwrap(),
            reason: row.get(2),
            raw: row.get(3),
        });
        Loaded {
            framing: self,
            load_id,
            staged: staged.iter().map(|row| row.get(0)).collect(),
            rejects: rejects.collect(),
        }
    }

    /// Loads these bytes through a pipe.
    fn pipe(&self, source: &str, bytes: &[u8]) -> std::process::Output {
        use std::io::Write;
        let elt = self.elt(&["load", source, "--data", "-", "--max-rejects", "100%"]);
        let mut child = elt
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Writing fails if the program ends before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(bytes);
        child.wait_with_output().unwrap()
    }
}

/// A load, its rows and its rejects.
struct Loaded<'a> {
    framing: &'a Framing,
    load_id: i64,
    /// `_row`, the columns, and `_extra` if it is not null.
    staged: Vec<String>,
    rejects: Vec<Reject>,
}

impl Loaded<'_> {
    #[track_caller]
    fn has(self, staged: &[&str]) -> Self {
        assert_eq!(self.staged, staged, "{:?}", self.rejects);
        self
    }

    /// Checks the line, a part of the reason, and the bytes of each reject.
    #[track_caller]
    fn rejects(self, expected: &[(i64, &str, &[u8])]) -> Self {
        let found = &self.rejects;
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (reject, (line, reason, raw)) in found.iter().zip(expected) {
            assert_eq!(reject.line, *line, "{reject:?}");
            assert!(reject.reason.contains(reason), "{reject:?}");
            assert_eq!(
                reject.raw.escape_ascii().to_string(),
                raw.escape_ascii().to_string()
            );
        }
        self
    }

    /// Checks the compression, the encoding, the byte order mark, the line ends and the header's columns.
    #[track_caller]
    fn written(self, expected: &str) -> Self {
        let sql = "select concat_ws(' ', coalesce(compression, 'plain'), encoding, \
                   case when has_byte_order_mark then 'marked' else 'unmarked' end, \
                   coalesce(line_ends, 'one line'), header_columns::text) from elt.load where load_id = $1";
        let mut client = self.framing.database.connect();
        let row = client.query_one(sql, &[&self.load_id]).unwrap();
        assert_eq!(row.get::<_, String>(0), expected);
        self
    }

    /// Checks how many rows of a rule name this load.
    #[track_caller]
    fn breaks(self, rule: &str, expected: i64) -> Self {
        let sql = format!(
            "select count(*) from quality.{rule} where _load_id = {}",
            self.load_id
        );
        assert_eq!(self.framing.database.number(&sql), expected);
        self
    }
}

/// The text in UTF-16, little-endian, with a byte order mark.
fn utf_16(text: &str) -> Vec<u8> {
    let marked = format!("\u{feff}{text}");
    marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
