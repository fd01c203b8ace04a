//! What a source is loaded from: a file of the data folder, or an API. Whatever is missing is known
//! before anything begins.

use super::source::{Source, live_location, reading};
use crate::extract::digest::{Digest, DigestingReader};
use crate::extract::rest::{Access, RestExtract};
use crate::extract::{self, Extract};
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use postgres::Client;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub(crate) enum Input {
    /// Its absolute path.
    File(PathBuf),
    Api(Box<Access>),
}

impl Input {
    /// For the record and for people.
    pub(crate) fn location(&self) -> String {
        match self {
            Input::File(path) => path.to_string_lossy().into_owned(),
            Input::Api(access) => access.location(),
        }
    }

    /// Begins to read. `jobs`: how many requests to an API may be under way at once.
    pub(crate) fn open(
        self,
        source: &Source,
        jobs: usize,
        digest: Rc<RefCell<Digest>>,
    ) -> Result<Box<dyn Extract>> {
        match self {
            Input::File(path) => {
                let reader = File::open(&path).with_context(|| reading(&path))?;
                let input = DigestingReader { reader, digest };
                extract::open(&source.format, Box::new(input), &source.columns)
            }
            Input::Api(access) => Ok(Box::new(RestExtract::open(*access, jobs, digest)?)),
        }
    }
}

/// Files where they were when they were loaded last, and those of them that are gone.
pub(crate) fn still_there(
    client: &mut Client,
    sources: Vec<Source>,
    default_data: &Path,
) -> Result<(Vec<Source>, Vec<String>)> {
    let default_data = std::path::absolute(default_data)?;
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for mut source in sources {
        if let Some(file) = &source.file {
            let place = match live_location(client, &source)? {
                Some(location) => PathBuf::from(location),
                None => default_data.join(file),
            };
            if let Some(problem) = file_problem(&place) {
                gone.push(format!(
                    "\"{}\" of source \"{}\" {problem}",
                    place.display(),
                    source.name
                ));
                continue;
            }
            source.file = Some(place.to_string_lossy().into_owned());
        }
        there.push(source);
    }
    Ok((there, gone))
}

/// The input of each source, whose file is an absolute path.
pub(crate) fn at_places(sources: &[Source]) -> Result<Vec<Input>> {
    of_sources(sources, Path::new("/"))
}

/// The input of each source. All files that cannot be loaded are named at once.
pub(crate) fn of_sources(sources: &[Source], data: &Path) -> Result<Vec<Input>> {
    let data = std::path::absolute(data)?;
    let has_files = sources.iter().any(|source| source.file.is_some());
    if has_files && !data.is_dir() {
        let problem = if data.exists() {
            "is no folder"
        } else {
            "does not exist"
        };
        let message = format!("\"{}\" {problem}", data.display());
        return Err(Failure::new(Exit::Failed, message)
            .hint("Name the folder of the input files with --data.")
            .into());
    }
    let mut missing = Vec::new();
    for source in sources {
        if let Some(file) = &source.file
            && let Some(problem) = file_problem(&data.join(file))
        {
            let path = data.join(file);
            missing.push(format!(
                "\"{}\" of source \"{}\" {problem}",
                path.display(),
                source.name
            ));
        }
    }
    if !missing.is_empty() {
        return Err(cannot_load(&missing));
    }
    let inputs = sources
        .iter()
        .map(|source| match (&source.file, &source.rest) {
            (Some(file), _) => Ok(Input::File(data.join(file))),
            (None, Some(settings)) => Ok(Input::Api(Box::new(Access::find(settings.clone())?))),
            (None, None) => {
                let message = format!("source \"{}\" has no row in elt.rest_source", source.name);
                Err(Failure::new(Exit::Schema, message)
                    .hint("A migration has to insert it: see sql/README.md, \"To add\".")
                    .into())
            }
        });
    inputs.collect()
}

fn file_problem(path: &Path) -> Option<String> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => None,
        Ok(metadata) if metadata.is_dir() => Some("is a folder".to_string()),
        Ok(_) => Some("is no ordinary file".to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound => Some("does not exist".to_string()),
        Err(error) => Some(format!("cannot be read: {error}")),
    }
}

fn cannot_load(missing: &[String]) -> anyhow::Error {
    Failure::new(
        Exit::Failed,
        match missing {
            [one] => format!("file {one}"),
            several => format!("{} files cannot be loaded", several.len()),
        },
    )
    .detail(match missing {
        [_] => "Nothing was loaded.".to_string(),
        several => format!("{}.", several.join("; ")),
    })
    .hint("Name the folder with --data, or the sources that you have: elt load SOURCE.")
    .into()
}
