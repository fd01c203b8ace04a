//! A target as words, as a URI and as psql's variables. Only the variables include the password.

use super::Target;
use super::hosts::{Host, Place};
use super::settings::find_keyword;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters without a meaning in a URI's value.
const UNESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'-')
    .remove(b',');

/// Keywords that are part of a URI before its question mark, or are omitted.
const NOT_IN_QUERY: [&str; 6] = ["dbname", "host", "password", "port", "service", "user"];

impl Target {
    /// For messages.
    pub(crate) fn describe(&self) -> String {
        let places: Vec<String> = self
            .hosts
            .iter()
            .map(|host| format!("{}, port {}", host.name(), host.port))
            .collect();
        format!(
            "database \"{}\" on {}, as \"{}\"",
            self.database().unwrap_or("postgres"),
            places.join(" or "),
            self.user(),
        )
    }

    /// The connection as a URI for psql.
    pub(crate) fn url(&self) -> String {
        let user = encode(self.user());
        let database = encode(self.database().unwrap_or_default());
        let mut query = Vec::new();
        let is_socket = |host: &Host| matches!(host.place, Place::Socket(_));
        let place = if self.hosts.iter().any(is_socket) {
            query.push(format!("host={}", encode(&self.host_list())));
            if self.hosts.iter().any(|host| host.port != 5432)
                || self.settings.filled("port").is_some()
            {
                query.push(format!("port={}", self.port_list()));
            }
            String::new()
        } else {
            let ends = self.hosts.iter().map(|host| match host.name() {
                name if name.contains(':') => format!("[{name}]:{}", host.port),
                name => format!("{}:{}", encode(&name), host.port),
            });
            ends.collect::<Vec<_>>().join(",")
        };
        let others = self.others();
        query.extend(others.map(|(keyword, value)| format!("{keyword}={}", encode(value))));
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        };
        format!("postgresql://{user}@{place}/{database}{query}")
    }

    /// The variables for a child process; unlike arguments, they do not appear in the process list. A password
    /// from a file is not included, because psql reads the file too.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let place = [
            ("PGHOST", self.host_list()),
            ("PGPORT", self.port_list()),
            ("PGUSER", self.user().to_string()),
            (
                "PGDATABASE",
                self.database().unwrap_or_default().to_string(),
            ),
        ];
        let password = self
            .password
            .clone()
            .map(|password| ("PGPASSWORD", password));
        let others = self
            .others()
            .filter_map(|(keyword, value)| Some((find_keyword(keyword)?.1?, value.to_string())));
        place.into_iter().chain(password).chain(others).collect()
    }

    fn others(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = self.settings.all();
        all.filter(|(keyword, _)| !NOT_IN_QUERY.contains(keyword))
    }

    fn host_list(&self) -> String {
        let names: Vec<String> = self.hosts.iter().map(Host::name).collect();
        names.join(",")
    }

    fn port_list(&self) -> String {
        let ports: Vec<String> = self
            .hosts
            .iter()
            .map(|host| host.port.to_string())
            .collect();
        ports.join(",")
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::{Target, settings::Settings, text};
    use anyhow::Result;
    use std::path::Path;

    fn target(url: &str) -> Result<Target> {
        Target::from_settings(Settings::gather(Some(url))?)
    }

    #[test]
    fn a_description_has_no_password() -> Result<()> {
        let target = target("postgresql://someone:marker@db.example:6000/sales?sslmode=disable")?;
        assert_eq!(
            target.describe(),
            "database \"sales\" on db.example, port 6000, as \"someone\""
        );
        assert_eq!(
            target.url(),
            "postgresql://someone@db.example:6000/sales?sslmode=disable"
        );
        Ok(())
    }

    #[test]
    fn a_socket_folder_with_odd_characters_survives_the_url() {
        let target = Target::socket(Path::new("/tmp/a b"), "postgres").on_database("x");
        let again = text::parse(&target.url()).unwrap_or_default();
        let host = again.iter().find(|(keyword, _)| keyword == "host");
        assert_eq!(host.map(|(_, value)| value.as_str()), Some("/tmp/a b"));
    }
}
