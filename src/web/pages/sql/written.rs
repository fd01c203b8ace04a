//! Writes the rows of a query as CSV or JSON. A file that was cut at a limit says so at its end.

use crate::web::data::query::{Format, QueryColumn};
use crate::web::pages::rows_file::add_record;

pub(super) struct Written {
    format: Format,
    pub(super) bytes: Vec<u8>,
    rows: usize,
}

impl Written {
    pub(super) fn new(format: Format, columns: &[QueryColumn]) -> Written {
        let mut writer = Written {
            format,
            bytes: Vec::new(),
            rows: 0,
        };
        match format {
            Format::Text => add_record(
                &mut writer.bytes,
                columns.iter().map(|column| Some(column.name.as_str())),
            ),
            Format::Json => {
                let names = columns.iter().map(|column| json(&column.name));
                let names: Vec<String> = names.collect();
                let start = format!("{{\"columns\": [{}],\n\"rows\": [", names.join(", "));
                writer.bytes.extend_from_slice(start.as_bytes());
            }
        }
        writer
    }

    pub(super) fn row(&mut self, row: &[Option<String>], columns: &[QueryColumn]) {
        match self.format {
            Format::Text => add_record(&mut self.bytes, row.iter().map(Option::as_deref)),
            Format::Json => {
                let values = row.iter().zip(columns).map(|(value, column)| match value {
                    None => "null".into(),
                    Some(value) => json_value(value, column),
                });
                let values: Vec<String> = values.collect();
                let separator = if self.rows == 0 { "\n" } else { ",\n" };
                self.bytes.extend_from_slice(separator.as_bytes());
                self.bytes
                    .extend_from_slice(format!("[{}]", values.join(", ")).as_bytes());
            }
        }
        self.rows += 1;
    }

    /// `cut`: a sentence about the missing rows. In CSV it is a record of one field, which strict readers of several columns refuse.
    pub(super) fn end(&mut self, cut: Option<&str>) {
        match (self.format, cut) {
            (Format::Text, None) => {}
            (Format::Text, Some(cut)) => add_record(&mut self.bytes, std::iter::once(Some(cut))),
            (Format::Json, cut) => {
                let cut = cut.map_or("null".into(), json);
                self.bytes
                    .extend_from_slice(format!("\n],\n\"cut\": {cut}}}\n").as_bytes());
            }
        }
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number of PostgreSQL may also be NaN, and a long document may have been cut: both are texts in JSON.
fn json_value(value: &str, column: &QueryColumn) -> String {
    let may_be_json = column.is_number || column.is_boolean || column.is_json;
    let is_json = may_be_json && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok();
    if is_json { value.into() } else { json(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, is_number: bool, is_json: bool) -> QueryColumn {
        QueryColumn {
            name: name.into(),
            is_number,
            is_time: false,
            is_boolean: false,
            is_json,
        }
    }

    #[test]
    fn values_keep_their_types_in_json() {
        let columns = [
            column("n", true, false),
            column("\"t\"", false, false),
            column("j", false, true),
        ];
        let mut writer = Written::new(Format::Json, &columns);
        writer.row(&[Some("1.50".into()), None, Some("[1]".into())], &columns);
        writer.row(
            &[Some("NaN".into()), Some("1\n".into()), Some("[1…".into())],
            &columns,
        );
        writer.end(Some("cut here"));
        let expected = "{\"columns\": [\"n\", \"\\\"t\\\"\", \"j\"],\n\"rows\": [\n[1.50, null, [1]],\n\
                        [\"NaN\", \"1\\n\", \"[1…\"]\n],\n\"cut\": \"cut here\"}\n";
        let text = String::from_utf8(writer.bytes).unwrap();
        assert_eq!(text, expected);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn a_cut_file_of_csv_says_so_in_its_last_line() {
        let columns = [column("a", false, false), column("b", false, false)];
        let mut writer = Written::new(Format::Text, &columns);
        writer.row(&[Some(String::new()), None], &columns);
        writer.end(Some("Only 1 row, more were left out."));
        assert_eq!(
            String::from_utf8(writer.bytes).unwrap(),
            "a,b\n\"\",\n\"Only 1 row, more were left out.\"\n"
        );
    }
}
