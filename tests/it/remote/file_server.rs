//! An HTTP server on loopback that writes each response to the byte, so that it can break, stall and lie.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request that was received.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// With the query.
    pub(crate) target: String,
    /// By name in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    /// The number of requests before it.
    pub(crate) before: usize,
}

impl Asked {
    /// Empty if it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The position of the first byte that is wanted, if the request names one.
    pub(crate) fn from(&self) -> Option<usize> {
        let range = self.header("range").strip_prefix("bytes=")?;
        Some(range.strip_suffix('-').unwrap().parse().unwrap())
    }
}

/// A response.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// The number of bytes of the body that are sent.
    sent: usize,
    /// Whether the connection stays open after them until the client closes it.
    stalls: bool,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        let body = body.into();
        Reply {
            status,
            headers: Vec::new(),
            sent: body.len(),
            stalls: false,
            body,
        }
        .with_length()
    }

    /// A file as a good server sends it: the whole file, the rest of it, or the news that it is the same.
    pub(crate) fn file(asked: &Asked, bytes: &[u8], tag: &str) -> Reply {
        let quoted = format!("\"{tag}\"");
        if asked.header("if-none-match") == quoted {
            return Reply::new(304, "").with("etag", &quoted);
        }
        let reply = match asked.from() {
            Some(from) if asked.header("if-range") == quoted => {
                let (last, total) = (bytes.len() - 1, bytes.len());
                Reply::new(206, &bytes[from..])
                    .with("content-range", &format!("bytes {from}-{last}/{total}"))
            }
            _ => Reply::new(200, bytes),
        };
        reply.with("etag", &quoted)
    }

    pub(crate) fn redirect(to: &str) -> Reply {
        Reply::new(302, "").with("location", to)
    }

    /// With a header, instead of one of that name.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Reply {
        self.headers.retain(|(other, _)| other != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Reply {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    /// The connection breaks after so many bytes of the body.
    pub(crate) fn cut(mut self, bytes: usize) -> Reply {
        self.sent = bytes;
        self
    }

    /// Nothing follows after so many bytes of the body.
    pub(crate) fn stall(mut self, bytes: usize) -> Reply {
        self.stalls = true;
        self.cut(bytes)
    }

    fn with_length(self) -> Reply {
        let length = self.body.len().to_string();
        self.with("content-length", &length)
    }

    fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} -\r\nconnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        stream.write_all(&self.body[..self.sent])?;
        stream.flush()
    }
}

struct Shared {
    answer: Box<dyn Fn(&Asked) -> Reply + Send + Sync>,
    asked: Mutex<Vec<Asked>>,
    is_stopped: AtomicBool,
}

/// A running server. It stops when it is dropped.
pub(crate) struct FileServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl FileServer {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> FileServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            asked: Mutex::default(),
            is_stopped: AtomicBool::new(false),
        });
        let server = FileServer {
            address,
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A client that goes away is no failure of the server.
                thread::spawn(move || stream.and_then(|stream| serve(stream, &shared)));
            }
        });
        server
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same server under the name of another host.
    pub(crate) fn elsewhere(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_string());
    }
    let asked = {
        let mut all = shared.asked.lock().unwrap();
        let asked = Asked {
            target: first.split(' ').nth(1).unwrap_or_default().into(),
            headers,
            before: all.len(),
        };
        all.push(asked.clone());
        asked
    };
    let reply = (shared.answer)(&asked);
    reply.write(&mut stream)?;
    if reply.stalls {
        // The client closes it.
        let _ = stream.read(&mut [0]);
    }
    Ok(())
}
