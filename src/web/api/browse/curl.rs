//! The request as a command for the shell.

use axum::http::Method;

/// The command. `body`: JSON. The token is a variable of the shell, so that it is not in the shell's history.
pub(super) fn command(method: &Method, address: &str, body: Option<&str>) -> String {
    let mut parts: Vec<String> = vec!["curl".into()];
    // Otherwise curl reads [] and {} as patterns.
    if address.contains(['[', ']', '{', '}']) {
        parts.push("--globoff".into());
    }
    if method == Method::HEAD {
        parts.push("--head".into());
    } else if method != Method::GET {
        parts.push(format!("-X {method}"));
    }
    parts.push("-H \"Authorization: Token $ELT_TOKEN\"".into());
    if let Some(body) = body {
        parts.push("-H 'Content-Type: application/json'".into());
        // Not -d, which reads a file if the text begins with @.
        parts.push(format!("--data-raw {}", quoted(body)));
    }
    parts.push(quoted(address));
    parts.join(" ")
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_the_text_as_it_is() {
        assert_eq!(
            command(&Method::GET, "http://h/api/x/?a=$(id)&b=`id`", None),
            "curl -H \"Authorization: Token $ELT_TOKEN\" 'http://h/api/x/?a=$(id)&b=`id`'"
        );
        let sent = command(&Method::PATCH, "http://h/[1]", Some("{\"a\": \"it's\"}"));
        assert_eq!(
            sent,
            "curl --globoff -X PATCH -H \"Authorization: Token $ELT_TOKEN\" \
             -H 'Content-Type: application/json' --data-raw '{\"a\": \"it'\\''s\"}' 'http://h/[1]'"
        );
        let printed = std::process::Command::new("sh")
            .args(["-c", &format!("printf %s {}", quoted("a'b\"$x`\\\n@"))])
            .output()
            .unwrap();
        assert_eq!(printed.stdout, b"a'b\"$x`\\\n@");
    }
}
