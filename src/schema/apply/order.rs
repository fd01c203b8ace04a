//! The order in which files of `sql/` are applied.

use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use anyhow::Result;
use std::collections::BTreeSet;

/// Sorts files by layer. Within a layer, a file comes after the files that it reads.
pub(in crate::schema) fn in_order(files: &[SqlFile]) -> Result<Vec<&SqlFile>> {
    let mut ordered: Vec<&SqlFile> = Vec::new();
    let mut waiting: Vec<&SqlFile> = files.iter().collect();
    waiting.sort_by(|one, other| (one.layer, &one.name).cmp(&(other.layer, &other.name)));
    let mut names: BTreeSet<(Layer, &str)> = files
        .iter()
        .map(|file| (file.layer, file.name.as_str()))
        .collect();
    while !waiting.is_empty() {
        let is_ready = |file: &SqlFile| {
            !file
                .reads()
                .any(|read| read != file.name && names.contains(&(file.layer, read)))
        };
        let lowest = waiting[0].layer;
        let Some(next) = waiting
            .iter()
            .position(|file| file.layer == lowest && is_ready(file))
        else {
            let circle: Vec<_> = waiting
                .iter()
                .filter(|file| file.layer == lowest)
                .map(|file| format!("\"{}\"", file.path))
                .collect();
            return Err(Failure::new(
                Exit::Usage,
                format!("files read each other in a circle: {}", circle.join(", ")),
            )
            .hint("Correct the \"reads:\" lines of their headers.")
            .into());
        };
        let next = waiting.remove(next);
        names.remove(&(next.layer, next.name.as_str()));
        ordered.push(next);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn file(layer: Layer, name: &str, reads: &str) -> SqlFile {
        SqlFile {
            path: format!("{name}.sql"),
            layer,
            name: name.into(),
            header: BTreeMap::from([("reads".into(), reads.into())]),
            text: String::new(),
            sha256: String::new(),
        }
    }

    #[test]
    fn what_is_read_comes_before_what_reads_it() -> Result<()> {
        let files = [
            file(Layer::Mart, "public.a", "public.z, core.x"),
            file(Layer::Mart, "public.z", "core.x"),
            file(Layer::Core, "core.x", "staging.s"),
        ];
        let names: Vec<_> = in_order(&files)?.iter().map(|file| &file.name).collect();
        assert_eq!(names, ["core.x", "public.z", "public.a"]);
        Ok(())
    }

    #[test]
    fn a_circle_names_both_files() {
        let files = [
            file(Layer::Mart, "public.a", "public.b"),
            file(Layer::Mart, "public.b", "public.a"),
        ];
        let message = in_order(&files).map(|_| ()).unwrap_err().to_string();
        assert!(message.contains("public.a.sql") && message.contains("public.b.sql"));
    }
}
