//! Folders of the server's data and of its socket.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The system limits a socket's path, including a zero byte, to 108 bytes on Linux and 104 on macOS.
const LONGEST_SOCKET_FOLDER: usize = 103 - "/.s.PGSQL.5432.lock".len();

/// Data folders below `home`, named by PostgreSQL's major version, the highest first.
pub(super) fn data_folders(home: &Path) -> Result<Vec<PathBuf>> {
    if !home.exists() {
        return Ok(Vec::new());
    }
    let mut folders: Vec<PathBuf> = fs::read_dir(home)
        .with_context(|| format!("could not read folder \"{}\"", home.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| major_of(path).is_some())
        .collect();
    folders.sort_by_key(|path| std::cmp::Reverse(major_of(path)));
    Ok(folders)
}

pub(super) fn existing(home: &Path) -> Result<Option<PathBuf>> {
    Ok(data_folders(home)?.into_iter().next())
}

pub(super) fn major_of(data: &Path) -> Option<u32> {
    data.file_name()?.to_str()?.strip_prefix("pg")?.parse().ok()
}

/// The folder of the socket: in `home`, or in /tmp if the path would be too long for a socket.
pub(super) fn socket_folder(home: &Path) -> PathBuf {
    let own = home.join("run");
    if own.as_os_str().len() <= LONGEST_SOCKET_FOLDER {
        return own;
    }
    let digest = Sha256::digest(home.as_os_str().as_encoded_bytes());
    PathBuf::from(format!("/tmp/elt-{}", crate::project::hex(&digest[..8])))
}
