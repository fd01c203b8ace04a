//! The parts of a page that shows a list of rows.

use super::chip::{Chip, chips};
use super::filter_form::FilterForm;
use super::header::Header;
use super::options::Options;
use super::paging::Paging;
use super::range::Range;
use super::saved_views::SavedViews;
use super::shown_facet::{ShownFacet, facet_columns};
use crate::web::auth::Account;
use crate::web::data::catalogue::Column;
use crate::web::data::listing::{Filter, Listed, Listing, Request, facets, is_form};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::Pairs;
use crate::web::http::address::sql_link;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// A list and its page.
pub(crate) struct ListPlace<'a> {
    /// Address of the page, without parameters.
    pub(crate) path: String,
    pub(crate) listing: Listing<'a>,
    /// Columns that are shown unless the request names others.
    pub(crate) usual_columns: Vec<String>,
    /// Columns whose values are counted.
    pub(crate) facet_columns: Vec<String>,
}

/// The result of reading an address.
pub(crate) enum Asked {
    List(Request),
    /// A form was sent: the response leads to the address of the list.
    Moved(Response),
}

/// The parts of the page.
pub(crate) struct List {
    pub(crate) path: String,
    pub(crate) request: Request,
    pub(crate) headers: Vec<Header>,
    pub(crate) chips: Vec<Chip>,
    /// Invalid filters that no field shows, with their errors.
    pub(crate) wrong: Vec<(Filter, String)>,
    pub(crate) filter_form: FilterForm,
    pub(crate) search_error: Option<String>,
    pub(crate) facets: Vec<ShownFacet>,
    /// Columns that can be added as facets, and the other parameters of that form.
    pub(crate) facet_offers: Vec<String>,
    pub(crate) facet_hidden: Pairs,
    pub(crate) options: Options,
    pub(crate) views: SavedViews,
    pub(crate) paging: Paging,
    /// Whether the request is valid, so that rows are listed.
    pub(crate) is_valid: bool,
    /// Query string of the list from its first page on, for downloads.
    pub(crate) query: String,
    pub(crate) sql_link: String,
}

impl<'a> ListPlace<'a> {
    pub(crate) fn address(&self, request: &Request) -> String {
        match request.query() {
            query if query.is_empty() => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }

    pub(crate) fn parse(&self, pairs: &[(String, String)]) -> WebResult<Asked> {
        let mut request = Request::parse(pairs, self.listing.relation)?;
        if !is_form(pairs) {
            return Ok(Asked::List(request));
        }
        // A form names the usual columns and the usual order too.
        if request.columns == self.usual_columns {
            request.columns.clear();
        }
        if request.sort == self.listing.usual_order {
            request.sort.clear();
        }
        let to = self.address(&request.on_page(1));
        Ok(Asked::Moved(Redirect::to(&to).into_response()))
    }

    /// The shown columns.
    pub(crate) fn columns(&self, request: &Request) -> Vec<&'a Column> {
        let names = match request.columns.as_slice() {
            [] => &self.usual_columns,
            names => names,
        };
        let relation = self.listing.relation;
        names
            .iter()
            .filter_map(|name| relation.column(name))
            .collect()
    }

    /// Reads a page of rows and everything around them. `selected`: SQL of the values of a row. Without rows if the
    /// request is invalid. Returns the connection.
    pub(crate) async fn read(
        &self,
        client: Client,
        account: &Account,
        mut request: Request,
        selected: &[String],
    ) -> WebResult<(Client, List, Option<Listed>)> {
        let (listing, relation) = (&self.listing, self.listing.relation);
        let address = |request: &Request| self.address(request);
        let errors = listing.check(&client, &request).await?;
        let is_valid = errors.is_empty();
        let shown = facet_columns(relation, &self.facet_columns, &request, &request.filters);
        let mut wrong = take_wrong(&mut request, errors.filters);
        let ranges: Vec<Option<Range>> = shown
            .iter()
            .map(|column| Range::take(column, &request, &mut wrong))
            .collect();
        let filter_form = FilterForm::take(relation, &request, &mut wrong);
        let (mut client, mut listed, mut counted) = (client, None, Vec::new());
        if is_valid {
            let page = listing.page(&client, &request, selected).await?;
            let is_long = page.place.is_long;
            (client, counted) = facets(client, listing, &request, &shown, is_long).await?;
            listed = Some(page);
        }
        let shown_facets = if is_valid {
            let counted = counted.into_iter().zip(ranges);
            counted
                .map(|(facet, range)| ShownFacet::new(facet, range, &request, address))
                .collect()
        } else {
            let shown = shown.iter().zip(ranges);
            shown
                .filter_map(|(column, range)| Some(ShownFacet::bare(column, range?)))
                .collect()
        };
        let columns = self.columns(&request);
        let headers = columns.iter().map(|column| {
            let link = address(&request.sorted_by(&column.name, &listing.usual_order));
            Header::new(column, listing.order(&request), link)
        });
        let query = request.on_page(1).query();
        let views = SavedViews::read(&client, account, &relation.name, &self.path, &query).await?;
        let all = relation.columns.iter();
        let offers = all.filter(|column| shown.iter().all(|each| each.name != column.name));
        let list = List {
            headers: headers.collect(),
            chips: chips(&request, address),
            wrong,
            filter_form,
            search_error: errors.search,
            facets: shown_facets,
            facet_offers: offers.map(|column| column.name.clone()).collect(),
            facet_hidden: request.on_page(1).pairs(),
            options: Options::new(relation, &request, &columns, listing.order(&request)),
            views,
            paging: match &listed {
                Some(listed) => Paging::new(&request, listed, address),
                None => Paging::none(),
            },
            is_valid,
            query,
            sql_link: sql_link(&listing.shown_sql(&request)),
            path: self.path.clone(),
            request,
        };
        Ok((client, list, listed))
    }
}

impl List {
    /// Number of filters, for the heading of the collapsed panel.
    pub(crate) fn filter_count(&self) -> usize {
        self.request.filters.len()
    }

    /// Whether the panel shows an error, so that it must be open.
    pub(crate) fn has_panel_error(&self) -> bool {
        !self.is_valid && self.search_error.is_none()
    }
}

/// Removes invalid filters from the request, and returns them with their errors.
fn take_wrong(request: &mut Request, errors: Vec<(usize, String)>) -> Vec<(Filter, String)> {
    let wrong: Vec<(Filter, String)> = errors
        .into_iter()
        .map(|(index, message)| (request.filters[index].clone(), message))
        .collect();
    let is_wrong = |filter: &Filter| wrong.iter().any(|(each, _)| each == filter);
    request.filters.retain(|filter| !is_wrong(filter));
    wrong
}

/// Sets status 400 if the request is invalid. The page shows the form to correct it.
pub(crate) fn with_status(is_valid: bool, page: Response) -> Response {
    if is_valid {
        page
    } else {
        (StatusCode::BAD_REQUEST, page).into_response()
    }
}
