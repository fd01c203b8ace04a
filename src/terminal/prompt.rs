//! Prompts on the terminal, with hidden answers.

use super::escape::escape;
use crate::failure::{Exit, Failure};
use crate::signals;
use anyhow::{Context, Result};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::os::fd::AsFd;

/// Milliseconds between two checks for an interrupt.
const POLL_MS: u16 = 50;

/// Whether a user can answer on a terminal.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

pub(crate) fn ask(question: &str) -> Result<String> {
    let terminal = open()?;
    answer(&terminal, question)
}

/// Asks a question that only "y" or "yes" answers with yes.
pub(crate) fn confirm(question: &str) -> Result<bool> {
    let answer = read_line(&open()?, &format!("{question} [y/N] "))?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// Asks without showing the answer while it is typed.
pub(crate) fn ask_secret(question: &str) -> Result<String> {
    let terminal = open()?;
    let _quiet = NoEcho::begin(&terminal)?;
    answer(&terminal, question)
}

/// Opens the terminal, because stdin or stderr may be redirected.
fn open() -> Result<File> {
    let terminal = File::options().read(true).write(true).open("/dev/tty");
    terminal.context("could not open the terminal")
}

fn answer(terminal: &File, question: &str) -> Result<String> {
    let answer = read_line(terminal, question)?;
    if answer.is_empty() {
        return Err(Failure::new(Exit::Usage, "there was no answer")
            .hint("Run the same command again and type the answer.")
            .into());
    }
    Ok(answer)
}

fn read_line(mut terminal: &File, question: &str) -> Result<String> {
    write!(terminal, "{}", escape(question))?;
    loop {
        signals::check()?;
        // A signal or the time limit ends the wait.
        let mut waiting = [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)];
        if poll(&mut waiting, PollTimeout::from(POLL_MS)).is_ok_and(|ready| ready > 0) {
            break;
        }
    }
    let mut answer = String::new();
    let read = BufReader::new(terminal).read_line(&mut answer);
    read.context("could not read from the terminal")?;
    Ok(answer.trim_end_matches(['\r', '\n']).to_string())
}

/// Hides what is typed, until it is dropped.
struct NoEcho<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> NoEcho<'a> {
    fn begin(terminal: &'a File) -> Result<NoEcho<'a>> {
        let before = tcgetattr(terminal)?;
        let mut during = before.clone();
        during.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(terminal, SetArg::TCSAFLUSH, &during)?;
        Ok(NoEcho { terminal, before })
    }
}

impl Drop for NoEcho<'_> {
    fn drop(&mut self) {
        // A closed terminal needs no reset.
        let _ = tcsetattr(self.terminal, SetArg::TCSANOW, &self.before);
        // The user's line end was hidden too.
        let _ = writeln!(&mut &*self.terminal);
    }
}
