//! `elt user`: manages accounts of the web application.

use super::Context;
use super::loads::moment;
use crate::accounts::{self, Account, Password};
use crate::cli::{PasswordArgs, UserCommand};
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Table, can_ask};
use anyhow::Result;
use std::io::Read;

pub(super) fn run(context: &Context<'_>, command: &UserCommand) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("user")?;
    match command {
        UserCommand::Add {
            name,
            role,
            password,
        } => {
            let password = read_password(password, name)?;
            accounts::add(&mut client, name, role, &password)?;
            print_done(
                context,
                name,
                format!("created account {name} with role {role}"),
            )?;
        }
        UserCommand::Passwd {
            name,
            password,
            revoke_tokens,
        } => {
            let account = accounts::account_id(&mut client, name)?;
            let password = read_password(password, name)?;
            accounts::set_password(&mut client, account, &password, *revoke_tokens)?;
            print_done(
                context,
                name,
                format!("set the password of {name} and ended all sessions"),
            )?;
        }
        UserCommand::List => {
            let accounts = accounts::all(&mut client)?;
            if context.global.json {
                terminal::json(&serde_json::json!({ "schema_version": 1, "accounts": accounts }))?
            } else {
                print(accounts)?
            }
        }
        UserCommand::Disable { name } => {
            let account = accounts::account_id(&mut client, name)?;
            accounts::disable(&mut client, account)?;
            let disabled = format!("disabled account {name}; to enable it again: ")
                + elt!("user", "passwd", name);
            print_done(context, name, disabled)?;
        }
    }
    Ok(Exit::Done)
}

fn print(accounts: Vec<Account>) -> Result<()> {
    let mut table = Table::new(&["name", "role", "state", "last signed in"]);
    for account in accounts {
        let state = if account.is_disabled {
            "disabled"
        } else {
            "enabled"
        };
        table.row(vec![
            account.name,
            account.role,
            state.into(),
            account.last_signed_in_at.map_or("never".into(), moment),
        ]);
    }
    terminal::line(&table.text())
}

/// Reports what was done.
fn print_done(context: &Context<'_>, name: &str, text: impl Into<Sentence>) -> Result<()> {
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "name": name }))
    } else {
        terminal::summary(text)
    }
}

fn read_password(args: &PasswordArgs, name: &str) -> Result<Password> {
    let text = if args.password_stdin {
        let mut text = String::new();
        std::io::stdin().take(64 * 1024).read_to_string(&mut text)?;
        text.trim_end_matches(['\r', '\n']).to_string()
    } else if can_ask() {
        let text = terminal::ask_secret("Password: ")?;
        // A password that is not accepted need not be typed twice.
        Password::new(text.clone(), name)?;
        if terminal::ask_secret("Repeat the password: ")? != text {
            return Err(Failure::new(Exit::Usage, "the two passwords differ")
                .hint("Nothing was changed. Run the same command again.")
                .into());
        }
        text
    } else {
        return Err(Failure::new(
            Exit::Usage,
            "there is no terminal to prompt for the password",
        )
        .hint("Pass the password on stdin with --password-stdin.")
        .into());
    };
    Password::new(text, name)
}
