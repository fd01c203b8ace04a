//! `sslmode` from disable to verify-full, and certificates of servers and clients.

use super::servers::{PASSWORD, Server};
use super::{Case, case, check, refused, write_private};
use crate::support::{Elt, Folder, repository};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};

/// The host name in the server's certificate.
pub(super) const NAME: &str = "db.example";

pub(super) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(super) fn authority(name: &str) -> Authority {
    let mut params = named(name, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

pub(super) fn named(subject: &str, others: &[&str]) -> CertificateParams {
    let others: Vec<String> = others.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(others).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject);
    params
}

/// Certificate and key, in PEM.
pub(super) fn signed(params: &CertificateParams, authority: &Authority) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.clone().signed_by(&key, authority).unwrap();
    (certificate.pem(), key.serialize_pem())
}

/// A server with a certificate for `NAME`, and its authority.
pub(super) fn encrypted_server() -> (Server, Authority) {
    let ours = authority("ours");
    let server = Server::start();
    let (certificate, key) = signed(&named("ignored", &[NAME]), &ours);
    server.encrypt(&certificate, &key, &ours.pem());
    (server, ours)
}

#[test]
fn psql_and_elt_give_sslmode_the_same_meaning() {
    let (ours, stranger) = (authority("ours"), authority("stranger"));
    let server = Server::start();
    let plain = Server::start();
    let address = server.address.clone();
    let (certificate, key) = signed(
        &named("ignored", &[NAME, "*.wild.example", &address]),
        &ours,
    );
    server.encrypt(&certificate, &key, &ours.pem());
    let home = Folder::new();
    let empty = Folder::new();
    let root = write_private(&home, "root.pem", &ours.pem(), 0o644);
    let wrong = write_private(&home, "wrong.pem", &stranger.pem(), 0o644);
    let broken = write_private(&home, "broken.pem", "nothing", 0o644);
    let by_cert = signed(&named("by_cert", &[]), &ours);
    let by_stranger = signed(&named("by_cert", &[]), &stranger);
    let cert = write_private(&home, "client.pem", &by_cert.0, 0o644);
    let cert_key = write_private(&home, "client.key", &by_cert.1, 0o600);
    let open_key = write_private(&home, "open.key", &by_cert.1, 0o644);
    let other_cert = write_private(&home, "other.pem", &by_stranger.0, 0o644);
    let other_key = write_private(&home, "other.key", &by_stranger.1, 0o600);
    let others = signed(&named("me", &[]), &ours);
    let others_cert = write_private(&home, "others.pem", &others.0, 0o644);
    let others_key = write_private(&home, "others.key", &others.1, 0o600);
    let on = |role: &str, host: &str, rest: &str| {
        format!("host={host} hostaddr={address} user={role} dbname=sales {rest}")
    };
    let as_role = |role: &str, encrypted: &str| format!("{role}|sales|{address}|{encrypted}");
    let without = format!("me|sales|{}|f", plain.address);
    let by = |case: Case<'static>| case.with("PGPASSWORD", PASSWORD);
    let modes = |mode: &str| on("me", NAME, &format!("sslmode={mode}"));
    let rooted = |host: &str, mode: &str, root: &str| {
        on("me", host, &format!("sslmode={mode} sslrootcert={root}"))
    };
    let at_plain =
        |mode: &str| format!("host={} user=me dbname=sales sslmode={mode}", plain.address);
    let by_cert = |rest: &str| on("by_cert", NAME, &format!("sslmode=require {rest}"));
    let cases: Vec<Case<'static>> = vec![
        case(
            "by default what can be had",
            on("me", NAME, ""),
            as_role("me", "t"),
        ),
        case("disable", modes("disable"), as_role("me", "f")),
        case("allow", modes("allow"), as_role("me", "f")),
        case("prefer", modes("prefer"), as_role("me", "t")),
        case("require", modes("require"), as_role("me", "t")),
        case("PGSSLMODE", on("me", NAME, ""), as_role("me", "f")).with("PGSSLMODE", "disable"),
        case(
            "the string goes before PGSSLMODE",
            modes("require"),
            as_role("me", "t"),
        )
        .with("PGSSLMODE", "disable"),
        case("PGREQUIRESSL", on("me", NAME, ""), as_role("me", "t")).with("PGREQUIRESSL", "1"),
        case(
            "a URI with ssl=true",
            format!("postgresql://me@{address}/sales?ssl=true"),
            as_role("me", "t"),
        ),
        refused(
            "verify-ca without a root",
            "does not exist",
            modes("verify-ca"),
        ),
        refused(
            "verify-full without a root",
            "does not exist",
            modes("verify-full"),
        ),
        case(
            "only to TLS, and allow",
            on("tls_only", NAME, "sslmode=allow"),
            as_role("tls_only", "t"),
        ),
        case(
            "only to TLS, and prefer",
            on("tls_only", NAME, "sslmode=prefer"),
            as_role("tls_only", "t"),
        ),
        refused(
            "only to TLS, and disable",
            "rejects connection",
            on("tls_only", NAME, "sslmode=disable"),
        ),
        case(
            "only without, and allow",
            on("plain_only", NAME, "sslmode=allow"),
            as_role("plain_only", "f"),
        ),
        case(
            "only without, and prefer",
            on("plain_only", NAME, "sslmode=prefer"),
            as_role("plain_only", "f"),
        ),
        refused(
            "only without, and require",
            "rejects connection",
            on("plain_only", NAME, "sslmode=require"),
        ),
        case("a server without, and allow", at_plain("allow"), &without),
        case("a server without, and prefer", at_plain("prefer"), &without),
        refused(
            "a server without, and require",
            "does not support SSL",
            at_plain("require"),
        ),
        case(
            "a socket is never encrypted",
            format!(
                "host={} user=me dbname=sales sslmode=require",
                server.socket()
            ),
            "me|sales|socket|f",
        ),
        case(
            "verify-ca",
            rooted(NAME, "verify-ca", &root),
            as_role("me", "t"),
        ),
        case(
            "verify-full",
            rooted(NAME, "verify-full", &root),
            as_role("me", "t"),
        ),
        case("PGSSLROOTCERT", modes("verify-full"), as_role("me", "t"))
            .with("PGSSLROOTCERT", &root),
        case(
            "verify-full by a wildcard",
            rooted("a.wild.example", "verify-full", &root),
            as_role("me", "t"),
        ),
        refused(
            "a wildcard stands for one label",
            "does not match",
            rooted("a.b.wild.example", "verify-full", &root),
        ),
        case(
            "verify-full by an address",
            rooted(&address, "verify-full", &root),
            as_role("me", "t"),
        ),
        refused(
            "the subject does not count beside other names",
            "does not match",
            rooted("ignored", "verify-full", &root),
        ),
        case(
            "verify-ca, and another name",
            rooted("other.example", "verify-ca", &root),
            as_role("me", "t"),
        ),
        refused(
            "verify-full, and another name",
            "does not match host name",
            rooted("other.example", "verify-full", &root),
        ),
        refused(
            "verify-full without a name",
            "host name must be specified",
            format!(
                "hostaddr={address} user=me dbname=sales sslmode=verify-full sslrootcert={root}"
            ),
        ),
        refused(
            "verify-ca, and a stranger",
            "certificate verify failed",
            rooted(NAME, "verify-ca", &wrong),
        ),
        refused(
            "require looks at a root that is there",
            "certificate verify failed",
            rooted(NAME, "require", &wrong),
        ),
        case(
            "require passes over a root that is not there",
            rooted(NAME, "require", "/none"),
            as_role("me", "t"),
        ),
        case(
            "prefer goes without where the root is a stranger's",
            rooted(NAME, "prefer", &wrong),
            as_role("me", "f"),
        ),
        refused(
            "a root that is none",
            "could not read root certificate",
            rooted(NAME, "verify-ca", &broken),
        ),
        case(
            "channel binding",
            on("me", NAME, "sslmode=require channel_binding=require"),
            as_role("me", "t"),
        ),
        refused(
            "channel binding without TLS",
            "channel binding",
            on("me", NAME, "sslmode=disable channel_binding=require"),
        ),
        case(
            "TLS 1.2",
            on(
                "me",
                NAME,
                "sslmode=require ssl_max_protocol_version=TLSv1.2",
            ),
            as_role("me", "t"),
        ),
        case(
            "at least TLS 1.3",
            on(
                "me",
                NAME,
                "sslmode=require ssl_min_protocol_version=TLSv1.3",
            ),
            as_role("me", "t"),
        ),
        case(
            "a client's certificate",
            by_cert(&format!("sslcert={cert} sslkey={cert_key}")),
            as_role("by_cert", "t"),
        ),
        case(
            "PGSSLCERT and PGSSLKEY",
            by_cert(""),
            as_role("by_cert", "t"),
        )
        .with("PGSSLCERT", &cert)
        .with("PGSSLKEY", &cert_key),
        refused(
            "no certificate",
            "requires a valid client certificate",
            by_cert(""),
        ),
        refused(
            "a certificate that is not there",
            "requires a valid client certificate",
            by_cert("sslcert=/none sslkey=/none"),
        ),
        refused(
            "a certificate without its key",
            "private key file",
            by_cert(&format!("sslcert={cert}")),
        ),
        refused(
            "a key that others may read",
            "has group or world access",
            by_cert(&format!("sslcert={cert} sslkey={open_key}")),
        ),
        refused(
            "a certificate and another's key",
            "key values mismatch",
            by_cert(&format!("sslcert={cert} sslkey={other_key}")),
        ),
        refused(
            "a stranger's certificate",
            "unknown ca",
            by_cert(&format!("sslcert={other_cert} sslkey={other_key}")),
        ),
        refused(
            "another user's certificate",
            "certificate authentication failed",
            by_cert(&format!("sslcert={others_cert} sslkey={others_key}")),
        ),
    ];
    let cases: Vec<Case<'static>> = cases.into_iter().map(by).collect();
    check(&cases, &empty, &[&server, &plain]);
}

#[test]
fn psql_and_elt_use_the_same_files_in_the_home_folder() {
    let (ours, stranger) = (authority("ours"), authority("stranger"));
    let server = Server::start();
    let address = &server.address;
    let mut params = named(NAME, &[]);
    params.serial_number = Some(SerialNumber::from(7));
    let (certificate, key) = signed(&params, &ours);
    server.encrypt(&certificate, &key, &ours.pem());
    let at = |role: &str, host: &str, mode: &str| {
        format!("host={host} hostaddr={address} user={role} dbname=sales sslmode={mode}")
    };
    let role = |role: &str| format!("{role}|sales|{address}|t");
    let by = |case: Case<'static>| case.with("PGPASSWORD", PASSWORD);

    let home = Folder::new();
    write_private(&home, ".postgresql/root.crt", &ours.pem(), 0o644);
    let client = signed(&named("by_cert", &[]), &ours);
    write_private(&home, ".postgresql/postgresql.crt", &client.0, 0o644);
    write_private(&home, ".postgresql/postgresql.key", &client.1, 0o600);
    let cases = vec![
        case(
            "root.crt, and the subject as the only name",
            at("me", NAME, "verify-full"),
            role("me"),
        ),
        refused(
            "another name than the subject's",
            "does not match host name",
            at("me", "other.example", "verify-full"),
        ),
        case(
            "postgresql.crt and its key",
            at("by_cert", NAME, "verify-full"),
            role("by_cert"),
        ),
    ];
    check(
        &cases.into_iter().map(by).collect::<Vec<_>>(),
        &home,
        &[&server],
    );

    let lists = CertificateRevocationListParams {
        this_update: date_time_ymd(2024, 1, 1),
        next_update: date_time_ymd(2124, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: vec![RevokedCertParams {
            serial_number: SerialNumber::from(7),
            revocation_time: date_time_ymd(2024, 1, 1),
            reason_code: None,
            invalidity_date: None,
        }],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let list = lists.signed_by(&ours).unwrap().pem().unwrap();
    write_private(&home, ".postgresql/root.crl", &list, 0o644);
    let cases = vec![refused(
        "a certificate that is revoked",
        "certificate verify failed",
        at("me", NAME, "verify-full"),
    )];
    check(
        &cases.into_iter().map(by).collect::<Vec<_>>(),
        &home,
        &[&server],
    );

    let other = Folder::new();
    write_private(&other, ".postgresql/root.crt", &stranger.pem(), 0o644);
    let cases = vec![refused(
        "require looks into root.crt",
        "certificate verify failed",
        at("me", NAME, "require"),
    )];
    check(
        &cases.into_iter().map(by).collect::<Vec<_>>(),
        &other,
        &[&server],
    );

    // The first example of PostgreSQL's manual: a certificate that is its own authority.
    let mut params = named(NAME, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let own = params.self_signed(&key).unwrap().pem();
    server.encrypt(&own, &key.serialize_pem(), &ours.pem());
    let home = Folder::new();
    write_private(&home, ".postgresql/root.crt", &own, 0o644);
    let mut old = named(NAME, &[NAME]);
    old.not_after = date_time_ymd(2020, 1, 1);
    let cases = vec![
        case(
            "a certificate that is its own authority",
            at("me", NAME, "verify-full"),
            role("me"),
        ),
        refused(
            "and another name",
            "does not match host name",
            at("me", "other.example", "verify-full"),
        ),
    ];
    check(
        &cases.into_iter().map(by).collect::<Vec<_>>(),
        &home,
        &[&server],
    );

    let strict = Folder::new();
    write_private(&strict, ".postgresql/root.crt", &own, 0o644);
    write_private(&strict, ".postgresql/root.crl", &list, 0o644);
    let cases = vec![refused(
        "and no list that says whether it is revoked",
        "certificate verify failed",
        at("me", NAME, "verify-full"),
    )];
    check(
        &cases.into_iter().map(by).collect::<Vec<_>>(),
        &strict,
        &[&server],
    );

    let (certificate, key) = signed(&old, &ours);
    server.encrypt(&certificate, &key, &ours.pem());
    write_private(&home, ".postgresql/root.crt", &ours.pem(), 0o644);
    let cases = vec![refused(
        "a certificate whose time is over",
        "certificate verify failed",
        at("me", NAME, "verify-ca"),
    )];
    check(
        &cases.into_iter().map(by).collect::<Vec<_>>(),
        &home,
        &[&server],
    );
}

/// Not compared with psql, which supports `system` since version 16.
#[test]
fn sslrootcert_system_trusts_the_machines_authorities() {
    let (server, ours) = encrypted_server();
    let stranger = authority("stranger");
    let folder = Folder::new();
    let machines = write_private(&folder, "ours.pem", &ours.pem(), 0o644);
    let others = write_private(&folder, "others.pem", &stranger.pem(), 0o644);
    let status = |host: &str, rest: &str, file: &str| {
        let address = &server.address;
        let url = format!(
            "host={host} hostaddr={address} user=me dbname=sales sslrootcert=system {rest}"
        );
        let elt = Elt::on(&url)
            .env("PGPASSWORD", PASSWORD)
            .env("HOME", folder.path());
        elt.env("SSL_CERT_FILE", file)
            .env("SSL_CERT_DIR", "/none")
            .args(["status"])
            .run()
    };
    let mark = server.log().len();
    // Connected, but the database has no schema.
    status(NAME, "", &machines).exits_with(6);
    assert_eq!(
        server.accepted(&server.log()[mark..]),
        Some(format!("me|sales|{}|t", server.address))
    );
    status(NAME, "", &others)
        .exits_with(5)
        .says(&["UnknownIssuer", "sslrootcert"]);
    status("other.example", "", &machines)
        .exits_with(5)
        .says(&["NotValidForName", "sslmode=verify-full"]);
    status(NAME, "sslmode=require", &machines)
        .exits_with(2)
        .says(&["sslrootcert=system", "verify-full"]);
    status(NAME, "", "/none")
        .exits_with(2)
        .says(&["no certificates to trust", "ca-certificates"]);
}

#[test]
fn of_two_refusals_the_more_useful_one_is_reported() {
    let (server, _) = encrypted_server();
    let folder = Folder::new();
    let status = |role: &str, mode: &str| {
        let url = format!(
            "postgresql://{role}@{}/sales?sslmode={mode}",
            server.address
        );
        let elt = Elt::on(&url)
            .env("PGPASSWORD", "wrong")
            .env("HOME", folder.path());
        elt.args(["status"]).run().exits_with(5)
    };
    for (role, mode) in [
        ("tls_only", "prefer"),
        ("tls_only", "allow"),
        ("plain_only", "prefer"),
        ("plain_only", "allow"),
    ] {
        let outcome = status(role, mode).says(&["Set PGPASSWORD", "Before that: ", "28000"]);
        assert!(
            outcome
                .stderr
                .contains("because: password authentication failed"),
            "{outcome:?}"
        );
    }
    let outcome = status("me", "prefer").says(&["password authentication failed"]);
    assert!(!outcome.stderr.contains("Before that"), "{outcome:?}");
}

/// The role may create the project's database. The server reports that it is missing only over TLS.
#[test]
fn a_missing_database_is_created_over_tls() {
    let (server, _) = encrypted_server();
    let folder = Folder::new();
    server
        .owner()
        .batch_execute("alter role tls_only createdb")
        .unwrap();
    let url = format!("postgresql://tls_only@{}/", server.address);
    let library = repository().join("tests/projects/library");
    let elt = Elt::on(&url)
        .env("PGPASSWORD", PASSWORD)
        .env("HOME", folder.path());
    elt.args(["migrate"]).path("--project", &library).run().ok();
}

#[test]
fn ctrl_c_reaches_the_server_over_tls() {
    let (server, ours) = encrypted_server();
    let folder = Folder::new();
    let root = write_private(&folder, "root.pem", &ours.pem(), 0o644);
    let url = format!(
        "host={NAME} hostaddr={} user=keeper dbname=epiondw sslmode=verify-full sslrootcert={root}",
        server.address
    );
    let mut owner = server.owner();
    owner
        .batch_execute(&format!(
            "create role keeper superuser login password '{PASSWORD}'"
        ))
        .unwrap();
    let on_server = || {
        Elt::on(&url)
            .env("PGPASSWORD", PASSWORD)
            .env("HOME", folder.path())
    };
    on_server().args(["migrate"]).run().ok();
    owner.batch_execute("begin; lock table elt.load").unwrap();
    let mut running = on_server().args(["load", "practices"]).start();
    let mut watch = server.owner();
    crate::support::wait_until("the load to wait for the lock over TLS", || {
        let sql = "select exists (select from pg_stat_activity inner join pg_stat_ssl using (pid) \
                   where application_name like 'elt %' and wait_event_type = 'Lock' and ssl)";
        watch.query_one(sql, &[]).unwrap().get(0)
    });
    assert!(!running.has_ended());
    running.interrupt();
    running.finish().exits_with(130).says(&["interrupted"]);
    owner.batch_execute("rollback").unwrap();
}
