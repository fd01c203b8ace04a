//! `/metrics`: the rows of elt.metric in Prometheus' text format. It needs a token or a session, like all pages:
//! behind a proxy, all requests come from the proxy's address, so the address proves nothing.

use crate::web::api::{ApiError, Caller};
use crate::web::state::App;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use std::fmt::Write;

/// Version 0.0.4 of the format, which every scraper reads.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(crate) async fn metrics(State(app): State<App>, caller: Caller) -> Result<Response, ApiError> {
    let client = app.pool.get(&caller.zone).await?;
    let sql = "select metric, kind, description, labels, value::double precision from elt.metric";
    let mut text = Exposition::default();
    let mut about = Map::new();
    about.insert("version".into(), env!("CARGO_PKG_VERSION").into());
    let message = "Always 1; the label has the version of elt.";
    text.sample("elt_build_info", "gauge", message, &about, 1.0);
    for row in client.query(sql, &[]).await? {
        let labels: Value = row.get(3);
        let labels = labels.as_object().cloned().unwrap_or_default();
        text.sample(row.get(0), row.get(1), row.get(2), &labels, row.get(4));
    }
    Ok(([(header::CONTENT_TYPE, FORMAT)], text.0).into_response())
}

/// Samples as text. Samples of the same metric must follow each other.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    /// Adds a sample. Label names come from elt.metric and need no escaping; label values are escaped.
    fn sample(
        &mut self,
        metric: &str,
        kind: &str,
        description: &str,
        labels: &Map<String, Value>,
        value: f64,
    ) {
        let kind = format!("# TYPE {metric} {kind}\n");
        let out = &mut self.0;
        // Writing to a String does not fail.
        if !out.contains(&kind) {
            let description = description.replace('\\', "\\\\").replace('\n', "\\n");
            let _ = write!(out, "# HELP {metric} {description}\n{kind}");
        }
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| {
                format!("{name}=\"{}\"", escaped(value.as_str().unwrap_or_default()))
            })
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        let _ = writeln!(out, "{metric}{labels} {value}");
    }
}

/// Escapes a label value.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_is_described_once_and_labels_cannot_end_early() {
        let mut text = Exposition::default();
        for value in ["a", "b\"} 9\nelt_x \\"] {
            let mut labels = Map::new();
            labels.insert("source".into(), value.into());
            text.sample("elt_x", "gauge", "What\nit is.", &labels, 1234567890.5);
        }
        text.sample("elt_y", "gauge", "Other.", &Map::new(), 0.0);
        let expected = "# HELP elt_x What\\nit is.\n# TYPE elt_x gauge\n\
                        elt_x{source=\"a\"} 1234567890.5\n\
                        elt_x{source=\"b\\\"} 9\\nelt_x \\\\\"} 1234567890.5\n\
                        # HELP elt_y Other.\n# TYPE elt_y gauge\nelt_y 0\n";
        assert_eq!(text.0, expected);
    }
}
