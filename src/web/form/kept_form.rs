//! The values of a form that could not be executed, kept in the page that reports the reason.

use super::{Pairs, given};
use crate::web::page::{Page, render};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A form with its values, which can be shown again.
#[derive(Clone)]
pub(crate) struct Kept {
    /// The address that the form is sent to.
    pub(crate) action: String,
    pub(crate) fields: Pairs,
    /// The form is sent to be shown, not to be executed.
    pub(super) is_shown: bool,
}

/// Prefix of the fields that a sign-in form carries for another form.
const PREFIX: &str = "kept.";

impl Kept {
    /// Reads the form itself, or the form that a sign-in form carries. `None` if it has no values to keep.
    pub(super) fn from_form(address: &str, fields: &[(String, String)]) -> Option<Kept> {
        let (action, fields): (&str, Pairs) = match address {
            "/sign-in" => {
                let carried = fields.iter().filter_map(|(name, value)| {
                    Some((name.strip_prefix(PREFIX)?.to_string(), value.clone()))
                });
                (given(fields, "next"), carried.collect())
            }
            _ => (address, fields.to_vec()),
        };
        let (path, _) = action.split_once('?').unwrap_or((action, ""));
        let is_of_page = !path.starts_with("/api/") || !given(&fields, "_form").is_empty();
        if fields.is_empty() || !is_filled_in(path) || !is_of_page {
            return None;
        }
        let mut fields = fields;
        let is_shown = !given(&fields, "_fill").is_empty();
        fields.retain(|(name, _)| name != "_fill");
        Some(Kept {
            action: action.into(),
            fields,
            is_shown,
        })
    }

    /// The fields of a request that shows the form again.
    pub(super) fn to_show(&self) -> Pairs {
        let mut fields = self.fields.clone();
        fields.push(("_fill".into(), "yes".into()));
        fields
    }

    /// The columns with the values that the user typed.
    pub(crate) fn typed(&self) -> Vec<(&str, &str)> {
        let fields = self.fields.iter();
        fields
            .filter_map(|(name, value)| match name.as_str() {
                "_content" => Some(("JSON", value.as_str())),
                name => Some((name.strip_prefix("c.")?, value.as_str())),
            })
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

/// Whether the form at an address has values to keep: those of the admin and of the API's pages, and those that start a
/// job. Forms with a password are never kept.
pub(super) fn is_filled_in(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["admin", table] => !table.is_empty(),
        ["jobs", "start", kind] => !kind.is_empty(),
        ["api", name, ""] | ["api", name, _, ""] => !name.is_empty(),
        ["admin", table, place] => !table.is_empty() && ["add", "change", "delete"].contains(place),
        _ => false,
    }
}

/// The page with the form of an address that accepts only POST.
pub(crate) fn form_page(path: &str) -> &str {
    let job = path
        .strip_suffix("/cancel")
        .or_else(|| path.strip_suffix("/retry"));
    match job {
        Some(job) if job.starts_with("/jobs/") => job,
        _ if path.starts_with("/schedules/") || path == "/jobs/selected" => "/jobs",
        _ if path == "/sign-out" => "/",
        _ => path,
    }
}

/// The error page, with the values of the form.
#[derive(Template)]
#[template(path = "error.html", config = "src/web/askama.toml")]
pub(crate) struct KeptPage {
    pub(crate) page: Page,
    pub(crate) message: String,
    pub(crate) kept: Option<Kept>,
}

impl KeptPage {
    /// The page for a response without a readable message.
    pub(super) fn for_status(status: StatusCode, kept: Kept) -> Response {
        let message = match status {
            StatusCode::SERVICE_UNAVAILABLE => "The server took too long to answer.",
            StatusCode::PAYLOAD_TOO_LARGE => {
                "The form is larger than 256 KiB and was not saved. Shorten the text."
            }
            _ => "The server failed. See its log for the reason.",
        };
        KeptPage::response(status, message.into(), kept)
    }

    pub(super) fn response(status: StatusCode, message: String, kept: Kept) -> Response {
        let page = render(&KeptPage {
            page: Page::bare("It was not saved"),
            message,
            kept: Some(kept),
        });
        (status, page).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_the_admin_are_kept_and_no_password() {
        let fields = |name: &str| vec![(name.to_string(), "x".to_string())];
        for address in [
            "/admin/tasks/add",
            "/admin/tasks/change?task_id=1",
            "/admin/tasks",
        ] {
            let kept = Kept::from_form(address, &fields("c.name")).unwrap();
            assert_eq!(
                (kept.action.as_str(), kept.typed()),
                (address, vec![("name", "x")])
            );
        }
        // A form of a program at the same address is none of a page.
        assert!(Kept::from_form("/api/tasks/", &fields("name")).is_none());
        let of_page = [fields("_form"), fields("c.name")].concat();
        let kept = Kept::from_form("/api/tasks/5/", &of_page).unwrap();
        assert_eq!(kept.typed(), vec![("name", "x")]);
        for address in [
            "/password",
            "/sign-in",
            "/jobs/1/cancel",
            "/admin",
            "/api/tasks/",
        ] {
            assert!(
                Kept::from_form(address, &fields("c.name")).is_none(),
                "{address}"
            );
        }
        let carried = |next: &str| {
            let mut pairs = fields("kept.c.name");
            pairs.push(("next".into(), next.into()));
            pairs.push(("password".into(), "secret".into()));
            Kept::from_form("/sign-in", &pairs)
        };
        let kept = carried("/admin/tasks/add").unwrap();
        assert_eq!(kept.fields, fields("c.name"));
        for next in [
            "//elsewhere/admin/tasks/add",
            "https://elsewhere/",
            "/password",
            "",
        ] {
            assert!(carried(next).is_none(), "{next}");
        }
    }

    #[test]
    fn after_a_form_one_goes_to_its_page() {
        assert_eq!(form_page("/jobs/5/cancel"), "/jobs/5");
        assert_eq!(form_page("/schedules/nightly/run"), "/jobs");
        assert_eq!(form_page("/admin/tasks/add"), "/admin/tasks/add");
    }
}
