//! The list of rows on the pages of tables: its headers, filters, facets, options, pages and saved views.
//! `../table.rs` and `../admin/list.rs` add the rows.

mod chip;
mod filter_form;
mod header;
mod list;
mod options;
mod paging;
mod pickers;
mod range;
mod saved_views;
mod shown_facet;

pub(super) use list::{Asked, List, ListPlace, with_status};
pub(super) use pickers::{is_date, is_number, is_time, is_whole};
