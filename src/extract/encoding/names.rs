//! The names of encodings.

use super::code_page::CodePage;
use encoding_rs::Encoding as Table;

/// The names of `elt.source.encoding`, as in its check.
pub(crate) const KNOWN: [&str; 50] = [
    "utf-8",
    "latin1",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "ibm866",
    "macintosh",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "shift_jis",
    "euc-kr",
    "cp437",
    "cp737",
    "cp775",
    "cp850",
    "cp852",
    "cp855",
    "cp857",
    "cp858",
    "cp860",
    "cp861",
    "cp863",
    "cp865",
];

/// Labels that encoding_rs does not know or reads in another way, without their punctuation.
const OTHER_LABELS: [(&str, &str); 21] = [
    ("ascii", "utf-8"),
    ("usascii", "utf-8"),
    ("utf8sig", "utf-8"),
    ("utf8bom", "utf-8"),
    ("utf16", "utf-16"),
    ("ucs2", "utf-16"),
    ("unicode", "utf-16"),
    ("latin1", "latin1"),
    ("l1", "latin1"),
    ("iso88591", "latin1"),
    ("ibm819", "latin1"),
    ("cp819", "latin1"),
    ("ansi", "windows-1252"),
    ("cp874", "windows-874"),
    ("macroman", "macintosh"),
    ("mac", "macintosh"),
    ("cp932", "shift_jis"),
    ("ms932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
];

/// The spelling of `elt.source.encoding` for a usual label, such as cp1252, latin-1 or shift-jis.
pub(crate) fn canonical_name(label: &str) -> Option<&'static str> {
    let label = label.trim().to_ascii_lowercase();
    let letters: String = label
        .chars()
        .filter(|each| each.is_ascii_alphanumeric())
        .collect();
    let other = OTHER_LABELS.iter().find(|(label, _)| *label == letters);
    if let Some((_, name)) = other {
        return Some(name);
    }
    let is_same = |name: &&str| name.replace(['-', '_'], "") == letters;
    if let Some(name) = KNOWN.into_iter().find(is_same) {
        return Some(name);
    }
    if let Some(name) = CodePage::name_of_label(&letters) {
        return Some(name);
    }
    let spellings = [label.clone(), label.replace(['_', ' '], "-"), letters];
    let table = spellings
        .iter()
        .find_map(|label| Table::for_label(label.as_bytes()))?;
    let name = match table.name() {
        // The direction of the text makes no difference here.
        "ISO-8859-8-I" => "iso-8859-8",
        name => name,
    };
    known(name)
}

/// The table of a name of `elt.source.encoding`.
pub(super) fn table(name: &str) -> Option<&'static Table> {
    known(name).and_then(|name| Table::for_label(name.as_bytes()))
}

/// The name of a table in `elt.source.encoding`.
pub(super) fn name(table: &'static Table) -> &'static str {
    known(table.name()).unwrap_or("unknown")
}

fn known(name: &str) -> Option<&'static str> {
    KNOWN
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name))
}
