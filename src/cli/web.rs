//! Commands of the web application: the server, accounts and tokens.

use super::jobs::ServiceArgs;
use super::values::socket_address;
use crate::web::Proxies;
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt user add ann --role admin    first create an account
  elt serve                        serve http://127.0.0.1:8000/
  elt serve --bind 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem")]
pub(crate) struct ServeArgs {
    /// Address and port to listen on
    #[arg(
        long,
        env = "ELT_BIND",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8000",
        value_parser = socket_address
    )]
    pub(crate) bind: SocketAddr,

    /// Certificate chain (PEM), to serve HTTPS
    #[arg(long, env = "ELT_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Private key of the certificate (PEM)
    #[arg(long, env = "ELT_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Trust X-Forwarded-For from HTTPS proxies at these addresses or networks [default: this machine], and
    /// restrict cookies to HTTPS
    #[arg(
        long,
        env = "ELT_BEHIND_PROXY",
        value_name = "ADDRESS,...",
        num_args = 0..=1,
        default_missing_value = "true",
        conflicts_with = "tls_cert"
    )]
    pub(crate) behind_proxy: Option<Proxies>,

    /// Host names to accept, besides IP addresses and localhost; links in API responses then use them
    #[arg(
        long = "allowed-host",
        env = "ELT_ALLOWED_HOST",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub(crate) allowed_hosts: Vec<String>,

    /// Time zone of accounts that have chosen none
    #[arg(
        long,
        env = "ELT_TIME_ZONE",
        value_name = "ZONE",
        default_value = "UTC"
    )]
    pub(crate) time_zone: String,

    /// Run no jobs; workers run elsewhere
    #[arg(long, env = "ELT_NO_WORKER", value_parser = FalseyValueParser::new())]
    pub(crate) no_worker: bool,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt user add ann --role admin
  elt user list")]
pub(crate) enum UserCommand {
    /// Create an account; prompts for a password of at least 15 characters
    #[command(after_help = "\
Examples:
  elt user add ann --role operator
  elt user add ann --role admin --password-stdin < file")]
    Add {
        /// Name to sign in with
        #[arg(value_name = "NAME")]
        name: String,

        /// Role of the account: viewer, operator (changes data, starts jobs) or admin
        #[arg(long, env = "ELT_ROLE", value_name = "ROLE", value_parser = ["viewer", "operator", "admin"])]
        role: String,

        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Set the password of an account and end its sessions. This also enables a disabled account and clears a
    /// sign-in lockout
    #[command(after_help = "\
Examples:
  elt user passwd ann
  elt user passwd ann --revoke-tokens")]
    Passwd {
        /// Name of the account
        #[arg(value_name = "NAME")]
        name: String,

        #[command(flatten)]
        password: PasswordArgs,

        /// Revoke all tokens of the account, not only those created with its old password
        #[arg(long, env = "ELT_REVOKE_TOKENS", value_parser = FalseyValueParser::new())]
        revoke_tokens: bool,
    },
    /// List accounts
    #[command(after_help = "\
Examples:
  elt user list --json")]
    List,
    /// Disable an account: end its sessions and refuse its password and tokens
    #[command(after_help = "\
Examples:
  elt user disable ann")]
    Disable {
        /// Name of the account
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Args)]
pub(crate) struct PasswordArgs {
    /// Read the password from stdin instead of prompting for it
    #[arg(long, env = "ELT_PASSWORD_STDIN", value_parser = FalseyValueParser::new())]
    pub(crate) password_stdin: bool,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt token new ann --name 'nightly import' --change
  elt token list")]
pub(crate) enum TokenCommand {
    /// Create a token for an account and print it once
    #[command(after_help = "\
Examples:
  elt token new ann --name 'nightly import' --days 30")]
    New {
        /// Name of the account
        #[arg(value_name = "ACCOUNT")]
        account: String,

        /// What the token is for
        #[arg(long, env = "ELT_TOKEN_NAME", value_name = "TEXT")]
        name: String,

        /// Allow changes; without it, the token is read-only
        #[arg(long, env = "ELT_TOKEN_CHANGE", value_parser = FalseyValueParser::new())]
        change: bool,

        /// Days until the token expires
        #[arg(long, env = "ELT_TOKEN_DAYS", value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(i32).range(1..=3660))]
        days: i32,
    },
    /// List tokens
    #[command(after_help = "\
Examples:
  elt token list")]
    List,
    /// Revoke a token
    #[command(after_help = "\
Examples:
  elt token revoke 3")]
    Revoke {
        /// Number of the token
        #[arg(value_name = "TOKEN")]
        token: i64,
    },
}
