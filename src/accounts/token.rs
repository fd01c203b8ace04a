//! Random tokens. The database keeps only their hashes.

use anyhow::{Result, anyhow};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A prefix that identifies the kind of token, and 256 random bits in hexadecimal.
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn new(prefix: &str) -> Result<Token> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .map_err(|error| anyhow!("could not get random numbers: {error}"))?;
        let mut text = String::from(prefix);
        for byte in bytes {
            write!(text, "{byte:02x}")?;
        }
        Ok(Token(text))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The hash that the database keeps. One round is enough, because the token is random.
    pub(crate) fn sha256(text: &str) -> Vec<u8> {
        Sha256::digest(text.as_bytes()).to_vec()
    }
}
