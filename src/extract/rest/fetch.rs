//! Fetches pages ahead with several threads, and returns them in the order in which they were requested.

use super::client::Client;
use super::page::Page;
use super::request::PageRequest;
use super::request_error::ApiFailure;
use crate::failure::Failure;
use crate::signals;
use anyhow::{Result, anyhow};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The interval at which a waiting thread checks for an interrupt.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

pub(super) struct Fetcher {
    client: Arc<Client>,
    tasks: Sender<Task>,
    /// The requested pages that were not yet taken, in order.
    ahead: VecDeque<Pending>,
    /// Tasks of an older generation are no longer needed.
    generation: Arc<AtomicU64>,
}

/// None if there is no such page.
type FetchResult = Result<Option<Page>, ApiFailure>;

struct Pending {
    request: PageRequest,
    page: Receiver<FetchResult>,
}

struct Task {
    number: u64,
    request: PageRequest,
    page: Sender<FetchResult>,
    generation: u64,
}

impl Fetcher {
    pub(super) fn new(client: Client, threads: usize) -> Fetcher {
        let client = Arc::new(client);
        let (tasks, queue) = mpsc::channel::<Task>();
        let queue = Arc::new(Mutex::new(queue));
        let generation = Arc::new(AtomicU64::new(0));
        for _ in 0..threads.max(1) {
            let (client, queue, generation) = (client.clone(), queue.clone(), generation.clone());
            thread::spawn(move || {
                loop {
                    let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    // The fetcher was dropped.
                    let Ok(task) = task else { return };
                    let is_wanted = || task.generation == generation.load(Ordering::Relaxed);
                    let page = client.fetch_page(task.number, &task.request, is_wanted);
                    // If the page is no longer needed, it is dropped.
                    let _ = task.page.send(page);
                }
            });
        }
        Fetcher {
            client,
            tasks,
            ahead: VecDeque::new(),
            generation,
        }
    }

    /// Requests these pages in this order. `number`: the number of the first. If the pages requested before differ,
    /// they are discarded.
    pub(super) fn prefetch(&mut self, number: u64, requests: Vec<PageRequest>) {
        let mut pairs = self.ahead.iter().zip(&requests);
        if self.ahead.len() > requests.len()
            || pairs.any(|(pending, request)| pending.request != *request)
        {
            self.generation.fetch_add(1, Ordering::Relaxed);
            self.ahead.clear();
        }
        for (number, request) in (number..).zip(requests).skip(self.ahead.len()) {
            let (sender, page) = mpsc::channel();
            let task = Task {
                number,
                request: request.clone(),
                page: sender,
                generation: self.generation.load(Ordering::Relaxed),
            };
            // If all threads have panicked, `take` reports it.
            let _ = self.tasks.send(task);
            self.ahead.push_back(Pending { request, page });
        }
    }

    /// Whether no page is requested.
    pub(super) fn is_idle(&self) -> bool {
        self.ahead.is_empty()
    }

    /// Waits for the next requested page. None if there is no such page.
    pub(super) fn take(&mut self) -> Result<(PageRequest, Option<Page>)> {
        let pending = self.ahead.pop_front();
        let pending = pending.ok_or_else(|| anyhow!("no page was requested"))?;
        loop {
            signals::check()?;
            match pending.page.recv_timeout(CHECK_INTERVAL) {
                Ok(page) => return Ok((pending.request, page.map_err(Failure::from)?)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(anyhow!("a thread that fetched a page panicked"));
                }
            }
        }
    }
}

impl Drop for Fetcher {
    /// Running requests end by themselves. They are not retried.
    fn drop(&mut self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
        self.client.pace.stop();
    }
}
