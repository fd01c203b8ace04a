//! The saved views of a list (elt.saved_view), and the form that saves one. The admin saves and deletes them.

use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::new_id;
use crate::web::http::address::encoded;

/// Longest query string of a saved view, in bytes, as its constraint says.
const LONGEST_QUERY: usize = 4_000;

pub(crate) struct SavedViews {
    pub(crate) views: Vec<SavedView>,
    /// The form that saves the shown list. `None` if the account may not save it, or there is nothing to save.
    pub(crate) form: Option<SaveForm>,
}

pub(crate) struct SavedView {
    pub(crate) name: String,
    /// The description, and who saved it.
    pub(crate) title: String,
    pub(crate) link: String,
    /// Whether the page shows this view.
    pub(crate) is_current: bool,
    /// Address of the page that deletes it, if the account may.
    pub(crate) delete: Option<String>,
}

pub(crate) struct SaveForm {
    /// Names and values of hidden fields.
    pub(crate) hidden: Vec<(&'static str, String)>,
}

impl SavedViews {
    /// `path` and `query`: the address of the shown list.
    pub(crate) async fn read(
        client: &Client,
        account: &Account,
        relation: &str,
        path: &str,
        query: &str,
    ) -> WebResult<SavedViews> {
        let sql = "select saved_view_id::text, view_name, query, description, account_name \
                   from elt.saved_view where relation_name = $1 order by view_name limit 200";
        let rows = client.query(sql, &[&relation]).await?;
        let here = format!("{path}?{query}");
        let back = encoded(&here);
        let views = rows.iter().map(|row| {
            let (id, saved): (String, String) = (row.get(0), row.get(2));
            let description: String = row.get(3);
            let separator = if description.is_empty() { "" } else { " " };
            SavedView {
                name: row.get(1),
                title: format!(
                    "{description}{separator}Saved by {}.",
                    row.get::<_, String>(4)
                ),
                is_current: saved == query,
                link: format!("{path}?{saved}"),
                delete: account.is_operator().then(|| {
                    format!("/admin/elt.saved_view/delete?saved_view_id={id}&_back={back}")
                }),
            }
        });
        let views: Vec<SavedView> = views.collect();
        let is_new = views.iter().all(|view| !view.is_current);
        let is_short = !query.is_empty() && query.len() <= LONGEST_QUERY;
        let form = (account.is_operator() && is_new && is_short).then(|| SaveForm {
            hidden: vec![
                ("_form", new_id()),
                ("_back", here),
                ("c.relation_name", relation.into()),
                ("c.query", query.into()),
            ],
        });
        Ok(SavedViews { views, form })
    }
}
