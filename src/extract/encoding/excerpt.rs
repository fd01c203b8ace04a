//! The part of a file that explains why it is not UTF-8.

use super::code_page::CodePage;
use super::names::table;

/// The most bytes that are shown on each side.
const SHOWN: usize = 20;

/// The text in an encoding.
pub(super) fn text(name: &str, bytes: &[u8]) -> String {
    if let Some(page) = CodePage::named(name) {
        return page.text(bytes);
    }
    let text = table(name).map(|table| table.decode_without_bom_handling(bytes).0);
    text.unwrap_or_default().into_owned()
}

/// The word around a byte.
pub(super) fn excerpt(bytes: &[u8], at: usize) -> Vec<u8> {
    let is_inside = |byte: &u8| !b",;|\t\r\n\"".contains(byte);
    let before = bytes[..at].iter().rev().take(SHOWN);
    let start = at - before.take_while(|byte| is_inside(byte)).count();
    let after = bytes[at..].iter().take(SHOWN);
    let end = at + after.take_while(|byte| is_inside(byte)).count();
    bytes[start..end].to_vec()
}
