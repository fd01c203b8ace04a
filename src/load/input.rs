//! The input of a source: a file of the data folder, stdin, or an API. Missing files are reported before the
//! load begins.

use super::folders::Folders;
use super::source::{Source, live_location, reading};
use crate::extract::digest::{Digest, DigestingReader};
use crate::extract::rest::{Access, RestExtract};
use crate::extract::{self, Extract, compressed_names};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::signals;
use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use postgres::Client;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Bytes of a file that one connection copies in a tenth of a second.
const LARGE: u64 = 4 * 1024 * 1024;

/// Milliseconds between two checks for Ctrl-C.
const LOOK: u8 = 100;

pub(crate) enum Input {
    /// The absolute path.
    File(PathBuf),
    Stdin,
    Api(Box<Access>),
}

impl Input {
    /// The location, for records and messages.
    pub(crate) fn location(&self) -> String {
        match self {
            Input::File(path) => path.to_string_lossy().into_owned(),
            Input::Stdin => "(stdin)".into(),
            Input::Api(access) => access.location(),
        }
    }

    /// The kind of input, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Input::File(_) | Input::Stdin => "file",
            Input::Api(_) => "API",
        }
    }

    /// The size in bytes, if known.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Input::File(path) => fs::metadata(path).ok().map(|metadata| metadata.len()),
            Input::Stdin | Input::Api(_) => None,
        }
    }

    /// Whether several connections to the server may be worth it. An API is slower than copying its rows.
    pub(crate) fn is_large(&self) -> bool {
        match self {
            Input::File(_) => self.size().is_some_and(|size| size >= LARGE),
            Input::Stdin => true,
            Input::Api(_) => false,
        }
    }

    /// Starts to read. `requests`: the number of parallel requests to an API. `after_row`: the number after
    /// which `_row` continues.
    pub(crate) fn open(
        self,
        source: &Source,
        requests: usize,
        digest: Rc<RefCell<Digest>>,
        after_row: u64,
    ) -> Result<Box<dyn Extract>> {
        let read = |reader: Box<dyn Read>| {
            let input = DigestingReader {
                reader,
                digest: Rc::clone(&digest),
            };
            extract::open(&source.layout, Box::new(input), &source.columns, after_row)
        };
        match self {
            Input::File(path) => {
                let file = File::open(&path).with_context(|| reading(&path))?;
                read(Box::new(file))
            }
            Input::Stdin => read(Box::new(InterruptibleStdin(
                std::io::stdin().as_fd().try_clone_to_owned()?.into(),
            ))),
            Input::Api(access) => Ok(Box::new(RestExtract::open(*access, requests, digest)?)),
        }
    }
}

/// A pipe that can be interrupted with Ctrl-C while it has no data.
struct InterruptibleStdin(File);

impl Read for InterruptibleStdin {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if signals::happened() {
                return Err(std::io::Error::other("interrupted"));
            }
            let mut input = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
            match poll(&mut input, LOOK) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return self.0.read(buffer),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Sets the file of each source to the absolute path of its live load. For sources that were never loaded, to
/// the path in the folders.
pub(super) fn use_live_locations(
    client: &mut Client,
    sources: &mut [Source],
    folders: &Folders,
) -> Result<()> {
    for source in sources {
        if let Some(file) = &source.file {
            let place = match live_location(client, source)? {
                Some(location) => PathBuf::from(location),
                None => folders.find(file)?,
            };
            source.file = Some(place.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Sets the file of each source to its absolute path in one folder.
pub(super) fn use_folder(sources: &mut [Source], data: &Path) -> Result<()> {
    let data = std::path::absolute(data)?;
    for file in sources.iter_mut().filter_map(|source| source.file.as_mut()) {
        *file = present(&data.join(&*file)).to_string_lossy().into_owned();
    }
    Ok(())
}

/// Refuses files that are outside the folders.
pub(super) fn require_below(sources: &[Source], folders: &Folders) -> Result<()> {
    for source in sources {
        if let Some(file) = &source.file {
            let what = format!("file of source \"{}\"", source.name);
            let path = Path::new(file);
            folders.require(&what, path, path.parent().unwrap_or(path))?;
        }
    }
    Ok(())
}

/// Removes sources whose file is missing from the list, and returns a message for each.
pub(super) fn remove_missing(sources: &mut Vec<Source>) -> Vec<String> {
    let mut gone = Vec::new();
    sources.retain(|source| {
        let place = source.file.as_deref();
        let problem = place.and_then(|file| Some((file, file_problem(Path::new(file))?)));
        if let Some((file, problem)) = &problem {
            gone.push(format!(
                "\"{file}\" of source \"{}\" {problem}",
                source.name
            ));
        }
        problem.is_none()
    });
    gone
}

/// The input of each source, whose file is an absolute path.
pub(crate) fn at_absolute_paths(sources: &[Source]) -> Result<Vec<Input>> {
    in_folder(sources, Path::new("/"))
}

/// The input of each source. All files that cannot be loaded are reported together.
pub(crate) fn in_folder(sources: &[Source], data: &Path) -> Result<Vec<Input>> {
    if let Some(load_id) = sources.iter().find_map(|source| source.named_load) {
        let message = format!("load {load_id} is named without a file of its corrected rejects");
        return Err(Failure::new(Exit::Usage, message)
            .hint("For example: " + elt!("load", load_id, "--replay", "FILE") + ".")
            .into());
    }
    if data == Path::new("-") {
        return from_stdin(sources);
    }
    let data = std::path::absolute(data)?;
    let has_files = sources.iter().any(|source| source.file.is_some());
    if has_files && let Some(problem) = folder_problem(&data) {
        let message = format!("folder \"{}\" {problem}", data.display());
        return Err(Failure::new(Exit::Failed, message)
            .detail("Nothing was loaded.")
            .hint("Name the folder of the input files with --data.")
            .into());
    }
    let mut missing = Vec::new();
    for source in sources {
        if let Some(file) = &source.file
            && let path = present(&data.join(file))
            && let Some(problem) = file_problem(&path)
        {
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
            (Some(file), _) => Ok(Input::File(present(&data.join(file)))),
            (None, Some(settings)) => Ok(Input::Api(Box::new(Access::find(settings.clone())?))),
            (None, None) => {
                let message = format!("source \"{}\" has no row in elt.rest_source", source.name);
                Err(Failure::new(Exit::Schema, message)
                    .hint("Insert it with a migration: see src/extract/rest/README.md, \"Add an API\".")
                    .into())
            }
        });
    inputs.collect()
}

/// The file, or a compressed file of the same name if it is missing.
fn present(path: &Path) -> PathBuf {
    if path.exists() {
        return path.to_path_buf();
    }
    let name = path.to_string_lossy();
    compressed_names(&name)
        .into_iter()
        .map(PathBuf::from)
        .find(|compressed| compressed.exists())
        .unwrap_or_else(|| path.to_path_buf())
}

fn from_stdin(sources: &[Source]) -> Result<Vec<Input>> {
    match sources {
        [source] if source.file.is_some() => Ok(vec![Input::Stdin]),
        _ => Err(
            Failure::new(Exit::Usage, "--data - needs the name of one file source")
                .hint("For example: " + elt!("load", "SOURCE", "--data", "-") + " < file.")
                .into(),
        ),
    }
}

/// The absolute path of a named file, which must exist.
pub(crate) fn named_file(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path)?;
    match file_problem(&path) {
        None => Ok(path),
        Some(problem) => Err(Failure::new(
            Exit::Failed,
            format!("file \"{}\" {problem}", path.display()),
        )
        .hint("Check the spelling and the folder that you run elt from.")
        .into()),
    }
}

fn folder_problem(path: &Path) -> Option<String> {
    match fs::read_dir(path).map_err(|error| (error.kind(), error)) {
        Ok(_) => None,
        Err((ErrorKind::NotFound, _)) => Some("does not exist".to_string()),
        Err((ErrorKind::NotADirectory, _)) => Some("is a file".to_string()),
        // Its files can still be read by name.
        Err((ErrorKind::PermissionDenied, _)) if path.is_dir() => None,
        Err((_, error)) => Some(format!("cannot be read: {error}")),
    }
}

fn file_problem(path: &Path) -> Option<String> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => None,
        Ok(metadata) if metadata.is_dir() => Some("is a folder".to_string()),
        Ok(_) => Some("is not a regular file".to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound => Some("does not exist".to_string()),
        Err(error) => Some(format!("cannot be read: {error}")),
    }
}

fn cannot_load(missing: &[String]) -> anyhow::Error {
    Failure::new(
        Exit::Failed,
        match missing {
            [one] => format!("file {one}"),
            several => format!("could not load {} files", several.len()),
        },
    )
    .detail(match missing {
        [_] => "Nothing was loaded.".to_string(),
        several => format!("{}.", several.join("; ")),
    })
    .hint(
        "Name the folder with --data, or load only the sources whose files you have: "
            + elt!("load", "SOURCE")
            + ".",
    )
    .into()
}
