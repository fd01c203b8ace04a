//! Failed sign-ins on stderr, one line each, for programs such as fail2ban that block addresses.

use crate::terminal;
use crate::web::state::ClientAddress;
use chrono::{DateTime, SecondsFormat, Utc};

/// Longest name, in characters, as in elt.begin_sign_in.
const LONGEST: usize = 150;

#[derive(Clone, Copy)]
pub(crate) enum Reason {
    /// The name or the password is wrong, or the account is disabled.
    Wrong,
    /// Too many attempts have failed. The password was not checked.
    TooMany,
}

/// Prints a failed attempt. `name`: as it was typed.
pub(crate) fn report(address: &ClientAddress, name: &str, reason: Reason) {
    terminal::warn(line(Utc::now(), &address.address(), name, reason));
}

/// Time and address come before the name, which the client chooses. The name is quoted and in printable ASCII.
fn line(time: DateTime<Utc>, address: &str, name: &str, reason: Reason) -> String {
    let reason = match reason {
        Reason::Wrong => "wrong",
        Reason::TooMany => "too-many",
    };
    let address = if address.is_empty() { "-" } else { address };
    let name = name.chars().take(LONGEST);
    let name: String = name.flat_map(char::escape_default).collect();
    let time = time.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("sign-in failed: time={time} address={address} reason={reason} account=\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_within_its_quotes_and_its_line() {
        let name =
            "x\" address=6.6.6.6\r\nwarning: sign-in failed: address=6.6.6.6\u{1b}[2K\u{202e}é\\";
        let line = line(DateTime::UNIX_EPOCH, "203.0.113.7", name, Reason::Wrong);
        assert_eq!(
            line,
            "sign-in failed: time=1970-01-01T00:00:00Z address=203.0.113.7 reason=wrong account=\"x\\\" \
             address=6.6.6.6\\r\\nwarning: sign-in failed: address=6.6.6.6\\u{1b}[2K\\u{202e}\\u{e9}\\\\\""
        );
        let long = super::line(
            DateTime::UNIX_EPOCH,
            "",
            &"\n".repeat(5000),
            Reason::TooMany,
        );
        assert_eq!(long.matches("\\n").count(), LONGEST);
        assert!(long.contains(" address=- reason=too-many account=\""));
    }
}
