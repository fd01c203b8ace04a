//! Finds the input of each source: a file of the data folder, stdin, a file at an address, or an API. Missing files are reported before
//! the load begins.

use super::files::{Files, Search, find_objects};
use super::folders::Folders;
use super::input::Input;
use super::live_loads::live_location;
use super::remote::{RemoteInput, is_remote};
use super::source::Source;
use super::watch::Watch;
use crate::extract::compressed_names;
use crate::extract::rest::Access;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Sets the file of each source to the absolute path of its live load. For sources that were never loaded, to
/// the path in the folders.
pub(super) fn use_live_locations(
    client: &mut Client,
    sources: &mut [Source],
    folders: &Folders,
) -> Result<()> {
    for source in sources {
        if let Some(pattern) = source.pattern()? {
            let live = live_location(client, source)?;
            let folder = live.and_then(|live| folder_of(client, source, &live).transpose());
            let first = folders.find(pattern.folder())?;
            let parent = first.ancestors().nth(depth_of(pattern.folder()));
            source.folder = Some(match folder.transpose()? {
                Some(folder) => folder,
                None => parent.unwrap_or(&first).to_path_buf(),
            });
        } else if let Some(file) = source.local_file() {
            let live = live_location(client, source)?;
            // The file of the source may have been at an address before.
            let place = match live.filter(|location| !is_remote(location)) {
                Some(location) => PathBuf::from(location),
                None => folders.find(file)?,
            };
            source.file = Some(place.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// The data folder of a live load of files that a pattern found.
fn folder_of(client: &mut Client, source: &Source, location: &str) -> Result<Option<PathBuf>> {
    let sql = "select coalesce(load.file_name, source.file) from elt.live_load inner join elt.load using (load_id) \
               inner join elt.source on load.source = source.source where live_load.source = $1";
    let name: Option<String> = client.query_one(sql, &[&source.name])?.get(0);
    let folder = name.and_then(|name| location.strip_suffix(name.as_str()));
    Ok(folder.map(|folder| PathBuf::from(folder.trim_end_matches('/'))))
}

fn depth_of(folder: &str) -> usize {
    folder.split('/').filter(|part| !part.is_empty()).count()
}

/// Sets the file of each source in the data folder to its absolute path in one folder.
pub(super) fn use_folder(sources: &mut [Source], data: &Path) -> Result<()> {
    let data = std::path::absolute(data)?;
    for source in sources {
        if source.pattern()?.is_some() {
            source.folder = Some(data.clone());
        } else if let Some(file) = source.local_file() {
            let path = present(&data.join(file));
            source.file = Some(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Refuses files and folders of patterns that are outside the folders.
pub(super) fn require_below(sources: &[Source], folders: &Folders) -> Result<()> {
    for source in sources {
        if let Some(file) = source.local_file() {
            let what = format!("file of source \"{}\"", source.name);
            let path = Path::new(file);
            match &source.folder {
                Some(folder) => folders.require(&what, folder, folder)?,
                None => folders.require(&what, path, path.parent().unwrap_or(path))?,
            }
        }
    }
    Ok(())
}

/// Refuses files of patterns that lie outside the folders, because a link leads there.
pub(super) fn require_found_below(inputs: &[Input], folders: &Folders) -> Result<()> {
    for input in inputs {
        if let Input::Files(files) = input {
            for file in files.found.iter().filter(|file| file.is_on_disk()) {
                let folder = file.path.parent().unwrap_or(&file.path);
                folders.require("a file", &file.path, folder)?;
            }
        }
    }
    Ok(())
}

/// Removes sources whose file is missing from the list, and returns a message for each.
pub(super) fn remove_missing(sources: &mut Vec<Source>) -> Vec<String> {
    let mut gone = Vec::new();
    sources.retain(|source| {
        // The files of a pattern are looked up later.
        let place = source.local_file().filter(|_| source.folder.is_none());
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
    in_folder(sources, Path::new("/"), None)
}

/// The input of each source. All files that cannot be loaded are reported together.
pub(crate) fn in_folder(
    sources: &[Source],
    data: &Path,
    watch: Option<&RefCell<Watch>>,
) -> Result<Vec<Input>> {
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
    let has_files = sources.iter().any(|source| source.local_file().is_some());
    if has_files {
        require_folder(&data)?;
    }
    let mut missing = Vec::new();
    let mut found = find_files(sources, &data, watch, &mut missing)?;
    for source in sources {
        if let Some(file) = source.local_file()
            && !found.contains_key(&source.name)
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
            (Some(file), _) if is_remote(file) && !found.contains_key(&source.name) => {
                Ok(Input::Remote(Box::new(RemoteInput::find(source, file)?)))
            }
            (Some(file), _) => Ok(match found.remove(&source.name) {
                Some(files) => Input::Files(files),
                None => Input::File(present(&data.join(file))),
            }),
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

/// The files of each source whose file is a pattern. Adds a message for each pattern that matches no file, and prints
/// the other files in the same folders.
fn find_files(
    sources: &[Source],
    data: &Path,
    watch: Option<&RefCell<Watch>>,
    missing: &mut Vec<String>,
) -> Result<HashMap<String, Files>> {
    let mut files = HashMap::new();
    let mut searches: BTreeMap<&Path, Search<'_>> = BTreeMap::new();
    let mut patterns = Vec::new();
    for source in sources {
        if let Some((address, pattern)) = source.object_pattern()? {
            let found = find_objects(source, address, &pattern)?;
            if found.is_empty() {
                missing.push(format!(
                    "\"{address}\" of source \"{}\" matches no object",
                    source.name
                ));
            }
            let location = address.to_string();
            files.insert(source.name.clone(), Files { location, found });
            continue;
        }
        let Some(pattern) = source.pattern()? else {
            continue;
        };
        let data = source.folder.as_deref().unwrap_or(data);
        let search = searches.entry(data).or_insert_with(|| Search::new(data));
        let mut found = search.find(&pattern, &source.order_by)?;
        if let Some(watch) = watch {
            found.retain(|file| watch.borrow_mut().is_settled(file, source.settle));
        }
        let location = data.join(pattern.text()).to_string_lossy().into_owned();
        if found.is_empty() {
            missing.push(format!(
                "\"{location}\" of source \"{}\" matches no file",
                source.name
            ));
        }
        files.insert(source.name.clone(), Files { location, found });
        patterns.push(pattern);
    }
    let named: Vec<&str> = sources.iter().filter_map(Source::local_file).collect();
    for (data, search) in searches {
        let others = search.others(&patterns, &named);
        if let Some(first) = others.first()
            && watch.is_none_or(|watch| watch.borrow_mut().has_new_others(&others))
        {
            terminal::note(format!(
                "{} in \"{}\" {} of these sources: {first}{}",
                if others.len() == 1 {
                    "1 file".into()
                } else {
                    format!("{} files", others.len())
                },
                data.display(),
                if others.len() == 1 {
                    "is none"
                } else {
                    "are none"
                },
                if others.len() == 1 { "" } else { ", ..." },
            ));
        }
    }
    Ok(files)
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

/// An error if the data folder does not exist.
pub(super) fn require_folder(data: &Path) -> Result<()> {
    let Some(problem) = folder_problem(data) else {
        return Ok(());
    };
    let message = format!("folder \"{}\" {problem}", data.display());
    Err(Failure::new(Exit::Failed, message)
        .detail("Nothing was loaded.")
        .hint("Name the folder of the input files with --data.")
        .into())
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
