//! Reads a page of a listing. A page beyond the end shows the last one. A long list is read from its end too, because
//! rows far from both ends are slow to reach.

use super::query::{Listing, value_error};
use super::request::Request;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use tokio_postgres::Row;

/// Largest size of all values of a page, in characters.
const PAGE_LETTERS: usize = 1 << 20;
/// Rows are counted up to this number, and reached up to this distance from the first or last row.
pub(crate) const COUNTED: i64 = 100_000;

/// A page of rows as text. `None` is null.
pub(crate) struct Listed {
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// File and line of each row, if known.
    pub(crate) origins: Vec<Option<String>>,
    /// The number of rows of all pages, but at most `COUNTED + 1`.
    pub(crate) count: i64,
    pub(crate) place: Place,
}

/// The page that is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// From 1. Negative in a list with more than `COUNTED` rows: from the end, -1 is the last page.
    pub(crate) page: i64,
    /// The number of pages that can be shown from the start, and from the end.
    pub(crate) reach: i64,
    /// Whether more rows follow than were counted, so that the number of the last page is not known.
    pub(crate) is_long: bool,
    /// Whether the last page of a long list can be shown.
    pub(crate) has_end: bool,
}

impl Place {
    /// `page`: the page of the request.
    fn new(page: i64, size: i64, count: i64, has_order: bool) -> Place {
        let is_long = count > COUNTED;
        let reach = if is_long {
            COUNTED / size
        } else {
            count.div_euclid(size) + i64::from(count % size > 0)
        };
        let reach = reach.max(1);
        let page = match is_long {
            true if page < 0 && has_order => page.max(-reach),
            // The end of a view without an order is not known.
            true if page < 0 => 1,
            false if page < 0 => (reach + 1 + page).max(1),
            _ => page.min(reach),
        };
        Place {
            page,
            reach,
            is_long,
            has_end: !is_long || has_order,
        }
    }

    /// Number of rows between the page and the start, or between the page and the end if its number is negative.
    pub(crate) fn offset(self, size: i64) -> i64 {
        (self.page.abs() - 1) * size
    }
}

impl Listing<'_> {
    /// Reads a page of rows. `columns` are SQL expressions.
    pub(crate) async fn page(
        &self,
        client: &Client,
        request: &Request,
        columns: &[String],
    ) -> WebResult<Listed> {
        let count = self.count(client, request).await?;
        let size = request.size as i64;
        let place = Place::new(request.page, size, count, self.has_order(request));
        let mut columns: Vec<String> = columns
            .iter()
            .map(|column| format!("({column})::text"))
            .collect();
        let width = columns.len();
        if self.relation.has_origin() {
            columns.extend(["listed._load_id::text".into(), "listed._row::text".into()]);
        }
        let (rows, values) = self.select(request, "listed.*");
        let is_reversed = place.page < 0;
        let forward = if is_reversed {
            self.order_by(request, false)
        } else {
            String::new()
        };
        // The expressions are computed only for the rows of the page.
        let sql = format!(
            "select {} from ({rows}{} limit {size} offset {}) as listed{forward}",
            columns.join(", "),
            self.order_by(request, is_reversed),
            place.offset(size)
        );
        let found = client
            .query_text(&sql, &values)
            .await
            .map_err(value_error)?;
        let origins = match self.relation.has_origin() {
            true => origins(client, &found, width).await?,
            false => vec![None; found.len()],
        };
        let rows = found
            .iter()
            .map(|row| (0..width).map(|index| row.get(index)).collect())
            .collect();
        Ok(Listed {
            rows,
            origins,
            count,
            place,
        })
    }

    /// The number of rows, but at most `COUNTED + 1`.
    async fn count(&self, client: &Client, request: &Request) -> WebResult<i64> {
        let (rows, values) = self.select(request, "1");
        let sql = format!(
            "select count(*) from ({rows} limit {}) as counted",
            COUNTED + 1
        );
        let rows = client
            .query_text(&sql, &values)
            .await
            .map_err(value_error)?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }
}

/// File and line of each row, whose columns from `first` on are its load and its number. A query of its own, because
/// Citus may run that of the rows on another node, which knows no loads.
async fn origins(client: &Client, rows: &[Row], first: usize) -> WebResult<Vec<Option<String>>> {
    let array = |index: usize| {
        let values = rows.iter().map(|row| {
            row.get::<_, Option<String>>(index)
                .unwrap_or_else(|| "null".into())
        });
        format!("{{{}}}", values.collect::<Vec<_>>().join(","))
    };
    let sql = "select elt.origin(place.load_id, place.row_number) \
               from unnest($1::bigint[], $2::bigint[]) with ordinality as place (load_id, row_number, position) \
               order by place.position";
    let found = client
        .query_text(sql, &[array(first), array(first + 1)])
        .await?;
    Ok(found.iter().map(|row| row.get(0)).collect())
}

/// SQL for a value, shortened so that a table with `column_count` columns and `row_count` rows stays readable.
pub(crate) fn shortened(sql: &str, column_count: usize, row_count: u64) -> String {
    let fair = PAGE_LETTERS / (row_count.max(1) as usize * column_count.max(1));
    format!("left(({sql})::text, {})", fair.clamp(20, 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(page: i64, count: i64, has_order: bool) -> i64 {
        Place::new(page, 50, count, has_order).page
    }

    #[test]
    fn a_page_beyond_the_end_is_the_last_one() {
        assert_eq!(page(1, 0, true), 1);
        assert_eq!(page(9, 0, true), 1);
        assert_eq!(page(2, 100, false), 2);
        assert_eq!(page(3, 100, false), 2);
        assert_eq!(page(3, 101, false), 3);
        assert_eq!(page(i64::MAX, 101, false), 3);
    }

    #[test]
    fn negative_pages_count_from_the_end() {
        assert_eq!(page(-1, 101, false), 3);
        assert_eq!(page(-9, 101, false), 1);
        let long = COUNTED + 1;
        assert_eq!(page(-1, long, true), -1);
        assert_eq!(page(-1, long, false), 1);
        assert_eq!(page(i64::MIN + 1, long, true), -2000);
        assert_eq!(page(5000, long, true), 2000);
        let place = Place::new(-3, 50, long, true);
        assert_eq!(place.offset(50), 100);
    }
}
