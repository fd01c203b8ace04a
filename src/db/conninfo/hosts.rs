//! The hosts to try, in their order.

use super::settings::Settings;
use crate::failure::Failure;
use std::net::{IpAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};

/// Where libpq looks for a socket if no host is named: as built by Debian, and by default.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];
const USUAL_PORT: u16 = 5432;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Socket(PathBuf),
    /// With an address, the name may be empty. No certificate matches an empty name.
    Tcp {
        name: String,
        address: Option<IpAddr>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Host {
    pub(crate) place: Place,
    pub(crate) port: u16,
}

impl Host {
    /// The name for messages and for the password file.
    pub(crate) fn name(&self) -> String {
        match &self.place {
            Place::Socket(folder) => folder.display().to_string(),
            Place::Tcp { name, address } => match address {
                Some(address) if name.is_empty() => address.to_string(),
                _ => name.clone(),
            },
        }
    }

    /// The addresses of the host. If the name is not found, there are none, and connecting by name reports why.
    pub(crate) fn addresses(&self) -> Vec<Option<IpAddr>> {
        match &self.place {
            Place::Socket(_) => vec![None],
            Place::Tcp {
                address: Some(address),
                ..
            } => vec![Some(*address)],
            Place::Tcp { name, .. } => match (name.as_str(), self.port).to_socket_addrs() {
                Ok(found) => found.map(|each| Some(each.ip())).collect(),
                Err(_) => vec![None],
            },
        }
    }
}

/// Reads `host`, `hostaddr` and `port`. Names and addresses correspond one to one, and there are as many ports, or
/// one for all.
pub(super) fn read(settings: &Settings) -> Result<Vec<Host>, Failure> {
    let list = |keyword| {
        settings
            .filled(keyword)
            .map(|text| text.split(',').collect())
    };
    let names: Option<Vec<&str>> = list("host");
    let addresses: Option<Vec<&str>> = list("hostaddr");
    let ports: Vec<&str> = list("port").unwrap_or_else(|| vec![""]);
    let count = addresses.as_ref().or(names.as_ref()).map_or(1, Vec::len);
    if names.as_ref().is_some_and(|names| names.len() != count) {
        return Err(settings.refuse(
            "host",
            "as many names as there are in hostaddr",
            "a name, or nothing, for each address",
        ));
    }
    if ports.len() != 1 && ports.len() != count {
        return Err(settings.refuse(
            "port",
            "as many ports as there are hosts",
            "one port for all hosts, or one for each",
        ));
    }
    let at = |texts: &Option<Vec<&str>>, index: usize| -> String {
        let text = texts.as_ref().and_then(|texts| texts.get(index));
        text.map_or(String::new(), ToString::to_string)
    };
    (0..count)
        .map(|index| {
            let port =
                match ports[if ports.len() == 1 { 0 } else { index }].trim() {
                    "" => USUAL_PORT,
                    text => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
                        settings.refuse("port", "a port", "a number from 1 to 65535")
                    })?,
                };
            let name = at(&names, index);
            let address = match &*at(&addresses, index) {
                "" => None,
                text => Some(text.parse().map_err(|_| {
                    settings.refuse(
                        "hostaddr",
                        "an address",
                        "an address of numbers, or name the host with host",
                    )
                })?),
            };
            Ok(Host {
                place: place(name, address, port),
                port,
            })
        })
        .collect()
}

fn place(name: String, address: Option<IpAddr>, port: u16) -> Place {
    match (address, &*name) {
        (None, "") => match default_socket(port) {
            Some(folder) => Place::Socket(folder),
            None => Place::Tcp {
                name: "localhost".into(),
                address,
            },
        },
        // @ begins the name of an abstract socket of Linux, which is in no folder.
        (None, name) if name.starts_with(['/', '@']) => Place::Socket(name.into()),
        _ => Place::Tcp { name, address },
    }
}

fn default_socket(port: u16) -> Option<PathBuf> {
    let mut folders = SOCKET_FOLDERS.into_iter().map(PathBuf::from);
    folders.find(|folder| folder.join(format!(".s.PGSQL.{port}")).exists())
}

/// Whether this is a default folder of sockets, which a password file calls localhost.
pub(super) fn is_default_socket(host: &str) -> bool {
    SOCKET_FOLDERS
        .iter()
        .any(|folder| Path::new(folder) == Path::new(host))
}
