//! Files made to exhaust the memory. The program may use 40 MiB more than for a file of one row, for which it uses
//! little more than the pages of its code that it touches.

use super::Framing;
use std::io::{Read, repeat};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

const MIB: u64 = 1024 * 1024;
const MOST_MEMORY: u64 = 40 * MIB;
/// The memory that the program may allocate, used or not.
const MOST_ALLOCATED: u64 = 128 * MIB;
/// The peak memory of a load of one row.
static OF_ONE_ROW: OnceLock<u64> = OnceLock::new();

impl Framing {
    /// Loads through a pipe. Allocating more memory would end the program with a signal.
    fn load_in_bounds(&self, source: &str, max_rejects: &str, mut input: impl Read) -> Output {
        let args = [
            "load",
            source,
            "--data",
            "-",
            "--max-rejects",
            max_rejects,
            "--json",
        ];
        let elt = self.elt(&args).command();
        let mut bounded = Command::new("sh");
        let limit = format!("ulimit -d {} && exec \"$0\" \"$@\"", MOST_ALLOCATED / 1024);
        bounded
            .args(["-c", &limit])
            .arg(elt.get_program())
            .args(elt.get_args());
        for (name, value) in elt.get_envs() {
            match value {
                Some(value) => bounded.env(name, value),
                None => bounded.env_remove(name),
            };
        }
        let mut child = bounded
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Writing fails if the program ends before it has read everything.
        let _ = std::io::copy(&mut input, &mut child.stdin.take().unwrap());
        child.wait_with_output().unwrap()
    }

    /// The report of a load that succeeds.
    #[track_caller]
    fn report(&self, source: &str, input: impl Read) -> serde_json::Value {
        let output = self.load_in_bounds(source, "100%", input);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        let mut report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["load"].take()
    }

    /// Checks that the load succeeds and reports little memory. Returns its rows and rejects.
    #[track_caller]
    fn fits(&self, source: &str, input: impl Read) -> (u64, u64) {
        let of_one_row = OF_ONE_ROW.get_or_init(|| {
            let report = self.report("lines", text("a,b\n1,2\n"));
            report["peak_memory_bytes"].as_u64().unwrap()
        });
        let report = self.report(source, input);
        let peak = report["peak_memory_bytes"].as_u64().unwrap();
        assert!(peak < of_one_row + MOST_MEMORY, "{peak} bytes");
        let loaded = &report["sources"][0];
        (
            loaded["rows"].as_u64().unwrap(),
            loaded["rejected"].as_u64().unwrap(),
        )
    }

    #[track_caller]
    fn is_too_much(&self, source: &str, input: impl Read, reason: &str) {
        let output = self.load_in_bounds(source, "100%", input);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(
            stderr.starts_with("elt: ") && stderr.contains(reason),
            "{stderr}"
        );
        assert!(stderr.len() < 2_000, "{} bytes of message", stderr.len());
    }
}

fn text(text: &str) -> impl Read {
    text.as_bytes()
}

/// A repeated byte.
fn repeated(byte: u8, count: u64) -> impl Read {
    repeat(byte).take(count)
}

#[test]
fn refuses_an_endless_line_early() {
    let framing = Framing::new();
    let too_long = "longer than 16 MiB";
    framing.is_too_much("lines", repeated(b'x', 1024 * MIB), too_long);
    framing.is_too_much(
        "lines",
        text("a,b\n").chain(repeated(0, 1024 * MIB)),
        too_long,
    );
    framing.is_too_much(
        "lines",
        text("a,b\n1,\"").chain(repeated(b'x', 1024 * MIB)),
        too_long,
    );
    framing.is_too_much(
        "documents",
        text("{\"a\":\"").chain(repeated(b'x', 1024 * MIB)),
        too_long,
    );
    framing.is_too_much(
        "documents",
        text("[{\"a\":\"").chain(repeated(b'x', 1024 * MIB)),
        too_long,
    );
    framing.is_too_much("documents", repeated(b'[', 1024 * MIB), too_long);
}

#[test]
fn refuses_a_file_that_unpacks_to_very_much_early() {
    let framing = Framing::new();
    let bomb = |byte| zstd::encode_all(repeated(byte, 1024 * MIB), 1).unwrap();
    framing.is_too_much("lines", bomb(0).as_slice(), "longer than 16 MiB");
    framing.is_too_much("documents", bomb(b'[').as_slice(), "longer than 16 MiB");
    let level = flate2::Compression::fast();
    let bomb = flate2::read::GzEncoder::new(repeated(b'x', 40 * MIB), level);
    framing.is_too_much("lines", bomb, "longer than 16 MiB");
    let bomb = zstd::encode_all(repeated(b'\n', 2 * MIB), 1).unwrap();
    framing.is_too_much("lines", bomb.as_slice(), "the file is empty");
}

#[test]
fn refuses_ten_megabytes_that_unpack_to_ten_gigabytes_early() {
    let framing = Framing::new();
    let level = flate2::Compression::fast();
    // The same part is repeated this many times.
    const PARTS: usize = 2560;
    let lines = b"1\n".repeat(2 * 1024 * 1024);
    let line = b"1".repeat(4 * 1024 * 1024);
    let gzip = |text: &[u8]| {
        let mut part = Vec::new();
        let mut encoder = flate2::read::GzEncoder::new(text, level);
        encoder.read_to_end(&mut part).unwrap();
        part
    };
    let zstd = |text: &[u8]| zstd::encode_all(text, 1).unwrap();
    for pack in [&gzip as &dyn Fn(&[u8]) -> Vec<u8>, &zstd] {
        let header = pack(b"a,b\n");
        let line = pack(&line).repeat(PARTS);
        framing.is_too_much("lines", header.chain(&line[..]), "longer than 16 MiB");
        // None of these lines is a row.
        let lines = pack(&lines).repeat(PARTS);
        let output = framing.load_in_bounds("lines", "1000", header.chain(&lines[..]));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{stderr}");
    }
}

#[test]
fn a_field_of_many_megabytes_fits() {
    let framing = Framing::new();
    for byte in *b"x,\"\t" {
        let field = text("a,b\n1,\"").chain(repeated(byte, 10 * MIB));
        let loaded = framing.fits("lines", field.chain(text("\"\n2,3\n")));
        assert_eq!(loaded, (2, 0), "{}", byte.escape_ascii());
    }
    let document = text("[{\"a\":\"").chain(repeated(b'x', 10 * MIB));
    let loaded = framing.fits("documents", document.chain(text("\"},{}]")));
    assert_eq!(loaded, (2, 0));
    let length = "select max(length(payload ->> 'a'))::bigint from staging.documents";
    assert_eq!(framing.database.number(length), 10 * 1024 * 1024);
}

#[test]
fn a_record_of_the_maximum_length_fits() {
    let framing = Framing::new();
    let length = 16 * MIB - 3;
    let line = || {
        text("a,b\n1,")
            .chain(repeated(b'x', length))
            .chain(text("\n"))
    };
    assert_eq!(framing.fits("lines", line()), (1, 0));
    let line = text("a,b\n1,")
        .chain(repeated(b'x', length + 1))
        .chain(text("\n"));
    framing.is_too_much("lines", line, "on line 2 is longer than 16 MiB");
    for rejected in [b'\0', b',', 0xff] {
        let line = text("a,b\n1,").chain(repeated(rejected, length));
        assert_eq!(framing.fits("lines", line.chain(text("\n2,3\n"))), (1, 1));
        let kept = "select max(length(raw))::bigint from elt.reject";
        assert_eq!(framing.database.number(kept), 16 * 1024 * 1024 - 1);
    }
}

#[test]
fn deep_nesting_and_wrong_brackets_reject_their_document() {
    let framing = Framing::new();
    for (opened, closed) in [(b'[', b']'), (b'[', b'}'), (b'{', b'}'), (b'{', b']')] {
        let nested = repeated(opened, 100_000).chain(repeated(closed, 100_000));
        let lines = text("{}\n{\"a\":").chain(nested).chain(text("}\n{}\n"));
        assert_eq!(framing.fits("documents", lines), (2, 1));
    }
    for closed in *b"]}" {
        let nested = repeated(b'[', 1_000_000).chain(repeated(closed, 1_000_000));
        let array = text("[{\"a\":").chain(nested).chain(text("},{}]"));
        assert_eq!(framing.fits("documents", array), (1, 1));
    }
}

#[test]
fn does_not_print_names_of_many_megabytes() {
    let framing = Framing::new();
    let line_of = |byte| repeated(byte, 10 * MIB).chain(text("\n1,2\n"));
    framing.is_too_much(
        "lines",
        line_of(b','),
        "the header has more than 16384 columns",
    );
    framing.is_too_much("lines", line_of(b'x'), "the header lacks columns");
    let twice = text("a,b,a,")
        .chain(repeated(b'x', 10 * MIB))
        .chain(text("\n"));
    framing.is_too_much("lines", twice, "appears twice");
    let key = || repeated(b'k', 4 * MIB);
    let document = text("[{},{\"")
        .chain(key())
        .chain(text("\":1,\""))
        .chain(key());
    assert_eq!(
        framing.fits("documents", document.chain(text("\":2}]"))),
        (1, 1)
    );
    let reason = "select max(length(reason))::bigint from elt.reject";
    assert!(framing.database.number(reason) < 300);
}

#[test]
fn many_records_and_many_rejects_fit() {
    let framing = Framing::new();
    let lines = format!("a,b\n{}", "1,2\n".repeat(60_000));
    assert_eq!(framing.fits("lines", text(&lines)), (60_000, 0));
    let lines = format!("a,b\n1,2\n{}", "1\n".repeat(60_000));
    assert_eq!(framing.fits("lines", text(&lines)), (1, 60_000));
    let commas = format!("[{{}}{}]", ",".repeat(20_000));
    assert_eq!(framing.fits("documents", text(&commas)), (1, 20_000));
}
