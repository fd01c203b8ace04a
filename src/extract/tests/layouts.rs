//! Random layouts of CSV files, and the lines around the table that they describe.

use super::mutate::Random;
use crate::extract::Layout;

const ENCODINGS: [&str; 10] = [
    "utf-8",
    "latin1",
    "windows-1252",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "windows-1253",
    "shift_jis",
    "gb18030",
    "euc-jp",
];

/// A layout, and the encoding that the file is written in.
pub(super) fn random_layout(random: &mut Random) -> (Layout, &'static str) {
    let written = random.one_of(&ENCODINGS);
    let mut layout = Layout {
        delimiter: random.one_of(b",,,,;\t|"),
        quote: random.one_of(&[Some(b'"'), Some(b'"'), Some(b'\''), None]),
        encoding: match random.below(8) {
            0 => random.one_of(&ENCODINGS).into(),
            _ => written.into(),
        },
        null_text: random
            .one_of(&[None, Some("NULL"), Some("\\N")])
            .map(Into::into),
        ..Layout::default()
    };
    layout.contract.fills_missing = random.below(3) == 0;
    // Half of the files are plain.
    if random.below(2) == 0 {
        return (layout, written);
    }
    layout.has_header = random.below(4) > 0;
    layout.header_line = random.one_of(&[None, None, Some(1), Some(2), Some(4)]);
    if layout.has_header {
        layout.header_lines = random.one_of(&[1, 1, 1, 2, 3]);
    }
    layout.comment = random
        .one_of(&[None, Some("#"), Some("//"), Some("'#")])
        .map(Into::into);
    layout.escape = random.one_of(&[None, None, Some(b'\\'), Some(b'^')]);
    layout.footer_lines = random.one_of(&[0, 0, 0, 1, 2, 5]);
    layout.trailing_delimiter = random.below(4) == 0;
    layout.short_records = random.below(4) == 0;
    (layout, written)
}

/// The columns of the staging table.
pub(super) fn random_columns(layout: &Layout, random: &mut Random) -> Vec<String> {
    let names: &[&str] = match (layout.has_header, random.below(8)) {
        (true, 0) => &["a"],
        (true, _) => &["a", "b"],
        (false, 0) => &["column_1"],
        (false, 1) => &["column_2", "column_1"],
        (false, 2) => &[],
        (false, _) => &["column_1", "column_2"],
    };
    let missing = match layout.has_header {
        true => "z",
        false => "column_9",
    };
    let missing = layout.contract.fills_missing.then_some(missing);
    let names = names.iter().copied().chain(missing);
    names.map(String::from).collect()
}

/// The table with the lines around it.
pub(super) fn decorate(layout: &Layout, text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(Into::into).collect();
    let header = usize::from(layout.has_header).min(lines.len());
    for _ in 1..layout.header_lines {
        let more = random.one_of(&["x,y,z\n", ",,\n", "\n", "1,2\r\n"]);
        lines.insert(header, more.into());
    }
    if layout.trailing_delimiter {
        for line in &mut lines[header..] {
            *line = line.replace('\n', ",\n").replace("\r,", ",\r");
        }
    }
    if let Some(comment) = &layout.comment {
        for _ in 0..random.below(4) {
            let at = random.below(lines.len() + 1);
            let text = random.one_of(&["\n", " x,y\r\n", "\"\n"]);
            lines.insert(at, format!("{comment}{text}"));
        }
    }
    for _ in 1..layout.header_line.unwrap_or(1) {
        let above = random.one_of(&["Report\n", "\r\n", "\"a\n", "a,b\n"]);
        lines.insert(0, above.into());
    }
    let footer = random.below(layout.footer_lines as usize + 1);
    if footer > 0 && lines.last().is_some_and(|line| !line.ends_with('\n')) {
        lines.push("\n".into());
    }
    for _ in 0..footer {
        let line = random.one_of(&["Total,3\n", "\n\"x\"\n", "1,2\r\n\r\n", "\"\n", "end"]);
        lines.push(line.into());
    }
    lines.concat()
}

/// The number of records of a file in UTF-8 whose layout has no quote and no escape: each is a line.
pub(super) fn count_record_lines(layout: &Layout, file: &[u8], fields: usize) -> usize {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let is_blank = |line: &[u8]| matches!(line, [] | [b'\n'] | [b'\r'] | [b'\r', b'\n']);
    let comment = layout.comment.as_deref().map(str::as_bytes);
    let is_comment = |line: &[u8]| comment.is_some_and(|comment| line.starts_with(comment));
    let mut lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let mut footer = layout.footer_lines;
    while footer > 0
        && let Some(line) = lines.pop()
    {
        footer -= u64::from(!is_blank(line));
    }
    let mut lines: Vec<&[u8]> = lines.split_off(layout.header_line.unwrap_or(1) as usize - 1);
    if layout.has_header && layout.header_line.is_none() {
        while is_blank(lines[0]) || is_comment(lines[0]) {
            lines.remove(0);
        }
    }
    if layout.has_header {
        lines.remove(0);
    }
    lines.retain(|line| !is_comment(line));
    lines.drain(..layout.header_lines as usize - 1);
    if fields > 1 || layout.trailing_delimiter {
        lines.retain(|line| !is_blank(line));
    }
    lines.len()
}
