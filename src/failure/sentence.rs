//! Sentences for users that may contain commands. A command is kept as words, so that it can be printed with
//! the flags that this program was called with. Copied to a shell, it works on the same project and database.

use serde::{Serialize, Serializer};
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

/// The flags for all commands that this program was called with, as names and values in turn.
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
    /// The text, with these flags in its commands.
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
}

/// Serializes the text without flags in its commands, because it is read elsewhere. A sentence has no `Display`, which
/// would lose the flags on the terminal.
impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text(&[]))
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

impl<T: Into<Sentence>> Add<T> for Sentence {
    type Output = Sentence;

    fn add(mut self, more: T) -> Sentence {
        self.0.extend(more.into().0);
        self
    }
}

impl<T: Into<Sentence>> Add<T> for Invocation {
    type Output = Sentence;

    fn add(self, more: T) -> Sentence {
        Sentence::from(self) + more
    }
}

/// A text can begin a sentence.
macro_rules! add_to_text {
    ($text:ty, $more:ty) => {
        impl Add<$more> for $text {
            type Output = Sentence;

            fn add(self, more: $more) -> Sentence {
                Sentence::from(self) + more
            }
        }
    };
}
add_to_text!(&str, Invocation);
add_to_text!(&str, Sentence);
add_to_text!(String, Invocation);
add_to_text!(String, Sentence);

/// A word, quoted for a shell if necessary.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |each: char| each.is_alphanumeric() || "/._-+~".contains(each);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
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
            advice.text(&[]),
            "See elt rejects 7, then elt load 'my file'."
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
