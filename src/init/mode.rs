//! The mode of a source.

/// The rows that a file of the source contains: `elt.source.mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, clap::ValueEnum)]
pub(crate) enum Mode {
    /// All rows; they replace the earlier ones
    #[default]
    Replace,
    /// Rows to add
    Append,
    /// New and changed rows, matched by the key
    Merge,
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Mode::Replace => "replace",
            Mode::Append => "append",
            Mode::Merge => "merge",
        }
    }
}
