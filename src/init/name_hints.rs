//! Hints about a column from the words of its name.

/// Names of codes that consist of digits, such as postal codes, where leading zeros count.
const CODES: &[&str] = &[
    "barcode",
    "bic",
    "bsn",
    "cusip",
    "ean",
    "fax",
    "fips",
    "gtin",
    "handy",
    "iban",
    "imei",
    "isbn",
    "isin",
    "issn",
    "ipv4",
    "mobile",
    "msisdn",
    "phone",
    "pin",
    "plz",
    "postal",
    "postcode",
    "postleitzahl",
    "ssn",
    "swift",
    "tel",
    "telefon",
    "telephone",
    "tin",
    "upc",
    "vat",
    "vin",
    "zip",
    "zipcode",
];

const IDS: &[&str] = &[
    "code", "guid", "id", "ids", "key", "no", "nr", "num", "number", "nummer", "sku", "uuid",
];

/// Numbers that are always whole.
const COUNTS: &[&str] = &[
    "age", "anzahl", "cnt", "count", "counts", "day", "days", "hour", "idx", "index", "line",
    "minute", "month", "page", "pos", "position", "qty", "quantity", "rank", "row", "seq",
    "sequence", "version", "week", "year",
];

/// Positions of a row within a group.
const POSITIONS: &[&str] = &[
    "idx", "index", "line", "lineno", "pos", "position", "rank", "seq", "sequence", "step",
];

const TIMES: &[&str] = &[
    "at",
    "created",
    "date",
    "dates",
    "datetime",
    "datum",
    "day",
    "dt",
    "epoch",
    "month",
    "on",
    "period",
    "quarter",
    "time",
    "times",
    "timestamp",
    "ts",
    "updated",
    "week",
    "when",
    "year",
    "zeit",
];

/// Measurements, which may be unique by chance.
const MEASURES: &[&str] = &[
    "age",
    "amount",
    "betrag",
    "cost",
    "count",
    "depth",
    "distance",
    "height",
    "lat",
    "latitude",
    "length",
    "level",
    "lng",
    "lon",
    "longitude",
    "mean",
    "population",
    "preis",
    "price",
    "qty",
    "quantity",
    "rate",
    "reading",
    "score",
    "size",
    "sum",
    "temp",
    "temperature",
    "total",
    "value",
    "volume",
    "weight",
    "width",
    "x",
    "y",
    "z",
];

/// Free text.
const PROSE: &[&str] = &[
    "address",
    "body",
    "comment",
    "comments",
    "description",
    "label",
    "message",
    "name",
    "note",
    "notes",
    "remark",
    "remarks",
    "subject",
    "summary",
    "text",
    "title",
];

fn has_word(name: &str, words: &[&str]) -> bool {
    name.split('_')
        .any(|word| words.contains(&word.trim_end_matches(|last: char| last.is_ascii_digit())))
}

/// Whether its digits are a code, such as a postal code or a phone number.
pub(super) fn is_code(name: &str) -> bool {
    has_word(name, CODES)
}

/// Whether it is named like an id or a count.
pub(super) fn is_id_or_count(name: &str) -> bool {
    has_word(name, IDS) || has_word(name, COUNTS)
}

/// Whether its last word is that of a key.
pub(super) fn is_key(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    IDS.contains(&last) || ["ean", "gtin", "iban", "isbn", "vin"].contains(&last)
}

pub(super) fn is_position(name: &str) -> bool {
    has_word(name, POSITIONS)
}

pub(super) fn is_time(name: &str) -> bool {
    has_word(name, TIMES)
}

/// Whether a sum of it has no meaning.
pub(super) fn is_label(name: &str) -> bool {
    is_key(name) || is_position(name) || is_time(name)
}

pub(super) fn is_measure(name: &str) -> bool {
    has_word(name, MEASURES)
}

pub(super) fn is_prose(name: &str) -> bool {
    has_word(name, PROSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_come_from_whole_words() {
        assert!(is_code("zip") && is_code("postal_code") && is_code("home_phone2"));
        assert!(!is_code("zipper") && !is_code("order_id"));
        assert!(is_key("order_id") && is_key("id") && is_key("route_no") && is_key("isbn"));
        assert!(!is_key("id_type") && !is_key("paid") && !is_key("phone"));
        assert!(is_id_or_count("row_count") && !is_id_or_count("amount"));
        assert!(is_time("taken_at") && is_time("year") && !is_time("attempt"));
        assert!(is_position("stop_sequence"));
    }
}
