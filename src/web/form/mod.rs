//! Forms that change data: each is executed once, and entered values are not lost.

mod fields;
mod kept_form;
mod receive;
mod sent;

pub(super) use fields::Fields;
pub(super) use kept_form::{Kept, KeptPage, form_page};
pub(super) use receive::{LARGEST_CARRIED, receive};
pub(super) use sent::{FormOutcome, OTHER_VALUES, Sent, Writer, new_id, was_sent};

/// Names and values of a query string or a form.
pub(super) type Pairs = Vec<(String, String)>;

/// The first value of a name, or an empty text.
pub(super) fn given<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    let pair = pairs.iter().find(|(key, _)| key == name);
    pair.map(|(_, value)| value.as_str()).unwrap_or_default()
}
