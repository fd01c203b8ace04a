//! The address of the page: `/sql?sql=...&p.since=2026-01-01&chart=line`, or `/sql?saved=NAME`.

use crate::web::data::chart::ChartKind;
use crate::web::data::query::{ParameterType, Query, SavedQuery};
use crate::web::http::address::encoded;

#[derive(Default)]
pub(super) struct Asked {
    /// Name of the saved query that the text and the types of its parameters come from.
    pub(super) saved: String,
    /// The text in the form. Empty if it is the one of the saved query.
    sql: String,
    values: Vec<(String, String)>,
    pub(super) chart: Option<ChartKind>,
}

/// A parameter as an input of the form.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) of: ParameterType,
    /// `None` if the address has none.
    pub(super) value: Option<String>,
}

impl Input {
    pub(super) fn kind(&self) -> &'static str {
        match self.of {
            ParameterType::Date => "date",
            _ => "text",
        }
    }

    pub(super) fn is_boolean(&self) -> bool {
        self.of == ParameterType::Boolean
    }

    pub(super) fn text(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }
}

impl Asked {
    pub(super) fn parse(pairs: &[(String, String)]) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in pairs {
            match name.as_str() {
                "saved" => asked.saved.clone_from(value),
                // Browsers send each line end of a form as two characters.
                "sql" => asked.sql = value.replace("\r\n", "\n"),
                "chart" => asked.chart = ChartKind::parse(value),
                name => {
                    if let Some(parameter) = name.strip_prefix("p.") {
                        asked.values.push((parameter.into(), value.clone()));
                    }
                }
            }
        }
        asked
    }

    /// The text of the query.
    pub(super) fn text<'a>(&'a self, saved: Option<&'a SavedQuery>) -> &'a str {
        match saved {
            Some(saved) if self.sql.trim().is_empty() => &saved.sql,
            _ => &self.sql,
        }
    }

    pub(super) fn inputs(&self, query: &Query) -> Vec<Input> {
        let parameters = query.parameters.iter();
        let inputs = parameters.map(|(name, of)| Input {
            name: name.clone(),
            of: *of,
            value: self
                .values
                .iter()
                .find(|(each, _)| each == name)
                .map(|(_, value)| value.clone()),
        });
        inputs.collect()
    }

    /// The query string of this query, for links. `text`: the text that runs.
    pub(super) fn query_string(&self, text: &str, saved: Option<&SavedQuery>) -> String {
        let mut pairs = Vec::new();
        if let Some(saved) = saved {
            pairs.push(format!("saved={}", encoded(&saved.name)));
        }
        if saved.is_none_or(|saved| saved.sql != text) {
            pairs.push(format!("sql={}", encoded(text)));
        }
        for (name, value) in &self.values {
            pairs.push(format!("p.{}={}", encoded(name), encoded(value)));
        }
        if let Some(kind) = self.chart {
            pairs.push(format!("chart={}", kind.name()));
        }
        pairs.join("&")
    }
}
