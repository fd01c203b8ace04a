//! The records of a CSV file as the API has them: one JSON object each.

use serde_json::{Map, Value};

/// What is no record (too few fields, bytes that are not UTF-8) is left out, and counted.
pub(crate) fn of_csv(text: &[u8]) -> (Vec<String>, usize) {
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

/// An integer as a number if it is written like one, nothing as null, all else as it is.
fn value(text: &str) -> Value {
    match text.parse::<i64>() {
        _ if text.is_empty() => Value::Null,
        Ok(number) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}
