//! Settings and their origin: the connection string, a service or the environment.

use super::{service, text};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::collections::BTreeMap;
use std::env::var;
use std::path::PathBuf;

/// libpq's keywords, with their variables.
const KEYWORDS: [(&str, Option<&str>); 47] = [
    ("application_name", Some("PGAPPNAME")),
    ("authtype", None),
    ("channel_binding", Some("PGCHANNELBINDING")),
    ("client_encoding", Some("PGCLIENTENCODING")),
    ("connect_timeout", Some("PGCONNECT_TIMEOUT")),
    ("dbname", Some("PGDATABASE")),
    ("fallback_application_name", None),
    ("gssdelegation", Some("PGGSSDELEGATION")),
    ("gssencmode", Some("PGGSSENCMODE")),
    ("gsslib", Some("PGGSSLIB")),
    ("host", Some("PGHOST")),
    ("hostaddr", Some("PGHOSTADDR")),
    ("keepalives", None),
    ("keepalives_count", None),
    ("keepalives_idle", None),
    ("keepalives_interval", None),
    ("krbsrvname", Some("PGKRBSRVNAME")),
    ("load_balance_hosts", Some("PGLOADBALANCEHOSTS")),
    ("max_protocol_version", Some("PGMAXPROTOCOLVERSION")),
    ("min_protocol_version", Some("PGMINPROTOCOLVERSION")),
    ("options", Some("PGOPTIONS")),
    ("passfile", Some("PGPASSFILE")),
    ("password", Some("PGPASSWORD")),
    ("port", Some("PGPORT")),
    ("replication", None),
    ("require_auth", Some("PGREQUIREAUTH")),
    ("requirepeer", Some("PGREQUIREPEER")),
    ("requiressl", Some("PGREQUIRESSL")),
    ("service", Some("PGSERVICE")),
    ("ssl_max_protocol_version", Some("PGSSLMAXPROTOCOLVERSION")),
    ("ssl_min_protocol_version", Some("PGSSLMINPROTOCOLVERSION")),
    ("sslcert", Some("PGSSLCERT")),
    ("sslcertmode", Some("PGSSLCERTMODE")),
    ("sslcompression", Some("PGSSLCOMPRESSION")),
    ("sslcrl", Some("PGSSLCRL")),
    ("sslcrldir", Some("PGSSLCRLDIR")),
    ("sslkey", Some("PGSSLKEY")),
    ("sslkeylogfile", None),
    ("sslmode", Some("PGSSLMODE")),
    ("sslnegotiation", Some("PGSSLNEGOTIATION")),
    ("sslpassword", None),
    ("sslrootcert", Some("PGSSLROOTCERT")),
    ("sslsni", Some("PGSSLSNI")),
    ("target_session_attrs", Some("PGTARGETSESSIONATTRS")),
    ("tcp_user_timeout", None),
    ("tty", None),
    ("user", Some("PGUSER")),
];

/// Keywords that elt does not support and must not ignore, because users rely on them. Each has the values that
/// request nothing.
const REFUSED: [(&str, &[&str]); 6] = [
    ("gssencmode", &["disable", "prefer"]),
    ("replication", &["false", "off", "no", "0"]),
    ("require_auth", &[]),
    ("requirepeer", &[]),
    ("sslcertmode", &["disable", "allow"]),
    ("sslcrldir", &[]),
];
const FORMATS: &str = "Write postgresql://user@host:5432/database, or host=... user=... dbname=...";

/// A keyword of libpq and its variable.
pub(super) fn find_keyword(keyword: &str) -> Option<(&'static str, Option<&'static str>)> {
    KEYWORDS.into_iter().find(|each| each.0 == keyword)
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Origin {
    Conninfo,
    Service(PathBuf),
    Environment,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Settings(BTreeMap<&'static str, (String, Origin)>);

impl Settings {
    /// Collects settings from the connection string, then its service, then the environment.
    pub(super) fn gather(conninfo: Option<&str>) -> Result<Settings> {
        let mut settings = Settings::default();
        if let Some(conninfo) = conninfo {
            settings.take_conninfo(conninfo)?;
        }
        let service = settings.get("service").map(str::to_string);
        if let Some(service) = service.or_else(|| var("PGSERVICE").ok()) {
            let (file, pairs) = service::find(&service)?;
            for (keyword, value) in pairs {
                settings.take(&keyword, value, &Origin::Service(file.clone()));
            }
        }
        for (keyword, variable) in KEYWORDS {
            if let Some(Ok(value)) = variable.map(var) {
                settings.take(keyword, value, &Origin::Environment);
            }
        }
        settings.refuse_unsupported()?;
        Ok(settings)
    }

    fn take_conninfo(&mut self, conninfo: &str) -> Result<(), Failure> {
        let unreadable = || Failure::new(Exit::Usage, "could not read the database URL");
        let pairs = text::parse(conninfo).map_err(|problem| {
            let hint = if problem.contains('@') {
                "Write @ as %40, / as %2F and : as %3A in the password, or use PGPASSWORD."
            } else {
                FORMATS
            };
            unreadable().detail(problem).hint(hint)
        })?;
        let unknown = pairs
            .iter()
            .position(|(keyword, _)| find_keyword(keyword).is_none());
        if let Some(unknown) = unknown {
            // It may be the rest of a password that contains a space.
            let which = if pairs[..unknown].iter().any(|pair| pair.0 == "password") {
                "One of its keywords".to_string()
            } else {
                format!("Its keyword \"{}\"", pairs[unknown].0)
            };
            return Err(unreadable()
                .detail(format!("{which} is not known to libpq."))
                .hint(FORMATS));
        }
        for (keyword, value) in pairs.into_iter().rev() {
            self.take(&keyword, value, &Origin::Conninfo);
        }
        Ok(())
    }

    /// Sets a keyword if it is not set yet.
    fn take(&mut self, keyword: &str, value: String, origin: &Origin) {
        if let Some((keyword, _)) = find_keyword(keyword) {
            self.0
                .entry(keyword)
                .or_insert_with(|| (value, origin.clone()));
        }
    }

    fn refuse_unsupported(&self) -> Result<(), Failure> {
        for (keyword, harmless) in REFUSED {
            let value = self.filled(keyword);
            if let Some(value) = value.filter(|value| !harmless.contains(value)) {
                let message = format!("elt does not support {}", self.name(keyword));
                return Err(Failure::new(Exit::Usage, message)
                    .detail(format!("It is set to \"{value}\"."))
                    .hint(format!(
                        "Omit {keyword}; sslmode=verify-full verifies the server."
                    )));
            }
        }
        Ok(())
    }

    pub(super) fn get(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword).map(|(value, _)| value.as_str())
    }

    /// A setting that is not empty. libpq treats most empty settings as missing.
    pub(super) fn filled(&self, keyword: &str) -> Option<&str> {
        self.get(keyword).filter(|value| !value.is_empty())
    }

    /// A whole number.
    pub(super) fn number(&self, keyword: &str) -> Result<Option<i32>, Failure> {
        let parse = |text: &str| {
            text.trim()
                .parse()
                .map_err(|_| self.refuse(keyword, "a number", "a whole number"))
        };
        self.filled(keyword).map(parse).transpose()
    }

    /// The choice that the setting names. The first one is the default.
    pub(super) fn choice<T: Copy>(
        &self,
        keyword: &str,
        choices: &[(&'static str, T)],
    ) -> Result<T, Failure> {
        let Some(text) = self.get(keyword) else {
            return Ok(choices[0].1);
        };
        let found = choices.iter().find(|(name, _)| *name == text);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            self.refuse(keyword, "one of its values", &format!("one of {names}"))
        })
    }

    /// All settings except passwords.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = self
            .0
            .iter()
            .map(|(keyword, (value, _))| (*keyword, value.as_str()));
        all.filter(|(keyword, _)| !keyword.ends_with("password"))
    }

    /// The name for messages: the variable or the keyword.
    pub(super) fn name(&self, keyword: &str) -> String {
        let variable = find_keyword(keyword).and_then(|each| each.1);
        match self.0.get(keyword).map(|(_, origin)| origin) {
            Some(Origin::Environment) => variable.unwrap_or(keyword).to_string(),
            Some(Origin::Service(file)) => {
                format!("{keyword} in service file \"{}\"", file.display())
            }
            Some(Origin::Conninfo) | None => keyword.to_string(),
        }
    }

    /// The failure for a value that is not `what`; it should be `wanted`. A value from a connection string is not
    /// repeated, because it may be part of a password.
    pub(super) fn refuse(&self, keyword: &str, what: &str, wanted: &str) -> Failure {
        let name = self.name(keyword);
        match self.0.get(keyword) {
            Some((value, Origin::Environment | Origin::Service(_))) => {
                Failure::new(Exit::Usage, format!("{name} is not {what}: \"{value}\""))
                    .hint(format!("Set it to {wanted}, or omit it."))
            }
            _ => Failure::new(Exit::Usage, "could not read the database URL")
                .detail(format!("Its {name} is not {what}."))
                .hint(format!(
                    "Write {wanted}, as in postgresql://user@host:5432/database."
                )),
        }
    }
}
