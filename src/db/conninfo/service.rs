//! Service files, which give names to connections.

use super::settings::find_keyword;
use super::text::Pairs;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::env::var_os;
use std::path::{Path, PathBuf};

/// The folders of the machine's service file without PGSYSCONFDIR: Debian, Red Hat, built from source.
const SYSTEM: [&str; 3] = [
    "/etc/postgresql-common",
    "/etc/sysconfig/pgsql",
    "/usr/local/pgsql/etc",
];
const NAME: &str = "pg_service.conf";

/// The settings of a service, and their file: the user's file, otherwise the machine's.
pub(super) fn find(service: &str) -> Result<(PathBuf, Pairs)> {
    let named = var_os("PGSERVICEFILE").map(PathBuf::from);
    if let Some(named) = &named
        && !named.is_file()
    {
        let message = format!("service file \"{}\" does not exist", named.display());
        return Err(Failure::new(Exit::Usage, message)
            .hint("Set PGSERVICEFILE to the file that defines the service, or unset it.")
            .into());
    }
    let own = named.or_else(|| Some(super::home()?.join(format!(".{NAME}"))));
    let system = match var_os("PGSYSCONFDIR") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => SYSTEM.map(PathBuf::from).into(),
    };
    let files = own
        .into_iter()
        .chain(system.iter().map(|folder| folder.join(NAME)));
    for file in files.filter(|file| file.is_file()) {
        if let Some(pairs) = read(&file, service)? {
            return Ok((file, pairs));
        }
    }
    Err(
        Failure::new(Exit::Usage, format!("service \"{service}\" is not defined"))
            .detail("elt looks in PGSERVICEFILE or ~/.pg_service.conf, then in pg_service.conf of PGSYSCONFDIR.")
            .hint("Define it there: a line [name], then lines such as host=db.example and dbname=sales.")
            .into(),
    )
}

fn read(file: &Path, service: &str) -> Result<Option<Pairs>> {
    let unreadable = |problem: String| {
        let message = format!("could not read service file \"{}\"", file.display());
        Failure::new(Exit::Usage, message).detail(problem)
    };
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    let hint = "A service is a line [name] and lines keyword=value, without spaces around the =.";
    Ok(parse(&text, service).map_err(|problem| unreadable(problem).hint(hint))?)
}

/// The first section with this name.
fn parse(text: &str, service: &str) -> Result<Option<Pairs>, String> {
    let mut found: Option<Pairs> = None;
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let at = |problem: &str| format!("Line {}: {problem}.", index + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            let rest = name.strip_prefix(service);
            if rest.is_some_and(|rest| rest.starts_with(']')) {
                found = Some(Pairs::new());
            }
            continue;
        }
        let Some(pairs) = &mut found else { continue };
        if line.starts_with("ldap") {
            return Err(at("elt does not support LDAP lookups"));
        }
        match line.split_once('=') {
            None => return Err(at("it is not keyword=value")),
            Some(("service", _)) => return Err(at("a service cannot name another one")),
            Some((keyword, _)) if find_keyword(keyword).is_none() => {
                return Err(at("its keyword is not known to libpq"));
            }
            // The first value takes precedence.
            Some((keyword, _)) if pairs.iter().any(|pair| pair.0 == keyword) => {}
            Some((keyword, value)) => pairs.push((keyword.into(), value.into())),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str =
        "# ours\n[one]\nhost=a\n\n  port=1  \n host=b\n[two]\nuser=x\n[one]\nuser=y\n";

    #[test]
    fn reads_the_first_section_of_the_name() {
        let pair = |keyword: &str, value: &str| (keyword.to_string(), value.to_string());
        assert_eq!(
            parse(TEXT, "one"),
            Ok(Some(vec![pair("host", "a"), pair("port", "1")]))
        );
        assert_eq!(parse(TEXT, "two"), Ok(Some(vec![pair("user", "x")])));
        assert_eq!(parse(TEXT, "three"), Ok(None));
        assert_eq!(parse(TEXT, "on"), Ok(None));
    }

    #[test]
    fn reports_the_line_of_an_error() {
        let problem = |line: &str| parse(&format!("[x]\n{line}\n"), "x").unwrap_err();
        assert!(problem("host").starts_with("Line 2: it is not"));
        assert!(problem("host = a").contains("not known to libpq"));
        assert!(problem("service=y").contains("cannot name another"));
        assert_eq!(parse("[x]\n[y]\nhost\n", "x"), Ok(Some(Pairs::new())));
    }

    proptest! {
        #[test]
        fn reads_any_file_without_a_panic(text in "([a-z=#\\[\\] ]*\n)*", service in ".*") {
            let _ = parse(&text, &service);
        }
    }
}
