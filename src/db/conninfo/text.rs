//! libpq's two formats of a connection string: URI and key=value. Error messages do not repeat values, because any
//! of them may be part of a password.
//!
//! tokio_postgres::Config reads these formats too, but it refuses keywords such as service, passfile and sslrootcert,
//! does not tell which keywords were given, and repeats parts of values in its errors.

/// Keywords and values as written. If a keyword is repeated, the last value counts.
pub(super) type Pairs = Vec<(String, String)>;

const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

pub(super) fn parse(text: &str) -> Result<Pairs, String> {
    let text = text.trim();
    match SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme)) {
        Some(rest) => uri(rest),
        None => key_values(text),
    }
}

fn uri(rest: &str) -> Result<Pairs, String> {
    let mut pairs = Pairs::new();
    let rest = match rest.find(['@', '/']) {
        Some(end) if rest[end..].starts_with('@') => {
            let (user, password) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
            add(&mut pairs, "user", user)?;
            add(&mut pairs, "password", password)?;
            &rest[end + 1..]
        }
        _ => rest,
    };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    if place.contains('@') {
        // Parsing further would treat part of the password as the host and print it in messages.
        return Err("It has more than one @, or a / before it.".into());
    }
    let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
    let ends: Vec<(&str, &str)> = hosts
        .split(',')
        .map(host_and_port)
        .collect::<Result<_, _>>()?;
    let join = |texts: Vec<&str>| texts.join(",");
    add(
        &mut pairs,
        "host",
        &join(ends.iter().map(|end| end.0).collect()),
    )?;
    add(
        &mut pairs,
        "port",
        &join(ends.iter().map(|end| end.1).collect()),
    )?;
    add(&mut pairs, "dbname", database)?;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (keyword, value) = pair
            .split_once('=')
            .filter(|(_, value)| !value.contains('='))
            .ok_or("A part after the ? is not keyword=value.")?;
        match (&*decode(keyword)?, &*decode(value)?) {
            // The notation of JDBC.
            ("ssl", "true") => pairs.push(("sslmode".into(), "require".into())),
            (keyword, value) => pairs.push((keyword.into(), value.into())),
        }
    }
    Ok(pairs)
}

/// Host and port, either of which may be missing.
fn host_and_port(text: &str) -> Result<(&str, &str), String> {
    let Some(rest) = text.strip_prefix('[') else {
        return Ok(text.split_once(':').unwrap_or((text, "")));
    };
    let (address, rest) = rest
        .split_once(']')
        .ok_or("An IPv6 address has no closing bracket.")?;
    match rest.strip_prefix(':') {
        _ if address.is_empty() => Err("An IPv6 address is empty.".into()),
        Some(port) => Ok((address, port)),
        None if rest.is_empty() => Ok((address, "")),
        None => Err("An IPv6 address is followed by something other than a port.".into()),
    }
}

fn add(pairs: &mut Pairs, keyword: &str, text: &str) -> Result<(), String> {
    if !text.is_empty() {
        pairs.push((keyword.into(), decode(text)?));
    }
    Ok(())
}

/// `%41` is an A.
fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let code = digit().zip(digit()).map(|(high, low)| high * 16 + low);
        match code.and_then(|code| u8::try_from(code).ok()) {
            None => return Err("A % is not followed by two hexadecimal digits.".into()),
            Some(0) => return Err("It has a %00.".into()),
            Some(byte) => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| "It is not UTF-8.".into())
}

fn key_values(text: &str) -> Result<Pairs, String> {
    let mut pairs = Pairs::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (keyword, after) = rest
            .split_once('=')
            .map(|(keyword, after)| (keyword.trim_end(), after.trim_start()))
            .filter(|(keyword, _)| !keyword.contains(char::is_whitespace))
            .ok_or("A keyword is not followed by =.")?;
        let (value, after) = value(after)?;
        pairs.push((keyword.into(), value));
        rest = after.trim_start();
    }
    Ok(pairs)
}

/// A value, in quotes or to the next blank, and what comes after it.
fn value(text: &str) -> Result<(String, &str), String> {
    let (is_quoted, text) = match text.strip_prefix('\'') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            '\'' if is_quoted => return Ok((value, &text[at + 1..])),
            blank if blank.is_ascii_whitespace() && !is_quoted => return Ok((value, &text[at..])),
            other => value.push(other),
        }
    }
    if is_quoted {
        return Err("A quote is not closed.".into());
    }
    Ok((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        let pairs = parse(text).unwrap_or_else(|problem| vec![("problem".into(), problem)]);
        let pairs = pairs.iter();
        pairs
            .map(|(keyword, value)| format!("{keyword}={value}"))
            .collect()
    }

    #[test]
    fn reads_a_uri_with_several_hosts() {
        assert_eq!(
            read("postgres://me:s%3Ae?c@one:1,[::1]:2,three/my%20db?sslmode=require&host=x"),
            [
                "user=me",
                "password=s:e?c",
                "host=one,::1,three",
                "port=1,2,",
                "dbname=my db",
                "sslmode=require",
                "host=x"
            ]
        );
        assert_eq!(read("postgresql://"), Vec::<String>::new());
        assert_eq!(
            read("postgresql:///x?ssl=true"),
            ["dbname=x", "sslmode=require"]
        );
    }

    #[test]
    fn reports_problems_without_values() {
        for (text, problem) in [
            ("nonsense", "A keyword is not followed by =."),
            (
                "host=x password=my secret",
                "A keyword is not followed by =.",
            ),
            ("host='x", "A quote is not closed."),
            (
                "postgres://u:a/b@host/x",
                "It has more than one @, or a / before it.",
            ),
            (
                "postgres://[::1/x",
                "An IPv6 address has no closing bracket.",
            ),
            (
                "postgres:///%4",
                "A % is not followed by two hexadecimal digits.",
            ),
            (
                "postgres:///?host",
                "A part after the ? is not keyword=value.",
            ),
        ] {
            assert_eq!(parse(text), Err(problem.to_string()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_quoted_values(values in prop::collection::vec(any::<String>(), 1..4)) {
            let written: Vec<String> = values
                .iter()
                .map(|value| value.replace('\\', "\\\\").replace('\'', "\\'"))
                .map(|value| format!("user = '{value}'"))
                .collect();
            let pairs = parse(&written.join(" ")).expect("what was quoted");
            prop_assert_eq!(pairs.into_iter().map(|pair| pair.1).collect::<Vec<_>>(), values);
        }

        #[test]
        fn reads_any_text_without_a_panic(text in ".*", rest in ".*") {
            let _ = parse(&text);
            let _ = parse(&format!("postgres://{rest}"));
        }
    }
}
