//! Builds the file of rejects for correction, with their original bytes and in the format of their source, so that
//! the corrected file can be loaded.

use crate::extract::takes_members;
use anyhow::{Result, bail};
use postgres::GenericClient;

/// Returns the bytes of the file with a load's open rejects. `elt rejects --out` writes it.
pub(crate) fn build(client: &mut impl GenericClient, load_id: i64) -> Result<Vec<u8>> {
    let sql = "select source.format, load.encoding, load.header, load.line_ends is null, \
               load.has_byte_order_mark, source.has_header, coalesce(source.records_at, '') \
               from elt.load inner join elt.source using (source) where load.load_id = $1";
    let row = client.query_one(sql, &[&load_id])?;
    let (format, encoding): (String, Option<String>) = (row.get(0), row.get(1));
    // A byte order mark takes precedence over the encoding of the source.
    let has_mark: Option<bool> = row.get(4);
    let mark = if has_mark == Some(true) {
        "\u{feff}"
    } else {
        ""
    };
    let encoding = encoding.unwrap_or_default();
    let header: Option<Vec<u8>> = row.get(2);
    let is_array = row.get(3);
    let sql = "select raw from elt.reject where load_id = $1 and replaced_by_load_id is null \
               order by reject_number";
    let rejects = client.query(sql, &[&load_id])?;
    let records: Vec<&[u8]> = rejects.iter().map(|row| row.get(0)).collect();
    let takes_members = takes_members(row.get(6));
    Ok(match (format.as_str(), header) {
        ("csv", Some(header)) => {
            let mut lines = vec![header.as_slice()];
            lines.extend(records);
            join(mark, &lines, "\n", "\n", &encoding)
        }
        ("csv", None) if !row.get::<_, bool>(5) => join(mark, &records, "\n", "\n", &encoding),
        ("csv", None) => {
            bail!("the header of load {load_id} is not known: an older elt loaded it")
        }
        (_, Some(header)) => {
            let records: Vec<&[u8]> = [header.as_slice()].into_iter().chain(records).collect();
            join(&format!("{mark}[\n"), &records, ",\n", "\n]\n", &encoding)
        }
        _ if takes_members => join(&format!("{mark}{{\n"), &records, ",\n", "\n}\n", &encoding),
        // Documents of an array may span lines.
        _ if is_array => join(&format!("{mark}[\n"), &records, ",\n", "\n]\n", &encoding),
        _ => join(mark, &records, "\n", "\n", &encoding),
    })
}

/// Joins records with separators in their encoding.
fn join(before: &str, records: &[&[u8]], between: &str, after: &str, encoding: &str) -> Vec<u8> {
    let encode = |text: &str| -> Vec<u8> {
        match encoding {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.as_bytes().to_vec(),
        }
    };
    let mut file = encode(before);
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            file.extend(encode(between));
        }
        file.extend_from_slice(record);
    }
    file.extend(encode(after));
    file
}
