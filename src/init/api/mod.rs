//! A source that is an API: infers from its first response how its pages are read, and reads the first ones. The project
//! is written for their records as for those of a JSON file.

mod address;
mod count;
mod cursor;
mod evidence;
mod infer;
mod numbered;
mod pagination;
mod place;
mod plan;
mod records;
mod row;
mod sample;
mod secret_names;
mod since;

pub(super) use address::{Address, Secret, is_address};
pub(super) use since::since_note;

use super::existing::ObjectNames;
use super::input_path::InputPath;
use super::layout::LayoutOptions;
use super::names::source_name;
use super::sniff::{SniffedFile, sniff};
use super::{LayoutChoice, Request};
use crate::extract::rest::{Access, FirstResponse, Probe, address_variable, has_address};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use infer::{Inferred, infer};
use row::Row;
use sample::Sample;
use serde::Serialize;

/// An API, and the records that were read.
pub(super) struct Api {
    pub(super) source: String,
    pub(super) sniffed: SniffedFile,
    pub(super) warnings: Vec<String>,
    pub(super) report: ApiReport,
    /// Columns of `elt.rest_source` that differ from their defaults, with SQL literals.
    pub(super) columns: Vec<(String, String)>,
    sample: Sample,
}

/// The part of the report that files do not have.
#[derive(Clone, Serialize)]
pub(crate) struct ApiReport {
    /// Without its query.
    pub(crate) address: String,
    pub(crate) pages_read: u64,
    /// Whether the API has no further records.
    pub(crate) is_complete: bool,
}

impl Api {
    /// Reads the first records of the API at the address. None if it may be a file: the first response is not JSON,
    /// and neither a web page.
    pub(super) fn read(
        address: &Address,
        request: &Request<'_>,
        known: &ObjectNames,
    ) -> Result<Option<Api>> {
        require_no_file_options(&request.layout)?;
        let taken = |name: &str| known.conflicts_with(name);
        let source = source_name(request.name, &address.name(), taken)?;
        address.refuse_secret(&source, Secret::OfApi)?;
        let mut row = Row::of_user(&request.set, request.layout.records_at.as_deref())?;
        row.add("base_url", address.base_url());
        let base_url = row.text("base_url").unwrap_or_default().to_string();
        if !row.has("path") {
            row.add("path", address.path_below(&base_url)?);
        }
        require_one_address(&row, &source)?;
        let probe = Probe::open(Access::find(row.settings(&source)?)?, address.setting())?;
        let response = probe.first()?;
        if request.read_as.is_none() && request.set.is_empty() && may_be_file(&response) {
            return Ok(None);
        }
        let Inferred {
            mut choices,
            mut warnings,
            plan,
            is_single,
        } = infer(&response, address, &mut row)?;
        drop(response);
        let settings = row.settings(&source)?;
        let sample =
            Sample::read(probe.read(settings)).map_err(|error| misread(&choices, error))?;
        if sample.pages == 1 && sample.is_complete && !is_single {
            warnings.extend(plan.guess.filter(|guess| !row.is_of_user(guess)).map(|guess| {
                format!(
                    "the API returned one page only, so that {guess} was not tested; check it before there are more pages"
                )
            }));
        }
        let mut sniffed = sniff_sample(&sample, address, request.flatten)?;
        sniffed.rejected += sample.rejected;
        name_own_columns(&mut sniffed, &sample);
        choices.append(&mut sniffed.choices);
        sniffed.choices = choices;
        if !sample.is_complete {
            warnings.push(format!(
                "the types and the key come from the first {} records. Values of other records may not fit them: \
                 --type COLUMN=TYPE and --key choose others",
                sniffed.rows
            ));
        }
        Ok(Some(Api {
            source,
            sniffed,
            warnings,
            report: ApiReport {
                address: address.shown(),
                pages_read: sample.pages,
                is_complete: sample.is_complete,
            },
            columns: row.sql()?,
            sample,
        }))
    }

    /// The file of the records.
    pub(super) fn path(&self) -> InputPath {
        records_path(&self.sample, &self.report.address)
    }
}

fn records_path(sample: &Sample, address: &str) -> InputPath {
    InputPath::of_copy(sample.path(), address.into())
}

fn sniff_sample(sample: &Sample, address: &Address, flatten: bool) -> Result<SniffedFile> {
    let options = LayoutOptions {
        encoding: Some("utf-8".into()),
        // An only record is the record, whatever it contains.
        records_at: Some(".".into()),
        ..LayoutOptions::default()
    };
    let path = records_path(sample, &address.shown());
    sniff(&path, &options, flatten)
}

/// The id of the element around a record is named like one.
fn name_own_columns(sniffed: &mut SniffedFile, sample: &Sample) {
    sniffed.own_columns.clone_from(&sample.own_columns);
    let mut fields = sniffed.fields.iter_mut();
    if let Some(parent) = fields.find(|field| field.key == "_parent")
        && sample.own_columns.contains(&parent.key)
    {
        parent.name = "parent_id".into();
    }
}

fn require_no_file_options(layout: &LayoutOptions) -> Result<()> {
    let about_files = LayoutOptions {
        records_at: None,
        ..layout.clone()
    };
    if about_files == LayoutOptions::default() {
        return Ok(());
    }
    let message = "options about how a file is written cannot be used with an API";
    Err(Failure::new(Exit::Usage, message)
        .hint("Name columns of elt.rest_source with --set COLUMN=VALUE.")
        .into())
}

/// Whether a response is neither JSON nor a web page.
fn may_be_file(response: &FirstResponse) -> bool {
    let Some(content_type) = &response.content_type else {
        return false;
    };
    let text = response.body.strip_prefix(b"\xef\xbb\xbf");
    let text = text.unwrap_or(&response.body).trim_ascii_start();
    let is_page = content_type.contains("html") || text.starts_with(b"<");
    !is_page && !text.starts_with(b"{") && !text.starts_with(b"[")
}

/// Refuses a variable that would lead the load to another place.
fn require_one_address(row: &Row, source: &str) -> Result<()> {
    let without_address = Row::default().settings(source)?;
    if !has_address(&without_address) {
        return Ok(());
    }
    let name = address_variable(&row.settings(source)?);
    Err(Failure::new(
        Exit::Usage,
        format!("both --from and {name} name an address"),
    )
    .detail(format!("A load would use {name}."))
    .hint(format!("Unset {name}, or choose another name with --name."))
    .into())
}

/// The failure if the pages cannot be read with the settings that were inferred.
fn misread(choices: &[LayoutChoice], error: anyhow::Error) -> anyhow::Error {
    let inferred: Vec<String> = choices
        .iter()
        .map(|choice| format!("{} = {}", choice.setting, choice.value))
        .collect();
    if inferred.is_empty() {
        return error;
    }
    let message = "could not read the pages of the API as elt init inferred them";
    Failure::new(Exit::Failed, message)
        .because(error)
        .detail(format!(
            "Inferred from the first page: {}.",
            inferred.join(", ")
        ))
        .hint("Correct what is wrong with --set COLUMN=VALUE (the columns of elt.rest_source).")
        .into()
}
