//! Commands of the web application: the server, its accounts and their tokens.

use super::values::socket_address;
use super::{OutArgs, WorkerDataArgs};
use crate::web::Proxies;
use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  elt user add ann --role admin    first somebody who may sign in
  elt serve                        http://127.0.0.1:8000/
  elt serve --bind 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem")]
pub(crate) struct ServeArgs {
    /// Where to listen
    #[arg(
        long,
        env = "ELT_BIND",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8000",
        value_parser = socket_address
    )]
    pub(crate) bind: SocketAddr,

    /// Certificate and those above it (PEM), to serve HTTPS
    #[arg(long, env = "ELT_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Its private key (PEM)
    #[arg(long, env = "ELT_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Behind proxies that serve HTTPS, at these addresses or networks [default: this machine]: cookies are
    /// for HTTPS only, and their X-Forwarded-For says who asks
    #[arg(
        long,
        env = "ELT_BEHIND_PROXY",
        value_name = "ADDRESS,...",
        num_args = 0..=1,
        default_missing_value = "true",
        conflicts_with = "tls_cert"
    )]
    pub(crate) behind_proxy: Option<Proxies>,

    /// Names that browsers may ask this server by, beside addresses and localhost; links of the API then
    /// begin with them
    #[arg(
        long = "allowed-host",
        env = "ELT_ALLOWED_HOST",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub(crate) allowed_hosts: Vec<String>,

    /// Time zone of the pages: what they show, and what is typed into them
    #[arg(
        long,
        env = "ELT_TIME_ZONE",
        value_name = "ZONE",
        default_value = "UTC"
    )]
    pub(crate) time_zone: String,

    /// Take no jobs: workers run elsewhere
    #[arg(long, env = "ELT_NO_WORKER", value_parser = FalseyValueParser::new())]
    pub(crate) no_worker: bool,

    #[command(flatten)]
    pub(crate) data: WorkerDataArgs,

    #[command(flatten)]
    pub(crate) out: OutArgs,

    /// As root: go on as this user, without root's rights
    #[arg(long, env = "ELT_USER", value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Apply pending migrations first, also on a server of your own
    #[arg(long, env = "ELT_MIGRATE", value_parser = FalseyValueParser::new())]
    pub(crate) migrate: bool,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt user add ann --role admin
  elt user list")]
pub(crate) enum UserCommand {
    /// Make an account; its password, of at least 15 characters, is asked for
    #[command(after_help = "\
Examples:
  elt user add ann --role operator
  elt user add ann --role admin --password-stdin < file")]
    Add {
        /// Name to sign in with
        #[arg(value_name = "NAME")]
        name: String,

        /// What the account may do: viewer, operator (changes data, starts jobs) or admin
        #[arg(long, env = "ELT_ROLE", value_name = "ROLE", value_parser = ["viewer", "operator", "admin"])]
        role: String,

        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Set the password of an account, end its sessions, and let it in again if it was disabled or had tried
    /// too often
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

        /// Revoke all tokens of the account, not only those that it was given for its old password
        #[arg(long, env = "ELT_REVOKE_TOKENS", value_parser = FalseyValueParser::new())]
        revoke_tokens: bool,
    },
    /// All accounts
    #[command(after_help = "\
Examples:
  elt user list --json")]
    List,
    /// Keep an account out: its password, sessions and tokens hold no more
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
    /// Read the password from stdin instead of asking for it
    #[arg(long, env = "ELT_PASSWORD_STDIN", value_parser = FalseyValueParser::new())]
    pub(crate) password_stdin: bool,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  elt token new ann --name 'nightly import' --change
  elt token list")]
pub(crate) enum TokenCommand {
    /// Make a token of an account, and print it: it is not shown again
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

        /// Let it change what the account may change, and not only read
        #[arg(long, env = "ELT_TOKEN_CHANGE", value_parser = FalseyValueParser::new())]
        change: bool,

        /// Days that it holds
        #[arg(long, env = "ELT_TOKEN_DAYS", value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(i32).range(1..=3660))]
        days: i32,
    },
    /// All tokens
    #[command(after_help = "\
Examples:
  elt token list")]
    List,
    /// End a token
    #[command(after_help = "\
Examples:
  elt token revoke 3")]
    Revoke {
        /// Number of the token
        #[arg(value_name = "TOKEN")]
        token: i64,
    },
}
