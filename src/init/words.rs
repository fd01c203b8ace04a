//! Hints from the name of a column.

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

/// Numbers that are never halves.
const COUNTS: &[&str] = &[
    "age", "anzahl", "cnt", "count", "counts", "day", "days", "hour", "idx", "index", "line",
    "minute", "month", "page", "pos", "position", "qty", "quantity", "rank", "row", "seq",
    "sequence", "version", "week", "year",
];

/// Where a row stands among those of one thing.
const PLACES: &[&str] = &[
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

/// Sizes and the like, of which every row may have its own.
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

/// What people write as they like.
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

fn has(name: &str, words: &[&str]) -> bool {
    name.split('_')
        .any(|word| words.contains(&word.trim_end_matches(|last: char| last.is_ascii_digit())))
}

/// Whether its digits are a code, as of a postal code or a phone number.
pub(super) fn is_code(name: &str) -> bool {
    has(name, CODES)
}

/// Whether it is called like what identifies a row or counts something.
pub(super) fn is_id_or_count(name: &str) -> bool {
    has(name, IDS) || has(name, COUNTS)
}

/// Whether it is called like a key, as its last word tells.
pub(super) fn is_key(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    IDS.contains(&last) || ["ean", "gtin", "iban", "isbn", "vin"].contains(&last)
}

pub(super) fn is_place(name: &str) -> bool {
    has(name, PLACES)
}

pub(super) fn is_time(name: &str) -> bool {
    has(name, TIMES)
}

/// Whether a sum of it would say nothing.
pub(super) fn is_label(name: &str) -> bool {
    is_key(name) || is_place(name) || is_time(name)
}

pub(super) fn is_measure(name: &str) -> bool {
    has(name, MEASURES)
}

pub(super) fn is_prose(name: &str) -> bool {
    has(name, PROSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_by_their_words() {
        assert!(is_code("zip") && is_code("postal_code") && is_code("home_phone2"));
        assert!(!is_code("zipper") && !is_code("order_id"));
        assert!(is_key("order_id") && is_key("id") && is_key("route_no") && is_key("isbn"));
        assert!(!is_key("id_type") && !is_key("paid") && !is_key("phone"));
        assert!(is_id_or_count("row_count") && !is_id_or_count("amount"));
        assert!(is_time("taken_at") && is_time("year") && !is_time("attempt"));
        assert!(is_place("stop_sequence"));
    }
}
