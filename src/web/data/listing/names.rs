//! Lists of column names in addresses: `a,b`. A name that contains a comma is a parameter of its own.

/// Splits a value into names. `is_known` keeps a name with a comma whole.
pub(super) fn split(value: &str, is_known: impl Fn(&str) -> bool) -> Vec<&str> {
    if is_known(value) {
        return vec![value];
    }
    let names = value.split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).collect()
}

/// The values that `split` reads back as these names. One, unless a name contains a comma.
pub(super) fn joined(names: &[String]) -> Vec<String> {
    match names {
        [] => Vec::new(),
        names if names.iter().any(|name| name.contains(',')) => names.to_vec(),
        names => vec![names.join(",")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        let known = |name: &str| ["a", "b", "c,d"].contains(&name);
        assert_eq!(split("a, b,,", known), ["a", "b"]);
        assert_eq!(split("c,d", known), ["c,d"]);
        let names = ["a", "c,d"].map(String::from);
        assert_eq!(joined(&names), names);
        assert_eq!(joined(&["a", "b"].map(String::from)), ["a,b"]);
        assert!(joined(&[]).is_empty());
    }
}
