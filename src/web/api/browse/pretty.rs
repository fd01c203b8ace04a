//! JSON with line breaks, for people. Values stay as they are, so numbers keep all digits.

/// Longer texts are cut.
const LONGEST: usize = 256 * 1024;

pub(super) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut is_text, mut is_escaped, mut is_cut) = (0usize, false, false, false);
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if out.len() > LONGEST {
            is_cut = true;
            break;
        }
        if is_text {
            out.push(letter);
            is_text = is_escaped || letter != '"';
            is_escaped = !is_escaped && letter == '\\';
            continue;
        }
        match letter {
            '"' => {
                is_text = true;
                out.push(letter);
            }
            '{' | '[' => {
                out.push(letter);
                while letters.peek().is_some_and(char::is_ascii_whitespace) {
                    letters.next();
                }
                if !letters.peek().is_some_and(|next| "}]".contains(*next)) {
                    depth += 1;
                    new_line(&mut out, depth);
                } else if let Some(end) = letters.next() {
                    out.push(end);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            letter if letter.is_ascii_whitespace() => {}
            letter => out.push(letter),
        }
    }
    if is_cut {
        out.push_str("\n… The rest is left out.");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn values_stay_as_they_are() {
        let json = "{\"a\":[1.50,{}, []],\"b\\\"{\":\"x,:[\\\\\",\"n\":0.12345678901234567890}";
        let text = pretty(json);
        assert_eq!(
            text,
            "{\n  \"a\": [\n    1.50,\n    {},\n    []\n  ],\n  \"b\\\"{\": \"x,:[\\\\\",\n  \
             \"n\": 0.12345678901234567890\n}"
        );
        assert!(pretty(&format!("[{}1]", "1,".repeat(300_000))).ends_with("left out."));
    }
}
