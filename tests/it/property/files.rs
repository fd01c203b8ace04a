//! The two inputs as bytes, and the position of each row in them.

use super::world::{COLUMNS, Document, Json, KEYS, Line, Office, Row, Settings, Table};
use std::fmt;

/// A CSV file.
pub(super) struct TableFile {
    pub(super) bytes: Vec<u8>,
    /// With the line where each begins.
    pub(super) rows: Vec<(u64, Row)>,
    pub(super) rejected_lines: Vec<u64>,
}

/// A JSON file.
pub(super) struct SettingsFile {
    pub(super) bytes: Vec<u8>,
    /// With the position of each.
    pub(super) offices: Vec<(u64, Office)>,
    pub(super) rejected_lines: Vec<u64>,
}

fn line_number(bytes: &[u8]) -> u64 {
    1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

impl Table {
    pub(super) fn file(&self) -> TableFile {
        let mut bytes = Vec::new();
        if self.has_bom {
            bytes.extend(b"\xef\xbb\xbf");
        }
        let name = |column: &usize| match COLUMNS.get(*column) {
            Some(name) if self.has_upper_case_header => name.to_uppercase(),
            Some(name) => (*name).to_string(),
            None => "note".to_string(),
        };
        let header: Vec<String> = self.order.iter().map(name).collect();
        bytes.extend(format!("{}\n", header.join(",")).bytes());
        let mut file = TableFile {
            bytes,
            rows: Vec::new(),
            rejected_lines: Vec::new(),
        };
        for (line, end) in &self.lines {
            match line {
                Line::Row(row) => self.add(row, &mut file),
                Line::Again(nth) => {
                    let nth = nth.checked_rem(file.rows.len());
                    let Some(row) = nth.map(|nth| file.rows[nth].1.clone()) else {
                        continue;
                    };
                    self.add(&row, &mut file);
                }
                Line::Junk(junk) => {
                    let at = line_number(&file.bytes);
                    // Of a record over several lines, each line costs itself.
                    let lines = junk.split(|byte| *byte == b'\n').count() as u64;
                    file.rejected_lines.extend(at..at + lines);
                    file.bytes.extend(*junk);
                }
                Line::Blank => {}
            }
            file.bytes.extend(end.bytes());
        }
        if self.is_cut {
            file.rejected_lines.push(line_number(&file.bytes));
            file.bytes.extend(b"1,\"2,3");
        }
        file
    }

    fn add(&self, row: &Row, file: &mut TableFile) {
        let field = |column: &usize| {
            let value = row.fields.get(*column).unwrap_or(&row.note);
            let needs_quotes = value.contains([',', '"', '\r', '\n']);
            if needs_quotes || row.quoted[*column] {
                format!("\"{}\"", value.replace('"', "\"\""))
            } else {
                value.clone()
            }
        };
        let fields: Vec<String> = self.order.iter().map(field).collect();
        file.rows.push((line_number(&file.bytes), row.clone()));
        file.bytes.extend(fields.join(",").bytes());
    }

    pub(super) fn has_note(&self) -> bool {
        self.order.len() > COLUMNS.len()
    }
}

impl Settings {
    pub(super) fn file(&self) -> SettingsFile {
        let mut file = SettingsFile {
            bytes: Vec::new(),
            offices: Vec::new(),
            rejected_lines: Vec::new(),
        };
        if self.has_bom {
            file.bytes.extend(b"\xef\xbb\xbf");
        }
        let texts: Vec<String> = self.documents.iter().map(Document::text).collect();
        // A file that begins with an object has one on each line.
        let is_lines = self.is_lines && texts.first().is_some_and(|text| text.starts_with('{'));
        if !is_lines {
            file.bytes.extend(b"[\n");
        }
        for (index, (document, text)) in self.documents.iter().zip(&texts).enumerate() {
            match document {
                Document::Office(office) => file.offices.push((index as u64 + 1, *office.clone())),
                Document::Junk(_) => file.rejected_lines.push(line_number(&file.bytes)),
            }
            let is_last = index + 1 == texts.len();
            let end = if is_lines || is_last { "\n" } else { ",\n" };
            file.bytes.extend(format!("{text}{end}").bytes());
        }
        if !is_lines {
            file.bytes.extend(b"]\n");
        }
        file
    }
}

impl Document {
    fn text(&self) -> String {
        let office = match self {
            Document::Junk(text) => return (*text).to_string(),
            Document::Office(office) => office,
        };
        let keys = KEYS.iter().zip(&office.values);
        let mut entries: Vec<String> = keys
            .filter(|(_, value)| !matches!(value, Json::Missing))
            .map(|(key, value)| format!("\"{key}\": {}", value.text()))
            .collect();
        if office.has_note {
            entries.push("\"note\": \" x \"".to_string());
        }
        format!("{{{}}}", entries.join(", "))
    }
}

impl Json {
    fn text(&self) -> String {
        match self {
            Json::Missing | Json::Null => "null".to_string(),
            Json::Bool(value) => value.to_string(),
            Json::Number(written, _) => written.clone(),
            Json::Text(text) => serde_json::to_string(text).unwrap(),
            Json::List(values) => {
                let values: Vec<String> = values.iter().map(Json::text).collect();
                format!("[{}]", values.join(", "))
            }
            Json::Object => "{\"id\": 1}".to_string(),
        }
    }
}

// A failure shows the two files, line by line.

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lines(&self.file().bytes, f)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lines(&self.file().bytes, f)
    }
}

fn write_lines(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let line = line.escape_ascii().to_string().replace("\\\"", "\"");
        write!(f, "\n    {line}")?;
    }
    Ok(())
}
