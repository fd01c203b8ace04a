//! Random tables, written in random layouts: each value is read as it was.

use super::layouts::random_layout;
use super::mutate::{Random, encoded};
use super::read::check;
use super::{ShownCase, mutations};
use crate::copy::unescape;
use crate::extract::Layout;

const PIECES: [&str; 16] = [
    ",", ";", "\t", "|", "\"", "'", "\\", "^", "\n", "\r\n", "\r", "x", "ä", "NULL", "N", " ",
];

#[test]
fn every_value_of_a_written_table_is_read() {
    for case in 0..mutations() {
        let mut random = Random(case ^ 0x7ab1e);
        let (mut layout, _) = random_layout(&mut random);
        layout.comment = layout.comment.map(|_| "#".into());
        let encoding = random.one_of(&["utf-8", "utf-8", "latin1", "utf-16le"]);
        layout.encoding = encoding.into();
        let width = 1 + random.below(4);
        let mut table: Vec<Vec<String>> = (0..1 + random.below(5))
            .map(|_| (0..width).map(|_| value(&layout, &mut random)).collect())
            .collect();
        if width == 1 && !layout.has_header {
            // A file of blank lines is empty.
            table[0][0].push('x');
        }
        let mut writer = Writer {
            layout: &layout,
            random: &mut random,
        };
        let (text, nulls) = writer.file(&mut table);
        let shown = ShownCase(case, encoded(&text, encoding));
        let prefix = if layout.has_header {
            "name_"
        } else {
            "column_"
        };
        let columns: Vec<String> = (1..=width).map(|at| format!("{prefix}{at}")).collect();
        let (read, _) = check(&layout, &columns, &shown.1, &mut random);
        assert_eq!(read.error, None, "{text:?}");
        assert_eq!(read.rejects, [], "{text:?}");
        let expected: Vec<Vec<Option<String>>> = table
            .into_iter()
            .zip(nulls)
            .map(|(row, nulls)| {
                let values = row.into_iter().zip(nulls);
                values
                    .map(|(value, is_null)| (!is_null).then_some(value))
                    .collect()
            })
            .collect();
        assert_eq!(rows(&read.copy, width), expected, "{text:?}");
    }
}

/// A value that the layout can express.
fn value(layout: &Layout, random: &mut Random) -> String {
    let mut value = String::new();
    for _ in 0..random.below(5) {
        value += random.one_of(&PIECES);
    }
    if layout.quote.is_none() {
        if layout.escape.is_none() {
            value = value.replace([char::from(layout.delimiter), '\n'], "");
        }
        // It would be part of the line end.
        value = value.trim_end_matches('\r').into();
    }
    value
}

struct Writer<'a> {
    layout: &'a Layout,
    random: &'a mut Random,
}

impl Writer<'_> {
    /// The file, and for each value whether it is read as null.
    fn file(&mut self, table: &mut [Vec<String>]) -> (String, Vec<Vec<bool>>) {
        let layout = self.layout;
        let width = table[0].len();
        let mut file = "above,\"\n".repeat(layout.header_line.unwrap_or(1) as usize - 1);
        let delimiter = char::from(layout.delimiter).to_string();
        for line in 0..layout.header_lines {
            if !layout.has_header {
                break;
            }
            let name = |at| match line {
                0 => format!("name_{at}"),
                _ => String::new(),
            };
            let names: Vec<String> = (1..=width).map(name).collect();
            file += &format!("{}\n", names.join(&delimiter));
        }
        let mut nulls = Vec::new();
        for record in table.iter_mut() {
            if layout.comment.is_some() && self.random.below(4) == 0 {
                file += "#\"\n";
            }
            nulls.push(self.record(record, &mut file));
        }
        // Blank lines at the end are records of one column, unless they are behind the footer.
        for _ in 0..layout.footer_lines {
            file += self.random.one_of(&["Total,1\n", "\"\r\n", "end\n\n"]);
        }
        (file, nulls)
    }

    fn record(&mut self, record: &mut [String], file: &mut String) -> Vec<bool> {
        let layout = self.layout;
        let mut line = String::new();
        let mut nulls = Vec::new();
        let mut fields = Vec::new();
        for value in record.iter() {
            let (field, is_null) = self.field(value, fields.is_empty());
            fields.push(field);
            nulls.push(is_null);
        }
        if layout.trailing_delimiter {
            fields.push(String::new());
        }
        let is_one_line = !fields.iter().any(|field| field.contains('\n'));
        while layout.short_records
            && is_one_line
            && fields.len() > 1
            && fields.last().is_some_and(String::is_empty)
            && (fields.len() > 2 || !fields[0].is_empty())
            && self.random.below(2) == 0
        {
            fields.pop();
        }
        line += &fields.join(&char::from(layout.delimiter).to_string());
        file.push_str(&line);
        file.push_str(self.random.one_of(&["\n", "\r\n"]));
        nulls
    }

    /// The text of a value, and whether it is read as null.
    fn field(&mut self, value: &str, is_first: bool) -> (String, bool) {
        let layout = self.layout;
        let sign = |sign: Option<u8>| sign.map(char::from);
        let (quote, escape) = (sign(layout.quote), sign(layout.escape));
        let delimiter = char::from(layout.delimiter);
        let special = |sign: char| Some(sign) == quote || sign == delimiter || sign == '\n';
        let needs_quotes = value.ends_with('\r')
            || (is_first && value.starts_with('#'))
            || (escape.is_none() && value.contains(special));
        let quote_around = quote.filter(|_| needs_quotes || self.random.below(3) == 0);
        let (mut field, mut is_escaped) = (String::new(), false);
        let mut signs = value.chars().peekable();
        while let Some(each) = signs.next() {
            let is_crlf = each == '\r' && signs.peek() == Some(&'\n');
            let doubles = quote_around.is_some() && Some(each) == quote;
            // Inside quotes, delimiters and line ends need no escape.
            let may_escape = special(each) || Some(each) == escape || is_crlf;
            let must_escape = Some(each) == escape
                || quote_around.is_none()
                || (doubles && self.random.below(2) == 0);
            match escape.filter(|_| may_escape && (must_escape || self.random.below(2) == 0)) {
                Some(escape) => {
                    is_escaped = true;
                    field.push(escape);
                }
                None if doubles => field.push(each),
                None => {}
            }
            field.push(each);
            if is_crlf {
                field.extend(signs.next());
            }
        }
        let is_null_text = layout.null_text.as_deref() == Some(value) && !is_escaped;
        if let Some(quote) = quote_around {
            field = format!("{quote}{field}{quote}");
        }
        (field, value.is_empty() || is_null_text)
    }
}

/// The values of COPY text.
fn rows(copy: &[u8], width: usize) -> Vec<Vec<Option<String>>> {
    let text = std::str::from_utf8(copy).expect("COPY text is UTF-8");
    let value = |field: &str| {
        let value = String::from_utf8(unescape(field.as_bytes())).expect("it is UTF-8");
        (field != "\\N").then_some(value)
    };
    text.lines()
        .map(|line| line.split('\t').take(width).map(value).collect())
        .collect()
}
