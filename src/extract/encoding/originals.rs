//! The bytes of a file beside its decoded text. They are kept while their text is in view, because several byte
//! sequences of an encoding may be the same character.

use super::Encoding;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Shared by the decoder, which adds bytes, and the window, which discards them.
#[derive(Clone)]
pub(in crate::extract) struct Originals(Rc<RefCell<Kept>>);

struct Kept {
    bytes: VecDeque<u8>,
    /// For each byte of the text, how many bytes of the file it stands for. The first byte of a character has all of
    /// its character's.
    widths: VecDeque<u8>,
    /// Whether the file is UTF-8 as well; None if that is not asked.
    utf8: Option<Utf8Check>,
}

impl Originals {
    pub(super) fn new(encoding: Encoding) -> Originals {
        let is_checked = !matches!(encoding, Encoding::Utf8 | Encoding::Utf16 { .. });
        Originals(Rc::new(RefCell::new(Kept {
            bytes: VecDeque::new(),
            widths: VecDeque::new(),
            utf8: is_checked.then(Utf8Check::default),
        })))
    }

    /// Adds bytes of the file, and the widths of the text that they were decoded to.
    pub(super) fn add(&self, bytes: &[u8], widths: &[u8]) {
        let mut kept = self.0.borrow_mut();
        kept.bytes.extend(bytes);
        kept.widths.extend(widths);
        if let Some(utf8) = &mut kept.utf8 {
            utf8.add(bytes);
        }
    }

    /// How many bytes of the file the first `length` bytes of the text stand for.
    pub(in crate::extract) fn width(&self, length: usize) -> usize {
        self.0.borrow().width(length)
    }

    /// The bytes of the file that the first `length` bytes of the text stand for.
    pub(in crate::extract) fn first(&self, length: usize) -> Vec<u8> {
        let kept = self.0.borrow();
        kept.bytes
            .iter()
            .take(kept.width(length))
            .copied()
            .collect()
    }

    /// Discards the bytes of the first `length` bytes of the text. Returns how many they were.
    pub(in crate::extract) fn discard(&self, length: usize) -> usize {
        let mut kept = self.0.borrow_mut();
        let width = kept.width(length);
        kept.bytes.drain(..width);
        kept.widths.drain(..length);
        width
    }

    /// Whether the file, as far as it was read, is valid UTF-8 with other characters than ASCII.
    pub(in crate::extract) fn is_also_utf8(&self) -> Option<bool> {
        self.0.borrow().utf8.as_ref().map(Utf8Check::is_utf8)
    }
}

impl Kept {
    fn width(&self, length: usize) -> usize {
        let widths = self.widths.iter().take(length);
        widths.map(|width| usize::from(*width)).sum()
    }
}

/// Checks whether bytes that arrive in pieces are UTF-8.
#[derive(Default)]
struct Utf8Check {
    is_invalid: bool,
    has_other_than_ascii: bool,
    /// The start of a character whose other bytes have not arrived.
    partial: Vec<u8>,
}

impl Utf8Check {
    fn add(&mut self, bytes: &[u8]) {
        if self.is_invalid || (self.partial.is_empty() && bytes.is_ascii()) {
            return;
        }
        self.has_other_than_ascii = true;
        self.partial.extend_from_slice(bytes);
        match std::str::from_utf8(&self.partial) {
            Ok(_) => self.partial.clear(),
            Err(error) => {
                self.is_invalid = error.error_len().is_some();
                self.partial.drain(..error.valid_up_to());
            }
        }
    }

    fn is_utf8(&self) -> bool {
        self.has_other_than_ascii && !self.is_invalid && self.partial.is_empty()
    }
}
