//! The order in which files of `sql/` are applied.

use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use anyhow::Result;
use std::collections::BTreeMap;

/// Sorts files by layer. Within a layer, a file comes after the files that it reads.
pub(in crate::schema) fn in_order(files: &[SqlFile]) -> Result<Vec<&SqlFile>> {
    let mut sorted: Vec<&SqlFile> = files.iter().collect();
    sorted.sort_by(|one, other| (one.layer, &one.name).cmp(&(other.layer, &other.name)));
    let numbers: BTreeMap<(Layer, &str), usize> = sorted
        .iter()
        .enumerate()
        .map(|(number, file)| ((file.layer, file.name.as_str()), number))
        .collect();
    // Of the same layer.
    let reads: Vec<Vec<usize>> = sorted
        .iter()
        .map(|file| {
            let others = file.reads().filter(|read| *read != file.name);
            let numbers = others.filter_map(|read| numbers.get(&(file.layer, read)));
            numbers.copied().collect()
        })
        .collect();
    let mut is_done = vec![false; sorted.len()];
    let mut waiting: Vec<usize> = (0..sorted.len()).collect();
    let mut ordered = Vec::new();
    while let Some(first) = waiting.first() {
        let lowest = sorted[*first].layer;
        let is_ready = |number: usize| reads[number].iter().all(|read| is_done[*read]);
        let Some(next) = waiting
            .iter()
            .position(|number| sorted[*number].layer == lowest && is_ready(*number))
        else {
            let circle: Vec<_> = waiting
                .iter()
                .map(|number| sorted[*number])
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
        is_done[next] = true;
        ordered.push(sorted[next]);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

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
