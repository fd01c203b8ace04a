//! Converts the records of a CSV file to JSON objects.

use serde_json::{Map, Value};

/// Returns the records, and the number of lines left out because they have another number of fields or are not UTF-8.
pub(crate) fn from_csv(text: &[u8]) -> (Vec<String>, usize) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_string)
        .collect();
    let mut records = Vec::new();
    let mut left_out = 0;
    for record in reader.byte_records() {
        let record = csv::StringRecord::from_byte_record(record.unwrap());
        match record {
            Ok(record) if record.len() == header.len() => {
                let members = header.iter().cloned().zip(record.iter().map(value));
                records.push(Value::Object(Map::from_iter(members)).to_string());
            }
            _ => left_out += 1,
        }
    }
    (records, left_out)
}

/// A number if the text is a plain integer, null if it is empty, otherwise the text.
fn value(text: &str) -> Value {
    match text.parse::<i64>() {
        _ if text.is_empty() => Value::Null,
        Ok(number) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}
