//! `elt token`: manages API tokens.

use super::Context;
use super::loads::moment;
use crate::accounts::{self, TokenRow};
use crate::cli::TokenCommand;
use crate::failure::Exit;
use crate::terminal::{self, Table};
use anyhow::Result;

pub(super) fn run(context: &Context<'_>, command: &TokenCommand) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("token")?;
    let json = context.global.json;
    match command {
        TokenCommand::New {
            account,
            name,
            change,
            days,
        } => {
            let account = accounts::account_id(&mut client, account)?;
            let token = accounts::new_token(&mut client, account, name, *change, *days)?;
            if json {
                terminal::json(&serde_json::json!({ "schema_version": 1, "token": token.text() }))?
            } else {
                terminal::note("the token is shown only once:");
                terminal::line(token.text())?;
            }
        }
        TokenCommand::List => {
            let tokens = accounts::tokens(&mut client)?;
            if json {
                terminal::json(&serde_json::json!({ "schema_version": 1, "tokens": tokens }))?
            } else {
                print(tokens)?
            }
        }
        TokenCommand::Revoke { token } => {
            accounts::revoke_token(&mut client, *token)?;
            if json {
                terminal::json(&serde_json::json!({ "schema_version": 1, "token_id": token }))?
            } else {
                terminal::summary(format!("revoked token {token}"))?
            }
        }
    }
    Ok(Exit::Done)
}

fn print(tokens: Vec<TokenRow>) -> Result<()> {
    let mut table = Table::new(&[
        "token#",
        "account",
        "name",
        "access",
        "expires",
        "last used",
    ]);
    for token in tokens {
        let until = if token.is_revoked {
            "revoked".into()
        } else {
            token.expires_at.format("%Y-%m-%d").to_string()
        };
        table.row(vec![
            token.token_id.to_string(),
            token.account,
            token.name,
            if token.may_change { "change" } else { "read" }.into(),
            until,
            token.last_used_at.map_or("never".into(), moment),
        ]);
    }
    terminal::line(&table.text())
}
