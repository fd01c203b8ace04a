//! moto, a program that answers as S3 does. `sh .ci/setup browser` installs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Serves until its stdin ends, which is also the end of the test program.
const PROGRAM: &str = "
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(['-H', '127.0.0.1', '-p', '0'])
";

/// The number of objects in a page of a list.
pub(crate) const PAGE: usize = 20;

/// A running server. It stops when it is dropped.
pub(crate) struct Moto {
    /// Host and port.
    pub(crate) address: String,
    child: Child,
}

impl Moto {
    /// One for all tests, which takes each request.
    pub(crate) fn shared() -> &'static Moto {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        SHARED.get_or_init(|| Moto::start(&[("MOTO_S3_DEFAULT_MAX_KEYS", &PAGE.to_string())]))
    }

    pub(crate) fn start(variables: &[(&str, &str)]) -> Moto {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/moto/bin/python");
        let mut command = Command::new(&python);
        command
            .args(["-u", "-c", PROGRAM])
            .envs(variables.iter().copied());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!(
                "{}: {error}; sh .ci/setup browser installs it",
                python.display()
            )
        });
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, address) = line.split_once("Running on http://")?;
            Some(address.trim().to_string())
        });
        // It would end if its output were not read.
        std::thread::spawn(move || lines.for_each(drop));
        Moto {
            address: address.expect("moto started"),
            child,
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The name of a new bucket.
    pub(crate) fn bucket(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("shop-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.send("PUT", &name, b"");
        name
    }

    /// `key`: percent-encoded.
    pub(crate) fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        self.send("PUT", &format!("{bucket}/{key}"), bytes);
    }

    fn send(&self, method: &str, path: &str, bytes: &[u8]) {
        // It lets no stranger replace an object, and does not check who this is.
        let head = format!(
            "{method} /{path} HTTP/1.1\r\nauthorization: AWS4-HMAC-SHA256 \
             Credential=x/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x\r\n"
        );
        let answer = self.ask(&head, bytes);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }

    /// Sends a request and returns the response. `head`: lines that end in CRLF.
    pub(crate) fn ask(&self, head: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (host, length) = (&self.address, body.len());
        let rest = format!("host: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        stream
            .write_all(&[head.as_bytes(), rest.as_bytes(), body].concat())
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
