//! Collects which line ends a file has.

#[derive(Default)]
pub(super) struct LineEnds {
    has_lf: bool,
    has_crlf: bool,
}

impl LineEnds {
    /// Adds a line or a record, with its line end.
    pub(super) fn note(&mut self, line: &[u8]) {
        match line {
            [.., b'\r', b'\n'] => self.has_crlf = true,
            [.., b'\n'] => self.has_lf = true,
            _ => {}
        }
    }

    /// Adds the line ends of several lines.
    pub(super) fn note_both(&mut self, has_lf: bool, has_crlf: bool) {
        self.has_lf |= has_lf;
        self.has_crlf |= has_crlf;
    }

    /// The value for `elt.load.line_ends`.
    pub(super) fn name(&self) -> Option<&'static str> {
        match (self.has_lf, self.has_crlf) {
            (true, true) => Some("mixed"),
            (true, false) => Some("lf"),
            (false, true) => Some("crlf"),
            (false, false) => None,
        }
    }
}
