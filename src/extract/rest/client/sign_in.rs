//! Gets tokens: signs in, and renews a token that has expired.

use super::{AttemptError, Client};
use crate::extract::rest::address::without_query;
use crate::extract::rest::credentials::Login;
use crate::extract::rest::hint::Purpose;
use crate::extract::rest::request_error::ApiFailure;
use crate::extract::rest::sign_in::{Grant, SignInRequest};
use crate::extract::rest::token::Token;
use reqwest::{Url, header};
use std::time::Instant;

impl Client {
    /// Waits until the next request may be sent. Returns the token for it. None if the API needs none.
    pub(super) fn wait_with_token(&self) -> Result<Option<Token>, AttemptError> {
        let get = || self.tokens.get(|login| self.sign_in(login));
        let token = get().map_err(AttemptError::SignIn)?;
        self.pace.wait_for_turn()?;
        if !token.as_ref().is_some_and(Token::is_stale) {
            return Ok(token);
        }
        // It expired during a long wait. Signing in takes a turn of its own.
        let token = get().map_err(AttemptError::SignIn)?;
        self.pace.wait_for_turn()?;
        Ok(token)
    }

    fn sign_in(&self, login: &Login) -> Result<Grant, ApiFailure> {
        let url = &self.sign_in_url;
        let host = self.other_host.as_ref().unwrap_or(&self.api);
        let name = format!("signing in at {}", without_query(url));
        let context = self.context(name, Purpose::SignIn, host);
        let request = SignInRequest::new(&self.settings, login)?;
        let post = |url: &Url| {
            let post = host.http.post(url.clone()).body(request.body.clone());
            let post = post.header(header::CONTENT_TYPE, request.content_type);
            match &request.authorization {
                Some(authorization) => post.header(header::AUTHORIZATION, authorization),
                None => post,
            }
        };
        let (response, asked_at) = self.with_retries(&context, || {
            self.pace.wait_for_turn()?;
            let asked_at = Instant::now();
            Ok((self.send(host, url, post)?, asked_at))
        })?;
        Grant::read(&response.body, asked_at, &self.settings).map_err(|mut error| {
            self.conceal_page(&mut error);
            let address = match self.settings.sign_in_url {
                Some(_) => "sign_in_url",
                None => "sign_in_path",
            };
            ApiFailure {
                message: format!("{}: the answer has no token: {error}", context.name),
                hint: Some(format!("Check {address} and token_at in elt.rest_source.")),
            }
        })
    }
}
