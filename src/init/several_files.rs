//! A new source whose file is a pattern: `--from 'days/orders-*.csv'`.

use super::new_files::copy_data;
use crate::extract::bucket::Bucket;
use crate::failure::{Exit, Failure};
use crate::load::files::{FoundFile, Pattern, Search};
use crate::terminal::number;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The files that the pattern matches.
pub(super) struct SeveralFiles {
    /// The pattern in the project's data folder.
    pub(super) pattern: String,
    /// The folder of the project's data folder that the files are copied to. None if they are in the data folder.
    copied_to: Option<String>,
    found: Vec<FoundFile>,
}

impl SeveralFiles {
    /// None if `from` names one file. `data`: the data folder of the project; `source`: the name of the source.
    ///
    /// # Errors
    /// If the pattern matches no file.
    pub(super) fn find(
        from: &Path,
        data: &Path,
        source: impl FnOnce(&str) -> Result<String>,
    ) -> Result<Option<(String, SeveralFiles)>> {
        let text = from.to_str().context("the pattern is not UTF-8")?;
        if from.is_dir() {
            let message = format!("\"{text}\" is a folder");
            let all = Path::new(text).join("*.csv");
            return Err(Failure::new(Exit::Failed, message)
                .hint(format!(
                    "Name its files with a pattern in quotes: --from '{}'.",
                    all.display()
                ))
                .into());
        }
        if from.exists() || !text.contains(['*', '?']) {
            return Ok(None);
        }
        let before = text.split(['*', '?']).next().unwrap_or_default();
        let (folder, rest) = match before.rsplit_once('/') {
            Some((folder, _)) => (Path::new(folder), &text[folder.len() + 1..]),
            None => (Path::new("."), text),
        };
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("/"),
            false => folder,
        };
        let folder = fs::canonicalize(folder)
            .with_context(|| format!("could not read folder \"{}\"", folder.display()))?;
        let pattern = Pattern::parse(rest)?.context("the pattern has no sign")?;
        let found = Search::new(&folder).find(&pattern, "name")?;
        if found.is_empty() {
            return Err(Failure::new(Exit::Failed, format!("\"{text}\" matches no file"))
                .hint("Check the spelling and the folder that you run elt from. * stands for any characters but a slash.")
                .into());
        }
        let last = folder.file_name().unwrap_or_default().to_string_lossy();
        let source = source(&name_of(rest, &last))?;
        let below = fs::canonicalize(data).ok();
        let below = below.and_then(|data| folder.strip_prefix(data).ok().map(Path::to_path_buf));
        let (copied_to, prefix) = match below {
            Some(prefix) => (None, prefix.to_string_lossy().into_owned()),
            None => (Some(source.clone()), source.clone()),
        };
        let pattern = match prefix.as_str() {
            "" => rest.to_string(),
            prefix => format!("{prefix}/{rest}"),
        };
        let files = SeveralFiles {
            pattern,
            copied_to,
            found,
        };
        Ok(Some((source, files)))
    }

    /// The largest file, which the types and the key are chosen from.
    pub(super) fn largest(&self) -> PathBuf {
        let largest = self.found.iter().max_by_key(|file| file.size);
        largest.map_or(PathBuf::new(), |file| file.path.clone())
    }

    /// Says which file was read.
    pub(super) fn note(&self) -> String {
        let largest = self.largest();
        let name = largest.file_name().unwrap_or_default().to_string_lossy();
        note(self.found.len(), &name)
    }

    /// Copies the files into the data folder. Returns what was written, for the user.
    pub(super) fn copy(&self, folder: &Path) -> Result<Option<String>> {
        let Some(to) = &self.copied_to else {
            return Ok(None);
        };
        let data = folder.join("data").join(to);
        for file in &self.found {
            let path = data.join(&file.name);
            let parent = path.parent().unwrap_or(&data);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            copy_data(&file.path, parent, &name)?;
        }
        Ok(Some(format!("data/{to}/")))
    }
}

/// An object of a bucket that stands for all that a pattern matches.
pub(super) struct SampleObject {
    pub(super) address: String,
    /// Says which object was read.
    pub(super) note: String,
}

/// The largest object that the pattern in an address matches. None if the address names one object. `source`: the name
/// of the source.
///
/// # Errors
/// If the bucket cannot be listed, or the pattern matches no object.
pub(super) fn sample_object(source: &str, address: &str) -> Result<Option<SampleObject>> {
    let key = address.splitn(4, '/').nth(3).unwrap_or_default();
    let Some(pattern) = Pattern::parse(key)? else {
        return Ok(None);
    };
    let bucket = Bucket::find(source, address, None, "--from")?;
    let listed = bucket.list(&|key| pattern.matches(key))?;
    let Some(largest) = listed.iter().max_by_key(|object| object.size) else {
        let message = format!("\"{address}\" matches no object");
        return Err(Failure::new(Exit::Failed, message)
            .hint("Check the spelling. * stands for any characters but a slash, and **/ for any folders.")
            .into());
    };
    Ok(Some(SampleObject {
        address: bucket.object(&largest.key)?.location(),
        note: note(listed.len(), &largest.key),
    }))
}

fn note(count: usize, name: &str) -> String {
    format!(
        "layout, types and key are those of the largest of {} files, {name}. Values of other files that do not fit \
         are reported when they are loaded",
        number(i64::try_from(count).unwrap_or(i64::MAX))
    )
}

/// The name of a file that a source is named after: the last part of a pattern, or its folder if that part has no word.
pub(super) fn name_of(pattern: &str, folder: &str) -> String {
    let last = pattern.rsplit('/').next().unwrap_or(pattern);
    let stem = last.split('.').next().unwrap_or_default();
    match stem.contains(|sign: char| sign.is_alphabetic()) {
        true => last.replace(['*', '?'], "_"),
        false => folder.into(),
    }
}
