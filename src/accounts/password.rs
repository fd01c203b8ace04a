//! Passwords and their Argon2id hashes.

use crate::failure::{Exit, Failure};
use anyhow::{Result, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordHasher};
use argon2::{Argon2, Params};
use zxcvbn::{Score, zxcvbn};

/// Characters. NIST SP 800-63B-4, 3.1.1.2, for passwords without a second factor.
const SHORTEST: usize = 15;
/// Bytes. Limits the work for callers who are not signed in.
const LONGEST: usize = 1024;

/// The letters of a one-time password: 32, without those that look like others.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Its groups, and their letters.
const GROUPS: usize = 5;
const GROUP: usize = 5;

/// A password that meets the rules.
pub(crate) struct Password(String);

impl Password {
    /// `name`: the name of the account.
    pub(crate) fn new(text: String, name: &str) -> Result<Password> {
        let refuse = |message: String| -> Result<Password> {
            Err(Failure::new(Exit::Usage, message)
                .hint("Several unrelated words are easy to remember.")
                .into())
        };
        let length = text.chars().count();
        if length < SHORTEST {
            return refuse(format!(
                "the password has {length} characters, but needs at least {SHORTEST}"
            ));
        }
        if text.len() > LONGEST {
            return refuse(format!("the password is longer than {LONGEST} bytes"));
        }
        // The same section refuses passwords that are commonly used or expected.
        if zxcvbn(&text, &[name]).score() < Score::Four {
            return refuse(
                "the password is easily guessed: common words and passwords, names, dates, rows of keys and \
                 repetitions count little"
                    .into(),
            );
        }
        Ok(Password(text))
    }

    /// A random password of 125 bits, such as `k7mfq-2xw9r-...`, to sign in once.
    pub(crate) fn one_time() -> Result<Password> {
        let mut bytes = [0; GROUPS * GROUP];
        getrandom::fill(&mut bytes)
            .map_err(|error| anyhow!("could not get random numbers: {error}"))?;
        let groups = bytes.chunks(GROUP).map(|group| {
            let letters = group
                .iter()
                .map(|byte| LETTERS[usize::from(*byte) % LETTERS.len()]);
            letters.map(char::from).collect::<String>()
        });
        Ok(Password(groups.collect::<Vec<_>>().join("-")))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Argon2id with a new salt, as a PHC string. Takes about 20 ms and 19 MiB.
    pub(crate) fn hash(&self) -> Result<String> {
        let hash = Argon2::default()
            .hash_password(self.0.as_bytes())
            .map_err(|error| anyhow!("could not hash the password: {error}"))?;
        Ok(hash.to_string())
    }
}

/// The hash of a typed password, to compare with the stored hash. `salt`: the stored PHC string without its hash.
pub(crate) fn hash_with(password: &str, salt: &str) -> Result<String> {
    let password = if password.len() > LONGEST {
        ""
    } else {
        password
    };
    let kept = PasswordHash::new(salt).map_err(|error| anyhow!("no salt: {error}"))?;
    let salt = kept.salt.ok_or_else(|| anyhow!("no salt"))?;
    let hash = Argon2::default()
        .hash_password_customized(
            password.as_bytes(),
            salt.as_ref(),
            Some(kept.algorithm.as_str()),
            kept.version,
            Params::try_from(&kept)?,
        )
        .map_err(|error| anyhow!("could not hash the password: {error}"))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_for_its_own_hash_only() {
        let password = Password::new("correct horse battery".into(), "ann").unwrap();
        let hash = password.hash().unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let (salt, _) = hash.rsplit_once('$').unwrap();
        assert_eq!(hash_with("correct horse battery", salt).unwrap(), hash);
        assert_ne!(hash_with("correct horse batterz", salt).unwrap(), hash);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(
            hash_with(&long, salt).unwrap(),
            hash_with("", salt).unwrap()
        );
        assert!(hash_with("x", "nonsense").is_err());
        assert_ne!(hash, password.hash().unwrap(), "each has a salt of its own");
    }

    #[test]
    fn a_one_time_password_is_random_and_strong_enough() {
        let (first, second) = (Password::one_time().unwrap(), Password::one_time().unwrap());
        assert_ne!(first.text(), second.text());
        assert_eq!(first.text().len(), GROUPS * GROUP + GROUPS - 1);
        assert!(Password::new(first.text().into(), "ann").is_ok());
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        for text in [
            "short",
            "aaaaaaaaaaaaaaaaaaaa",
            "ann-the-operator1",
            "passwordpassword1",
            "123456789012345678",
            "qwertyuiopasdfghjkl",
            "iloveyouiloveyou",
            "Password12345678!",
            "1q2w3e4r5t6y7u8i9o",
            &"x".repeat(2000),
        ] {
            assert!(
                Password::new(text.into(), "ann-the-operator").is_err(),
                "{text}"
            );
        }
    }
}
