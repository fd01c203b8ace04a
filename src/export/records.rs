//! Counts exported records and bytes.

use super::Format;

/// Counts line ends outside quotes, which end records.
pub(super) struct RecordCounter {
    format: Format,
    records: u64,
    pub(super) bytes: u64,
    is_quoted: bool,
}

impl RecordCounter {
    pub(super) fn new(format: Format) -> RecordCounter {
        RecordCounter {
            format,
            records: 0,
            bytes: 0,
            is_quoted: false,
        }
    }

    /// Number of records, without the header.
    pub(super) fn rows(&self) -> u64 {
        match self.format {
            Format::Csv => self.records.saturating_sub(1),
            Format::Ndjson => self.records,
        }
    }

    pub(super) fn count(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
            match bytes[at] {
                b'"' => self.is_quoted = self.format == Format::Csv && !self.is_quoted,
                _ if !self.is_quoted => self.records += 1,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_in_quotes_do_not_end_a_record() {
        let mut counter = RecordCounter::new(Format::Csv);
        counter.count(b"a,b\n1,\"x\n");
        counter.count(b"\"\"y\"\n2,z\n");
        assert_eq!((counter.rows(), counter.bytes), (2, 18));
        let mut counter = RecordCounter::new(Format::Ndjson);
        counter.count(b"{\"a\":\"\\\"\"}\n{}\n");
        assert_eq!(counter.rows(), 2);
    }
}
