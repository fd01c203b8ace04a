//! The layers of `sql/`.

/// The layer of a file, in the order in which objects are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Functions and views of the engine.
    Elt,
    /// Core queries, and the views that they share.
    Core,
    /// Views and tables for queries.
    Mart,
    /// Rules.
    Quality,
    /// Queries of exported files.
    Export,
}

impl Layer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Layer::Elt => "elt",
            Layer::Core => "core",
            Layer::Mart => "mart",
            Layer::Quality => "quality",
            Layer::Export => "export",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Layer> {
        match name {
            "elt" => Some(Layer::Elt),
            "core" => Some(Layer::Core),
            "mart" => Some(Layer::Mart),
            "quality" => Some(Layer::Quality),
            "export" => Some(Layer::Export),
            _ => None,
        }
    }

    /// The schema of its objects. Exports are not objects; for them it is only a part of their name.
    pub(super) fn schema(self) -> &'static str {
        match self {
            Layer::Elt => "elt",
            Layer::Core => "core",
            Layer::Mart => "public",
            Layer::Quality => "quality",
            Layer::Export => "export",
        }
    }

    pub(super) fn from_folder(folder: &str) -> Option<Layer> {
        match folder {
            "" => Some(Layer::Elt),
            "elt" => None,
            _ => Layer::from_name(folder),
        }
    }
}
