//! The input of a new source: a file, or the first records of an API.

use super::api::{Api, ApiReport, is_address};
use super::existing::{self, ObjectNames};
use super::names::{plain_name, source_name};
use super::new_files::{Example, copy_data};
use super::sniff::{SniffedFile, sniff};
use super::{LayoutChoice, Request};
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

pub(super) enum Input {
    File(Box<InputFile>),
    Api(Box<Api>),
}

pub(super) struct InputFile {
    source: String,
    path: PathBuf,
    /// Its name in the data folder.
    data_name: String,
    sniffed: SniffedFile,
    warnings: Vec<String>,
    /// Kept until the file is copied.
    _example: Option<Example>,
}

impl Input {
    /// Reads the input of the request. `folder`: that of the project. `known`: the objects of the project.
    pub(super) fn read(request: &Request<'_>, folder: &Path, known: &ObjectNames) -> Result<Input> {
        if let Some(from) = request.from.filter(|from| is_address(from)) {
            return Ok(Input::Api(Box::new(Api::read(from, request, known)?)));
        }
        if !request.set.is_empty() {
            let message = "--set needs an address: --from https://...";
            return Err(Failure::new(Exit::Usage, message)
                .detail("It sets columns of elt.rest_source, which describes an API.")
                .into());
        }
        let file = InputFile::read(request, folder, known)?;
        Ok(Input::File(Box::new(file)))
    }

    pub(super) fn source(&self) -> &str {
        match self {
            Input::File(file) => &file.source,
            Input::Api(api) => &api.source,
        }
    }

    /// The file of the records that were read.
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Input::File(file) => file.path.clone(),
            Input::Api(api) => api.path(),
        }
    }

    pub(super) fn sniffed(&self) -> &SniffedFile {
        match self {
            Input::File(file) => &file.sniffed,
            Input::Api(api) => &api.sniffed,
        }
    }

    /// The name of the file, or the address of the API.
    pub(super) fn name(&self) -> &str {
        match self {
            Input::File(file) => plain_name(&file.data_name),
            Input::Api(api) => &api.report.address,
        }
    }

    /// Columns of `elt.rest_source` with SQL literals; None for a file.
    pub(super) fn rest_columns(&self) -> Option<&[(String, String)]> {
        match self {
            Input::File(_) => None,
            Input::Api(api) => Some(&api.columns),
        }
    }

    /// Copies the file into the data folder. Returns its path below the project if it was not there.
    pub(super) fn copy(&self, folder: &Path) -> Result<Option<String>> {
        let Input::File(file) = self else {
            return Ok(None);
        };
        let is_new = copy_data(&file.path, &folder.join("data"), &file.data_name)?;
        Ok(is_new.then(|| format!("data/{}", file.data_name)))
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        let (sniffed, own) = match self {
            Input::File(file) => (&file.sniffed, &file.warnings),
            Input::Api(api) => (&api.sniffed, &api.warnings),
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
            Input::Api(api) => Some(api.report.clone()),
        }
    }
}

impl InputFile {
    fn read(request: &Request<'_>, folder: &Path, known: &ObjectNames) -> Result<InputFile> {
        let (path, example) = match request.from {
            Some(path) => (crate::load::existing_file(path)?, None),
            None => {
                let example = Example::write()?;
                (example.file(), Some(example))
            }
        };
        let file_name = path.file_name().context("the file has no name")?;
        let file_name = file_name.to_string_lossy().into_owned();
        let sniffed = sniff(&path, &request.layout, request.flatten)?;
        let taken = |name: &str| known.conflicts_with(name);
        let source = source_name(request.name, &file_name, taken)?;
        let data_name = existing::data_name(folder, &path, &file_name, &source);
        let series = request.from.and_then(existing::series_warning);
        Ok(InputFile {
            source,
            path,
            data_name,
            sniffed,
            warnings: series.into_iter().collect(),
            _example: example,
        })
    }
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
