//! Pages fetched ahead, by several threads, and handed over in the order in which they were asked
//! for.

use super::client::Client;
use super::page::Page;
use super::trouble::Refusal;
use crate::failure::Failure;
use crate::signals;
use anyhow::{Result, anyhow};
use reqwest::Url;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How often the one who waits looks whether the user has interrupted.
const LOOK: Duration = Duration::from_millis(50);

pub(super) struct Fetcher {
    client: Arc<Client>,
    jobs: Sender<Job>,
    /// Asked for and not yet handed over, in order.
    ahead: VecDeque<Pending>,
    /// Jobs of an older number are no longer wanted.
    wanted: Arc<AtomicU64>,
}

struct Pending {
    url: Url,
    page: Receiver<Result<Page, Refusal>>,
}

struct Job {
    number: u64,
    url: Url,
    page: Sender<Result<Page, Refusal>>,
    wanted: u64,
}

impl Fetcher {
    pub(super) fn new(client: Client, threads: usize) -> Fetcher {
        let client = Arc::new(client);
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let wanted = Arc::new(AtomicU64::new(0));
        for _ in 0..threads.max(1) {
            let (client, queue, wanted) = (client.clone(), queue.clone(), wanted.clone());
            thread::spawn(move || {
                loop {
                    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    // The fetcher is gone.
                    let Ok(job) = job else { return };
                    let is_wanted = || job.wanted == wanted.load(Ordering::Relaxed);
                    let page = client.page(job.number, &job.url, is_wanted);
                    // If the page is no longer needed, it is dropped.
                    let _ = job.page.send(page);
                }
            });
        }
        Fetcher {
            client,
            jobs,
            ahead: VecDeque::new(),
            wanted,
        }
    }

    /// Has these pages fetched, in this order; `number` is that of the first. What was to be fetched
    /// otherwise is forgotten.
    pub(super) fn prefetch(&mut self, number: u64, urls: Vec<Url>) {
        let mut pairs = self.ahead.iter().zip(&urls);
        if self.ahead.len() > urls.len() || pairs.any(|(pending, url)| pending.url != *url) {
            self.wanted.fetch_add(1, Ordering::Relaxed);
            self.ahead.clear();
        }
        for (number, url) in (number..).zip(urls).skip(self.ahead.len()) {
            let (sender, page) = mpsc::channel();
            let job = Job {
                number,
                url: url.clone(),
                page: sender,
                wanted: self.wanted.load(Ordering::Relaxed),
            };
            // Threads that have all panicked are noticed by who waits for the page.
            let _ = self.jobs.send(job);
            self.ahead.push_back(Pending { url, page });
        }
    }

    /// Whether no page is asked for.
    pub(super) fn is_idle(&self) -> bool {
        self.ahead.is_empty()
    }

    /// The next page that was asked for, once it is there.
    pub(super) fn take(&mut self) -> Result<(Url, Page)> {
        let pending = self.ahead.pop_front();
        let pending = pending.ok_or_else(|| anyhow!("no page was asked for"))?;
        loop {
            signals::check()?;
            match pending.page.recv_timeout(LOOK) {
                Ok(page) => return Ok((pending.url, page.map_err(Failure::from)?)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(anyhow!(
                        "the thread that fetched {} panicked",
                        pending.url.path()
                    ));
                }
            }
        }
    }
}

impl Drop for Fetcher {
    /// Running requests end by themselves; there are no more attempts.
    fn drop(&mut self) {
        self.wanted.fetch_add(1, Ordering::Relaxed);
        self.client.pace.stop();
    }
}
