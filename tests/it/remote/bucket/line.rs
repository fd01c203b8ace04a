//! A connection between the program and a server, which can break.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What happens to a request: the number of bytes of its response that pass. None for all.
type Cut = dyn Fn(usize) -> Option<usize> + Send + Sync;

/// A listener on loopback that passes requests on to a server. It stops when it is dropped.
pub(super) struct Line {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    to: String,
    cut: Box<Cut>,
    heads: Mutex<Vec<String>>,
    is_stopped: AtomicBool,
}

impl Line {
    /// `cut`: is called with the number of requests before, when a request has arrived.
    pub(super) fn to(
        address: &str,
        cut: impl Fn(usize) -> Option<usize> + Send + Sync + 'static,
    ) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            to: address.into(),
            cut: Box::new(cut),
            heads: Mutex::default(),
            is_stopped: AtomicBool::new(false),
        });
        let line = Line {
            address: listener.local_addr().unwrap(),
            shared: Arc::clone(&shared),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                // A client that goes away is no failure.
                thread::spawn(move || stream.and_then(|stream| pass(stream, &shared)));
            }
        });
        line
    }

    pub(super) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of all requests so far, in lower case.
    pub(super) fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

/// Passes one request without a body and its response on. moto closes the connection after each response.
fn pass(mut client: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let before = {
        let mut heads = shared.heads.lock().unwrap();
        heads.push(String::from_utf8_lossy(&head).to_lowercase());
        heads.len() - 1
    };
    let limit = (shared.cut)(before);
    let mut server = TcpStream::connect(&shared.to)?;
    server.write_all(&head)?;
    let limit = limit.map_or(u64::MAX, |limit| limit as u64);
    std::io::copy(&mut server.take(limit), &mut client)?;
    Ok(())
}
