//! Connection strings, variables, service files, password files and hosts.

use super::servers::{ENCODED, PASSWORD, Server};
use super::{Case, case, check, refused, write_private};
use crate::support::{Elt, Folder};
use std::net::TcpListener;

/// The password as written in a password file.
const ESCAPED: &str = "ma\\:rk\\\\er";

#[test]
fn psql_and_elt_read_strings_variables_and_files_the_same_way() {
    let server = Server::start();
    let home = Folder::new();
    let at = &server.address;
    let socket = &server.socket();
    let pass = write_private(
        &home,
        "pass",
        &format!("# ours\n{at}:*:sales:me:{ESCAPED}\n{socket}:5432:*:other:{ESCAPED}\n"),
        0o600,
    );
    let open = write_private(&home, "open", &format!("*:*:*:*:{ESCAPED}\n"), 0o640);
    let wrong = write_private(&home, "wrong", "*:*:*:*:no\n", 0o600);
    let services = write_private(
        &home,
        "services",
        &format!(
            "[sales]\nhost={at}\ndbname=sales\nuser=me\npassword={PASSWORD}\nuser=other\n\n[bare]\nhost={at}\n[broken]\nhost = {at}\n"
        ),
        0o644,
    );
    write_private(
        &home,
        ".pg_service.conf",
        &format!("[own]\nhost={at}\ndbname=sales\nuser=other\n"),
        0o644,
    );
    write_private(
        &home,
        ".pgpass",
        &format!("localhost:*:*:*:no\n*:5432:sales:other:{ESCAPED}\n"),
        0o600,
    );
    let me = format!("me|sales|{at}|f");
    let other = format!("other|sales|{at}|f");
    let by = |case: Case<'static>, password: &str| case.with("PGPASSWORD", password);
    let in_variables = |what| {
        case(what, "", &me)
            .with("PGHOST", at)
            .with("PGDATABASE", "sales")
            .with("PGUSER", "me")
    };
    check(
        &[
            case(
                "a URI",
                format!("postgresql://me:{ENCODED}@{at}:5432/sales"),
                &me,
            ),
            case(
                "its other scheme",
                format!("postgres://me:{ENCODED}@{at}/sales"),
                &me,
            ),
            case(
                "all of it after the ?",
                format!("postgresql://?host={at}&user=me&password={ENCODED}&dbname=sales"),
                &me,
            ),
            case(
                "the ? goes before",
                format!("postgresql://other:{ENCODED}@{at}/me?dbname=sales&user=me"),
                &me,
            ),
            case(
                "key=value",
                format!("host={at} user = me password='ma:rk\\\\er' dbname='sales'"),
                &me,
            ),
            case(
                "the last of two",
                format!("host=nowhere host={at} user=me password=ma:rk\\\\er dbname=sales"),
                &me,
            ),
            by(
                case(
                    "a socket in the URI",
                    format!("postgresql://me@/sales?host={socket}"),
                    "me|sales|socket|f",
                ),
                PASSWORD,
            ),
            by(
                case(
                    "an escaped socket",
                    format!("postgresql://me@{}/sales", socket.replace('/', "%2F")),
                    "me|sales|socket|f",
                ),
                PASSWORD,
            ),
            by(
                case(
                    "an address",
                    format!("hostaddr={at} user=me dbname=sales"),
                    &me,
                ),
                PASSWORD,
            ),
            by(
                case(
                    "an address with a name",
                    format!("host=db.example hostaddr={at} user=me dbname=sales"),
                    &me,
                ),
                PASSWORD,
            ),
            by(in_variables("variables"), PASSWORD),
            by(
                in_variables("an address in variables")
                    .with("PGHOSTADDR", at)
                    .with("PGHOST", "db.example"),
                PASSWORD,
            ),
            by(
                case(
                    "the string goes before variables",
                    format!("postgresql://me@{at}/sales"),
                    &me,
                )
                .with("PGHOST", "nowhere")
                .with("PGUSER", "other")
                .with("PGDATABASE", "me"),
                PASSWORD,
            ),
            case(
                "the string's password goes before PGPASSWORD",
                format!("postgresql://me:{ENCODED}@{at}/sales"),
                &me,
            )
            .with("PGPASSWORD", "no"),
            by(
                refused(
                    "a wrong password",
                    "password authentication failed",
                    format!("postgresql://me@{at}/sales"),
                ),
                "no",
            ),
            refused(
                "no password",
                "no password supplied",
                format!("postgresql://me@{at}/sales"),
            ),
            by(
                refused(
                    "no such role",
                    "password authentication failed",
                    format!("postgresql://absent@{at}/sales"),
                ),
                PASSWORD,
            ),
            by(
                refused(
                    "no such database",
                    "does not exist",
                    format!("postgresql://me@{at}/none"),
                ),
                PASSWORD,
            ),
            by(
                refused(
                    "an option that the server refuses",
                    "invalid value for parameter",
                    format!("postgresql://me@{at}/sales?options=-c%20work_mem%3Dx"),
                ),
                PASSWORD,
            ),
            by(
                refused(
                    "PGOPTIONS that the server refuses",
                    "invalid value for parameter",
                    format!("postgresql://me@{at}/sales"),
                )
                .with("PGOPTIONS", "-c work_mem=x"),
                PASSWORD,
            ),
            by(
                case(
                    "the string's options go before PGOPTIONS",
                    format!("postgresql://me@{at}/sales?options=-c%20work_mem%3D1MB"),
                    &me,
                )
                .with("PGOPTIONS", "-c work_mem=x"),
                PASSWORD,
            ),
            refused(
                "a keyword that is none",
                "invalid URI query parameter",
                format!("postgresql://me@{at}/sales?hots=x"),
            ),
            refused(
                "a port that is none",
                "invalid integer value",
                format!("postgresql://me@{at}:x/sales"),
            ),
            refused(
                "PGPORT that is none",
                "invalid port number",
                format!("postgresql://me@{at}/sales"),
            )
            .with("PGPORT", "70000"),
            refused(
                "a quote that is not closed",
                "unterminated quoted string",
                format!("host='{at}"),
            ),
            refused(
                "an escape that is none",
                "percent-encoded token",
                format!("postgresql://me@{at}/sales%2"),
            ),
            refused(
                "a mode that is none",
                "invalid sslmode value",
                format!("postgresql://me@{at}/sales?sslmode=some"),
            ),
            case("PGSERVICE", "", &me)
                .with("PGSERVICE", "sales")
                .with("PGSERVICEFILE", &services),
            case("service=", "service=sales", &me).with("PGSERVICEFILE", &services),
            case("a service in a URI", "postgresql://?service=sales", &me)
                .with("PGSERVICEFILE", &services),
            case(
                "the string goes before its service",
                "service=sales user=other",
                &other,
            )
            .with("PGSERVICEFILE", &services),
            case("a service goes before variables", "service=sales", &me)
                .with("PGSERVICEFILE", &services)
                .with("PGUSER", "other")
                .with("PGHOST", "nowhere")
                .with("PGPASSWORD", "no"),
            by(
                case(
                    "variables fill settings that a service omits",
                    "service=bare",
                    &me,
                )
                .with("PGSERVICEFILE", &services)
                .with("PGUSER", "me")
                .with("PGDATABASE", "sales"),
                PASSWORD,
            ),
            case(
                "the string names the service, not PGSERVICE",
                "service=sales",
                &me,
            )
            .with("PGSERVICEFILE", &services)
            .with("PGSERVICE", "none"),
            case("~/.pg_service.conf, and ~/.pgpass", "service=own", &other),
            case("pg_service.conf of PGSYSCONFDIR", "service=machine", &other).with(
                "PGSYSCONFDIR",
                {
                    write_private(
                        &home,
                        "etc/pg_service.conf",
                        &format!("[machine]\nhost={at}\ndbname=sales\nuser=other\n"),
                        0o644,
                    );
                    home.path().join("etc").display().to_string()
                },
            ),
            refused("no such service", "definition of service", "service=none")
                .with("PGSERVICEFILE", &services),
            refused("no such service file", "service file", "service=sales")
                .with("PGSERVICEFILE", "/none"),
            refused(
                "a service with a blank too many",
                "syntax error in service file",
                "service=broken",
            )
            .with("PGSERVICEFILE", &services),
            case("PGPASSFILE", format!("postgresql://me@{at}/sales"), &me)
                .with("PGPASSFILE", &pass),
            case(
                "passfile",
                format!("postgresql://me@{at}/sales?passfile={pass}"),
                &me,
            ),
            case(
                "a socket in the password file",
                format!("postgresql://other@/sales?host={socket}"),
                "other|sales|socket|f",
            )
            .with("PGPASSFILE", &pass),
            refused(
                "another database than the line's",
                "no password supplied",
                format!("postgresql://me@{at}/me"),
            )
            .with("PGPASSFILE", &pass),
            refused(
                "another host than the line's",
                "no password supplied",
                format!("host=db.example hostaddr={at} user=me dbname=sales"),
            )
            .with("PGPASSFILE", &pass),
            refused(
                "a password file that others may read",
                "no password supplied",
                format!("postgresql://me@{at}/sales"),
            )
            .with("PGPASSFILE", &open),
            by(
                case(
                    "PGPASSWORD goes before the file",
                    format!("postgresql://me@{at}/sales"),
                    &me,
                )
                .with("PGPASSFILE", &wrong),
                PASSWORD,
            ),
            refused(
                "the first line that fits counts",
                "password authentication failed",
                format!("postgresql://other@/sales?host={socket}"),
            )
            .with("PGPASSFILE", &wrong),
            case(
                "~/.pgpass",
                format!("postgresql://other@{at}/sales"),
                &other,
            ),
            refused(
                "not for this user in ~/.pgpass",
                "no password supplied",
                format!("postgresql://me@{at}/sales"),
            ),
        ],
        &home,
        &[&server],
    );
}

#[test]
fn errors_name_the_file_and_the_hosts_but_no_password() {
    let server = Server::start();
    let home = Folder::new();
    let at = &server.address;
    let wrong = write_private(&home, "wrong", "*:*:*:*:marker\n", 0o600);
    let open = write_private(&home, "open", "*:*:*:*:marker\n", 0o644);
    let status = |url: &str| Elt::on(url).env("HOME", home.path()).args(["status"]);
    let me = &format!("postgresql://me@{at}/sales");
    let from_file = status(me).env("PGPASSFILE", &wrong).run().exits_with(5);
    let from_file = from_file.says(&["28P01", &format!("The password is from file \"{wrong}\".")]);
    let ignored = status(me).env("PGPASSFILE", &open).run().exits_with(5);
    let ignored = ignored.says(&[
        &format!("password file \"{open}\" has group or world access and is ignored"),
        "~/.pgpass",
    ]);
    let several = status(&format!(
        "postgresql://me@127.0.0.1:1,{at}/sales?sslpassword=marker"
    ));
    let several = several
        .env("PGPASSWORD", "marker")
        .run()
        .exits_with(5)
        .says(&[
            &format!("127.0.0.1, port 1 or {at}, port 5432"),
            "Before that: 127.0.0.1, port 1: ",
            "Connection refused",
            "28P01",
        ]);
    for outcome in [from_file, ignored, several] {
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    }
    let refused = status(me)
        .env("PGREQUIREPEER", "postgres")
        .run()
        .exits_with(2);
    refused.says(&["does not support PGREQUIREPEER", "sslmode=verify-full"]);
    let url = Elt::on(&format!("{me}?sslpassword=marker&connect_timeout=9")).args(["db", "url"]);
    assert_eq!(
        url.run().ok().stdout.trim(),
        format!("postgresql://me@{at}:5432/sales?connect_timeout=9")
    );
}

#[test]
fn psql_and_elt_try_hosts_in_the_same_order() {
    let (primary, standby) = (Server::start(), Server::start());
    standby.become_standby();
    let home = Folder::new();
    let (one, two) = (&primary.address, &standby.address);
    write_private(
        &home,
        ".pgpass",
        &format!(
            "{one}:*:*:me:{ESCAPED}\n{two}:*:*:me:{ESCAPED}\n{one}:*:*:other:no\n{two}:*:*:other:{ESCAPED}\n"
        ),
        0o600,
    );
    let first = format!("me|sales|{one}|f");
    let second = format!("me|sales|{two}|f");
    // Listens but never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let on = |hosts: &str, rest: &str| format!("postgresql://me@{hosts}/sales?{rest}");
    let both = format!("{one},{two}");
    let back = format!("{two},{one}");
    let attributes = |order: &str, kind: &str| on(order, &format!("target_session_attrs={kind}"));
    check(
        &[
            case("the first of two", on(&both, ""), &first),
            case(
                "past a closed port",
                on(&format!("127.0.0.1:1,{two}"), ""),
                &second,
            ),
            case(
                "past a name that is none",
                on(&format!("none.invalid,{two}"), ""),
                &second,
            ),
            case(
                "past a socket that is not there",
                on(&format!("%2Fnowhere,{one}"), ""),
                &first,
            ),
            case(
                "past one that never answers",
                on(&format!("{silent},{one}"), "connect_timeout=2"),
                &first,
            ),
            refused(
                "only one that never answers",
                "timeout expired",
                on(&silent.to_string(), "connect_timeout=2"),
            ),
            case(
                "PGCONNECT_TIMEOUT",
                on(&format!("{silent},{one}"), ""),
                &first,
            )
            .with("PGCONNECT_TIMEOUT", "1"),
            refused(
                "not past one that refuses",
                "password authentication failed",
                format!("postgresql://other@{both}/sales"),
            ),
            case(
                "each with its own password",
                format!("postgresql://other@{two},{one}/sales"),
                format!("other|sales|{two}|f"),
            ),
            case(
                "a port for each",
                format!("host=127.0.0.1,{two} port=1, user=me dbname=sales"),
                &second,
            ),
            case(
                "names for addresses",
                format!(
                    "host={one},{two} hostaddr=127.0.0.1,{two} port=1,5432 user=me dbname=sales"
                ),
                &second,
            ),
            refused(
                "too few ports",
                "could not match",
                format!("host={one},{two},{one} port=5432,5432 user=me dbname=sales"),
            ),
            refused(
                "too few names",
                "could not match",
                format!("host={one} hostaddr={one},{two} user=me dbname=sales"),
            ),
            case("PGHOST has several too", "user=me dbname=sales", &second)
                .with("PGHOST", format!("127.0.0.1,{two}"))
                .with("PGPORT", "1,5432"),
            case("any", attributes(&back, "any"), &second),
            case("read-write", attributes(&back, "read-write"), &first),
            case("read-only", attributes(&both, "read-only"), &second),
            case("primary", attributes(&back, "primary"), &first),
            case("standby", attributes(&both, "standby"), &second),
            case(
                "prefer-standby",
                attributes(&both, "prefer-standby"),
                &second,
            ),
            case(
                "prefer-standby where there is none",
                attributes(one, "prefer-standby"),
                &first,
            ),
            case("PGTARGETSESSIONATTRS", on(&both, ""), &second)
                .with("PGTARGETSESSIONATTRS", "standby"),
            case(
                "read-only by an option",
                on(
                    one,
                    "target_session_attrs=read-only&options=-c%20default_transaction_read_only%3Don",
                ),
                &first,
            ),
            refused(
                "read-write, and none is",
                "session is read-only",
                attributes(two, "read-write"),
            ),
            refused(
                "a standby, and none is",
                "server is not in hot standby",
                attributes(one, "standby"),
            ),
            refused(
                "read-write by an option is not",
                "session is read-only",
                on(
                    one,
                    "target_session_attrs=read-write&options=-c%20default_transaction_read_only%3Don",
                ),
            ),
            refused(
                "a kind that there is not",
                "invalid target_session_attrs value",
                attributes(one, "secondary"),
            ),
        ],
        &home,
        &[&primary, &standby],
    );
}

#[test]
fn psql_and_elt_skip_a_server_that_accepts_no_connections_yet() {
    let (starting, ready) = (Server::start(), Server::start());
    let waits = starting.refuse_connections();
    let home = Folder::new();
    let (one, two) = (&starting.address, &ready.address);
    let by = |case: Case<'static>| case.with("PGPASSWORD", PASSWORD);
    let me = |hosts: &str| format!("postgresql://me@{hosts}/sales");
    let cases = [
        by(case(
            "another host",
            me(&format!("{one},{two}")),
            format!("me|sales|{two}|f"),
        )),
        by(refused(
            "no other host",
            "not accepting connections",
            me(one),
        )),
    ];
    check(&cases, &home, &[&starting, &ready]);
    waits.kill();
}
