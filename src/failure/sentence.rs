//! Sentences for users that may contain commands. A command is kept as words, so that it can be printed with
//! the flags that this program was called with. Copied to a shell, it works on the same project and database.

use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Add;

/// A sentence in parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sentence(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Command(Invocation),
}

/// A call of this program: its words without the flags for all commands, not yet quoted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Invocation(Vec<String>);

const PROJECT: &str = "--project";

/// Flags for all commands, as pairs of a name and its value: those of the command line that this program was
/// called with.
pub(crate) type Flags = [String];

/// A call of this program, word by word: `elt!("load", source)`.
macro_rules! elt {
    ($($word:expr),+ $(,)?) => {
        $crate::failure::sentence::Invocation::new(vec![$($word.to_string()),+])
    };
}
pub(crate) use elt;

impl Invocation {
    pub(crate) fn new(words: Vec<String>) -> Self {
        Invocation(words)
    }

    /// More words at its end.
    pub(crate) fn with<W: ToString>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.0
            .extend(words.into_iter().map(|word| word.to_string()));
        self
    }

    /// The command as typed in a shell.
    pub(crate) fn typed(&self, flags: &Flags) -> String {
        // A command for another project has its own --project.
        let is_elsewhere = self.0.iter().any(|word| word == PROJECT);
        let flags = flags
            .chunks(2)
            .filter(|flag| !is_elsewhere || flag[0] != PROJECT);
        let words = flags.flatten().chain(&self.0).map(|word| quoted(word));
        let words: Vec<String> = std::iter::once("elt".to_string()).chain(words).collect();
        words.join(" ")
    }
}

impl Sentence {
    /// As text, its commands with these flags.
    pub(crate) fn text(&self, flags: &Flags) -> String {
        let texts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Command(command) => command.typed(flags),
        });
        texts.collect()
    }

    pub(crate) fn has_command(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Command(_)))
    }

    fn and(mut self, part: Part) -> Self {
        self.0.push(part);
        self
    }
}

/// The text with commands without flags, for records that are read elsewhere.
impl fmt::Display for Sentence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(&[]))
    }
}

/// The same, as a text.
impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Self {
        Sentence(vec![Part::Text(text.to_string())])
    }
}

impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Sentence(vec![Part::Text(text)])
    }
}

impl From<&String> for Sentence {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Invocation> for Sentence {
    fn from(command: Invocation) -> Self {
        Sentence(vec![Part::Command(command)])
    }
}

impl Add<Invocation> for &str {
    type Output = Sentence;

    fn add(self, command: Invocation) -> Sentence {
        Sentence::from(self) + command
    }
}

impl Add<Invocation> for String {
    type Output = Sentence;

    fn add(self, command: Invocation) -> Sentence {
        Sentence::from(self) + command
    }
}

impl Add<&str> for Invocation {
    type Output = Sentence;

    fn add(self, text: &str) -> Sentence {
        Sentence::from(self) + text
    }
}

impl Add<Invocation> for Sentence {
    type Output = Sentence;

    fn add(self, command: Invocation) -> Sentence {
        self.and(Part::Command(command))
    }
}

impl Add<String> for Invocation {
    type Output = Sentence;

    fn add(self, text: String) -> Sentence {
        Sentence::from(self) + text.as_str()
    }
}

impl Add<String> for Sentence {
    type Output = Sentence;

    fn add(self, text: String) -> Sentence {
        self + text.as_str()
    }
}

impl Add<Sentence> for Sentence {
    type Output = Sentence;

    fn add(mut self, more: Sentence) -> Sentence {
        self.0.extend(more.0);
        self
    }
}

impl Add<Sentence> for &str {
    type Output = Sentence;

    fn add(self, more: Sentence) -> Sentence {
        Sentence::from(self) + more
    }
}

impl Add<Sentence> for String {
    type Output = Sentence;

    fn add(self, more: Sentence) -> Sentence {
        Sentence::from(self) + more
    }
}

impl Add<&str> for Sentence {
    type Output = Sentence;

    fn add(self, text: &str) -> Sentence {
        self.and(Part::Text(text.to_string()))
    }
}

/// A word for a shell.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |each: char| each.is_alphanumeric() || "/._-+~".contains(each);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_get_the_flags_in_effect_and_words_are_quoted() {
        let advice = "See " + elt!("rejects", 7) + ", then " + elt!("load", "my file") + ".";
        let flags = ["--project".to_string(), "my shop".to_string()];
        assert_eq!(
            advice.text(&flags),
            "See elt --project 'my shop' rejects 7, then elt --project 'my shop' load 'my file'."
        );
        assert_eq!(
            advice.to_string(),
            "See elt rejects 7, then elt load 'my file'."
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
