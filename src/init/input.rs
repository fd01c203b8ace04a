//! The input of a new source: a file, also one at an address, or the first records of an API.

use super::api::{Address, Api, ApiReport, Secret, is_address};
use super::existing::{self, ObjectNames};
use super::input_path::InputPath;
use super::names::{plain_name, source_name};
use super::new_files::{Example, copy_data};
use super::other_address::refuse_other_address;
use super::read_as::{ReadAsChoice, guess};
use super::remote_file::Copy;
use super::several_files::{SeveralFiles, name_of, sample_object};
use super::sniff::{SniffedFile, sniff};
use super::{LayoutChoice, ReadAs, Request};
use crate::extract::bucket::is_bucket_address;
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use std::path::Path;

/// The longest name of a temporary file, in bytes.
const LONGEST_NAME: usize = 200;

pub(super) enum Input {
    File(Box<InputFile>),
    Api(Box<Api>, ReadAsChoice),
}

pub(super) struct InputFile {
    source: String,
    path: InputPath,
    /// Its name in the data folder, or its address without the query.
    data_name: String,
    address: Option<FileAddress>,
    sniffed: SniffedFile,
    warnings: Vec<String>,
    /// Columns of `elt.source` that `--set` names, with their values.
    settings: Vec<(&'static str, String)>,
    /// The files of a pattern.
    several: Option<SeveralFiles>,
    /// Kept until the file is copied.
    _example: Option<Example>,
    /// Of a file at an address.
    _copy: Option<Copy>,
}

/// The address of a file on a server.
struct FileAddress {
    text: String,
    /// Why it is that of a file. None for one in a bucket.
    read_as: Option<ReadAsChoice>,
}

impl Input {
    /// Reads the input of the request. `folder`: that of the project. `known`: the objects of the project.
    pub(super) fn read(request: &Request<'_>, folder: &Path, known: &ObjectNames) -> Result<Input> {
        if let Some(from) = request.from.filter(|from| is_address(from)) {
            return Input::read_address(from, request, known);
        }
        if request.read_as.is_some() {
            let message = "--as needs an address: --from https://...";
            return Err(Failure::new(Exit::Usage, message).into());
        }
        let object = request.from.and_then(Path::to_str);
        let file = match object.filter(|from| is_bucket_address(from)) {
            Some(address) => InputFile::read_object(address, request, known)?,
            None => InputFile::read(request, folder, known)?,
        };
        Ok(Input::File(Box::new(file)))
    }

    fn read_address(from: &Path, request: &Request<'_>, known: &ObjectNames) -> Result<Input> {
        let address = Address::parse(from)?;
        let api = |choice: ReadAsChoice| -> Result<Option<Input>> {
            let api = Api::read(&address, request, known)?;
            Ok(api.map(|api| Input::Api(Box::new(api), choice)))
        };
        let choice = match guess(request, address.url()) {
            Some((ReadAs::Api, choice)) => {
                let api = api(choice)?;
                return api.context("the first response is not JSON");
            }
            Some((ReadAs::File, choice)) => choice,
            None => {
                let reason = "the first response is JSON";
                if let Some(input) = api(ReadAsChoice::new(ReadAs::Api, reason))? {
                    return Ok(input);
                }
                ReadAsChoice::new(ReadAs::File, "the first response is not JSON")
            }
        };
        let file = InputFile::read_address(&address, choice, request, known)?;
        Ok(Input::File(Box::new(file)))
    }

    pub(super) fn source(&self) -> &str {
        match self {
            Input::File(file) => &file.source,
            Input::Api(api, _) => &api.source,
        }
    }

    /// The file of the records that were read.
    pub(super) fn path(&self) -> InputPath {
        match self {
            Input::File(file) => file.path.clone(),
            Input::Api(api, _) => api.path(),
        }
    }

    pub(super) fn sniffed(&self) -> &SniffedFile {
        match self {
            Input::File(file) => &file.sniffed,
            Input::Api(api, _) => &api.sniffed,
        }
    }

    /// The name of the file, or the address of the file or the API without its query.
    pub(super) fn name(&self) -> &str {
        match self {
            Input::File(file) if file.address.is_some() || file.several.is_some() => {
                &file.data_name
            }
            Input::File(file) => plain_name(&file.data_name),
            Input::Api(api, _) => &api.report.address,
        }
    }

    /// The whole address of a file.
    pub(super) fn address(&self) -> Option<&str> {
        match self {
            Input::File(file) => Some(&file.address.as_ref()?.text),
            Input::Api(..) => None,
        }
    }

    /// Why an address was read as a file or as an API. None for a file on disk or in a bucket.
    pub(super) fn read_as(&self) -> Option<&ReadAsChoice> {
        match self {
            Input::File(file) => file.address.as_ref()?.read_as.as_ref(),
            Input::Api(_, choice) => Some(choice),
        }
    }

    /// Columns of `elt.rest_source` with SQL literals; None for a file.
    pub(super) fn rest_columns(&self) -> Option<&[(String, String)]> {
        match self {
            Input::File(_) => None,
            Input::Api(api, _) => Some(&api.columns),
        }
    }

    /// Further columns of `elt.source`, with their values.
    pub(super) fn settings(&self) -> &[(&'static str, String)] {
        match self {
            Input::File(file) => &file.settings,
            Input::Api(..) => &[],
        }
    }

    /// Copies the file into the data folder. Returns its path below the project if it was not there.
    pub(super) fn copy(&self, folder: &Path) -> Result<Option<String>> {
        let Input::File(file) = self else {
            return Ok(None);
        };
        if file.address.is_some() {
            return Ok(None);
        }
        if let Some(several) = &file.several {
            return several.copy(folder);
        }
        let is_new = copy_data(&file.path, &folder.join("data"), &file.data_name)?;
        Ok(is_new.then(|| format!("data/{}", file.data_name)))
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        let (sniffed, own) = match self {
            Input::File(file) => (&file.sniffed, &file.warnings),
            Input::Api(api, _) => (&api.sniffed, &api.warnings),
        };
        let mut warnings = own.clone();
        warnings.extend(sniffed.choices.iter().find_map(header_warning));
        warnings.extend(sniffed.warning.clone());
        if sniffed.rows == 0 && sniffed.layout.format == "csv" {
            let warning =
                "the file has a header and no rows; if the header is a record, use --no-header";
            warnings.push(warning.into());
        }
        warnings
    }

    pub(super) fn api_report(&self) -> Option<ApiReport> {
        match self {
            Input::File(_) => None,
            Input::Api(api, _) => Some(api.report.clone()),
        }
    }
}

impl InputFile {
    fn read(request: &Request<'_>, folder: &Path, known: &ObjectNames) -> Result<InputFile> {
        let settings = settings(&request.set)?;
        let taken = |name: &str| known.conflicts_with(name);
        let named = |file: &str| source_name(request.name, file, taken);
        let several = match request.from {
            Some(from) => SeveralFiles::find(from, &folder.join("data"), named)?,
            None => None,
        };
        if let Some((source, several)) = several {
            let path = InputPath::of_file(several.largest());
            return Ok(InputFile {
                source,
                sniffed: sniff(&path, &request.layout, request.flatten)?,
                path,
                data_name: several.pattern.clone(),
                address: None,
                warnings: vec![several.note()],
                settings,
                several: Some(several),
                _example: None,
                _copy: None,
            });
        }
        let (path, example) = match request.from {
            Some(path) => {
                refuse_other_address(path)?;
                (crate::load::existing_file(path)?, None)
            }
            None => {
                let example = Example::write()?;
                (example.file(), Some(example))
            }
        };
        let file_name = path.file_name().context("the file has no name")?;
        let file_name = file_name.to_string_lossy().into_owned();
        let path = InputPath::of_file(path);
        let sniffed = sniff(&path, &request.layout, request.flatten)?;
        let source = named(&file_name)?;
        let data_name = existing::data_name(folder, &path, &file_name, &source);
        let series = request.from.and_then(existing::series_warning);
        Ok(InputFile {
            source,
            path,
            data_name,
            address: None,
            sniffed,
            warnings: series.into_iter().collect(),
            settings,
            several: None,
            _example: example,
            _copy: None,
        })
    }

    fn read_address(
        address: &Address,
        choice: ReadAsChoice,
        request: &Request<'_>,
        known: &ObjectNames,
    ) -> Result<InputFile> {
        let file_name = address.file_name();
        let taken = |name: &str| known.conflicts_with(name);
        let source = source_name(request.name, &file_name, taken)?;
        address.refuse_secret(&source, Secret::OfFile)?;
        let copy = Copy::download(&source, address, &file_name)?;
        let choice = FileAddress {
            text: address.url().to_string(),
            read_as: Some(choice),
        };
        InputFile::of_copy(source, address.shown(), choice, copy, request)
    }

    /// `address`: `s3://bucket/key`.
    fn read_object(address: &str, request: &Request<'_>, known: &ObjectNames) -> Result<InputFile> {
        let settings = settings(&request.set)?;
        let bucket = address.split('/').nth(2).unwrap_or_default();
        let named = name_of(address, bucket);
        let taken = |name: &str| known.conflicts_with(name);
        let source = source_name(request.name, &named, taken)?;
        let sample = sample_object(&source, address)?;
        let object = sample.as_ref().map_or(address, |sample| &sample.address);
        let file_name = object.rsplit('/').next().unwrap_or_default();
        let is_short = file_name.len() < LONGEST_NAME;
        let name = if is_short { file_name } else { &source };
        let copy = Copy::of_object(&source, object, name)?;
        let found = FileAddress {
            text: address.into(),
            read_as: None,
        };
        let mut file = InputFile::of_copy(source, address.into(), found, copy, request)?;
        file.warnings.extend(sample.map(|sample| sample.note));
        Ok(InputFile { settings, ..file })
    }

    /// `shown`: the address for messages.
    fn of_copy(
        source: String,
        shown: String,
        address: FileAddress,
        copy: Copy,
        request: &Request<'_>,
    ) -> Result<InputFile> {
        let path = InputPath::of_copy(copy.path(), shown.clone());
        let reading = || format!("could not read the file at {shown}");
        let sniffed = sniff(&path, &request.layout, request.flatten).with_context(reading)?;
        Ok(InputFile {
            source,
            path,
            data_name: shown,
            address: Some(address),
            sniffed,
            warnings: Vec::new(),
            settings: Vec::new(),
            several: None,
            _example: None,
            _copy: Some(copy),
        })
    }
}

/// The columns of `elt.source` that can be set for files.
const SETTINGS: [&str; 3] = ["order_by", "settle_seconds", "keep_loads"];

fn settings(set: &[(String, String)]) -> Result<Vec<(&'static str, String)>> {
    let known = |(column, value): &(String, String)| {
        let known = SETTINGS.iter().find(|known| *known == column);
        let known = known.map(|known| (*known, value.clone()));
        known.ok_or_else(|| {
            let message = format!("--set cannot set \"{column}\" of a file");
            Failure::new(Exit::Usage, message)
                .detail(format!("For a file, it sets columns of elt.source: {}.", SETTINGS.join(", ")))
                .hint("For an API, it sets columns of elt.rest_source, and needs an address: --from https://...")
                .into()
        })
    };
    set.iter().map(known).collect()
}

/// A record that is taken for a header would be lost, and so would the names of a header that is taken for a record.
fn header_warning(choice: &LayoutChoice) -> Option<String> {
    (choice.setting == "has_header" && choice.value == "false").then(|| {
        format!(
            "the file has no header: {}. Columns are named column_1, column_2 and so on. If that line has the names, use {}.",
            choice.reason, choice.option
        )
    })
}
