//! The role of the place that the program runs at: a pod or a container of AWS, or a machine of EC2. Its credentials are
//! requested when they are needed, and renewed before they expire.

use super::access::first_of;
use object_store::aws::AmazonS3ConfigKey::{
    self, ContainerAuthorizationTokenFile, ContainerCredentialsFullUri,
    ContainerCredentialsRelativeUri, MetadataEndpoint, RoleArn, RoleSessionName, StsEndpoint,
    WebIdentityTokenFile,
};
use reqwest::Url;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Where a machine of EC2 asks about itself.
const METADATA: &str = "http://169.254.169.254";
/// The service answers at once, or it is not there.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(super) struct Role {
    /// For messages.
    pub(super) name: &'static str,
    pub(super) settings: Vec<(AmazonS3ConfigKey, String)>,
}

impl Role {
    /// None if the program has no role, or if that does not become known quickly. `endpoint`: the server, if it is not
    /// that of AWS.
    pub(super) fn find(endpoint: Option<&Url>) -> Option<Role> {
        of_pod()
            .or_else(of_container)
            .or_else(|| of_machine(endpoint))
    }
}

fn get(key: AmazonS3ConfigKey, variable: &str) -> Option<(AmazonS3ConfigKey, String)> {
    first_of(&[variable]).map(|(_, value)| (key, value))
}

fn of_pod() -> Option<Role> {
    let file = get(WebIdentityTokenFile, "AWS_WEB_IDENTITY_TOKEN_FILE")?;
    let role = get(RoleArn, "AWS_ROLE_ARN")?;
    let more = [
        get(RoleSessionName, "AWS_ROLE_SESSION_NAME"),
        get(StsEndpoint, "AWS_ENDPOINT_URL_STS"),
    ];
    let more = more.into_iter().flatten();
    Some(Role {
        name: "the role in AWS_ROLE_ARN",
        settings: [file, role].into_iter().chain(more).collect(),
    })
}

fn of_container() -> Option<Role> {
    let path = get(
        ContainerCredentialsRelativeUri,
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    );
    let with_token = || {
        let address = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
        let token = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
        Some(vec![
            get(ContainerCredentialsFullUri, address)?,
            get(ContainerAuthorizationTokenFile, token)?,
        ])
    };
    let settings = path.map(|path| vec![path]).or_else(with_token)?;
    Some(Role {
        name: "the role of the container",
        settings,
    })
}

fn of_machine(endpoint: Option<&Url>) -> Option<Role> {
    let is_disabled = first_of(&["AWS_EC2_METADATA_DISABLED"]);
    if is_disabled.is_some_and(|(_, value)| value.eq_ignore_ascii_case("true")) {
        return None;
    }
    let service = get(MetadataEndpoint, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    let host = endpoint.and_then(Url::host_str);
    // Other servers do not know the roles of AWS.
    if service.is_none() && host.is_some_and(|host| !host.ends_with(".amazonaws.com")) {
        return None;
    }
    let address = service.as_ref().map_or(METADATA, |(_, value)| value);
    answers(address).then(|| Role {
        name: "the role of the machine",
        settings: service.into_iter().collect(),
    })
}

/// Whether a connection to the address is possible. Without this question, other machines would wait for minutes.
fn answers(address: &str) -> bool {
    let find = || {
        let url = Url::parse(address).ok()?;
        let host = url.host_str()?.trim_matches(['[', ']']);
        let port = url.port_or_known_default()?;
        (host, port).to_socket_addrs().ok()?.next()
    };
    find().is_some_and(|address| TcpStream::connect_timeout(&address, METADATA_TIMEOUT).is_ok())
}
