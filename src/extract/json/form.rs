//! The form of a file's records, and the object that is staged for a record.

use super::jsonb::{self, NOTHING};
use super::scan::trim;
use crate::extract::csv::extra_names;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Debug)]
pub(super) enum Form {
    Object,
    /// An array of values. Its object has them by the names of the header.
    Array(Names),
    /// A member of an object, such as `"a": 1`. Its object is `{"key": "a", "value": 1}`.
    Member,
}

#[derive(Debug, PartialEq)]
pub(super) enum Names {
    /// `column_1`, `column_2` and so on.
    Numbered,
    /// From the first array.
    Header {
        /// As they are in the file.
        names: Vec<String>,
        /// Keys of the object, which are unique.
        keys: Vec<String>,
    },
}

impl Form {
    /// The object to stage, or why there is none.
    pub(super) fn object<'a>(&self, raw: &'a [u8]) -> Result<Cow<'a, [u8]>, String> {
        match self {
            Form::Object => jsonb::refusal(raw).map_or(Ok(Cow::Borrowed(raw)), Err),
            Form::Array(names) => names.object(raw).map(Cow::Owned),
            Form::Member => object_of_member(raw).map(Cow::Owned),
        }
    }
}

impl Names {
    /// Reads the names from the first array of a file. None if it has other values than texts and numbers.
    pub(super) fn read(raw: &[u8]) -> Option<Names> {
        let values: Vec<Value> = serde_json::from_slice(raw).ok()?;
        let names = values.iter().map(|value| match value {
            Value::Null => Some(String::new()),
            Value::String(name) => (!name.contains('\0')).then(|| name.trim().to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        });
        let names: Vec<String> = names.collect::<Option<_>>()?;
        let has_name = names.iter().any(|name| !name.is_empty());
        has_name.then(|| Names::Header {
            keys: extra_names(&names),
            names,
        })
    }

    fn object(&self, raw: &[u8]) -> Result<Vec<u8>, String> {
        match raw.first() {
            None => return Err(NOTHING.into()),
            Some(b'[') => {}
            Some(_) => return Err("not an array, as the first record is".into()),
        }
        if let Some(reason) = jsonb::value_refusal(raw, 0) {
            return Err(reason);
        }
        let values: Vec<&RawValue> =
            serde_json::from_slice(raw).map_err(|error| error.to_string())?;
        let keys: Cow<'_, [String]> = match self {
            Names::Numbered => (1..=values.len())
                .map(|number| format!("column_{number}"))
                .collect(),
            Names::Header { keys, .. } if keys.len() == values.len() => Cow::Borrowed(keys),
            Names::Header { keys, .. } => {
                return Err(format!(
                    "the array has {} values, and the first one names {} columns",
                    values.len(),
                    keys.len()
                ));
            }
        };
        let mut object = Vec::with_capacity(2 * raw.len());
        for (key, value) in keys.iter().zip(values) {
            object.push(if object.is_empty() { b'{' } else { b',' });
            object.extend(Value::from(key.as_str()).to_string().into_bytes());
            object.push(b':');
            object.extend_from_slice(value.get().as_bytes());
        }
        if object.is_empty() {
            object.push(b'{');
        }
        object.push(b'}');
        Ok(object)
    }
}

fn object_of_member(raw: &[u8]) -> Result<Vec<u8>, String> {
    match raw.first() {
        None => return Err(NOTHING.into()),
        Some(b'"') => {}
        Some(_) => return Err("not a member of an object".into()),
    }
    let wrapped = [b"{", raw, b"}"].concat();
    if let Some(reason) = jsonb::value_refusal(&wrapped, 1) {
        return Err(reason);
    }
    let (key, value) = raw.split_at(string_length(raw));
    let value = trim(value);
    let value = trim(value.strip_prefix(b":").unwrap_or(value));
    Ok([b"{\"key\":", key, b",\"value\":", value, b"}"].concat())
}

/// The length of the valid string at the start of the text.
fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(form: &Form, raw: &str) -> Result<String, String> {
        let object = form.object(raw.as_bytes())?;
        Ok(String::from_utf8_lossy(&object).into_owned())
    }

    #[test]
    fn arrays_become_objects() {
        let names = Names::read(br#"[" a\"b ", null, "x", 2020, "x"]"#);
        let form = Form::Array(names.unwrap_or(Names::Numbered));
        assert_eq!(
            object(&form, r#"[1.50, "y", null, {"a":1} ,[]]"#).as_deref(),
            Ok(r#"{"a\"b":1.50,"column_2":"y","x":null,"2020":{"a":1},"x_2":[]}"#)
        );
        for (raw, reason) in [
            (
                "[1]",
                "the array has 1 values, and the first one names 5 columns",
            ),
            ("{}", "not an array, as the first record is"),
            ("", NOTHING),
        ] {
            assert_eq!(object(&form, raw), Err(reason.into()));
        }
        let form = Form::Array(Names::Numbered);
        assert_eq!(
            object(&form, "[1e999]").as_deref(),
            Ok(r#"{"column_1":1e999}"#)
        );
        assert_eq!(object(&form, "[]").as_deref(), Ok("{}"));
        assert!(object(&form, r#"["\u0000"]"#).is_err());
        for raw in ["[true]", "[[]]", "[]", "[null]", r#"["\u0000"]"#, "[\"a\""] {
            assert_eq!(Names::read(raw.as_bytes()), None, "{raw}");
        }
    }

    #[test]
    fn members_become_objects() {
        assert_eq!(
            object(&Form::Member, r#""a\":" : {"b": 1}"#).as_deref(),
            Ok(r#"{"key":"a\":","value":{"b": 1}}"#)
        );
        for raw in [
            "",
            "7",
            "\"a\"",
            "\"a\":",
            "\"a\" 1",
            "\"a\":1}{\"b\":2",
            "{}",
        ] {
            assert!(object(&Form::Member, raw).is_err(), "{raw}");
        }
        let reason = object(&Form::Member, "\"a\":x").unwrap_err();
        assert!(reason.ends_with("at its byte 5"), "{reason}");
    }
}
