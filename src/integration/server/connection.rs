//! The way to a server: its address, its key in the open, and a client that judges where connections go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderName, Method};

use super::model::{IntegrationServer, Sealed, ServerKind};
use crate::access::{Error, Result};
use crate::login::secret_box::{Purpose, SecretBox};
use crate::outbound::{Body, Client, Options, Outbound, Reach, Request};

/// Opens connections to the servers of others. Cheap to clone; keeps the clients it made.
#[derive(Clone)]
pub struct Integrations {
    outbound: Outbound,
    secrets: SecretBox,
    /// By server, with the time of the change for which the client was made.
    clients: Arc<Mutex<HashMap<i64, (i64, Client)>>>,
}

/// A server that can be asked.
#[derive(Clone)]
pub struct Connection {
    client: Client,
    /// The address, without a slash at the end.
    url: String,
    authorization: String,
    time_max: Duration,
}

/// The secrets of a server in the open.
pub(super) struct Secrets {
    pub key: String,
    pub proxy: Option<String>,
}

impl Integrations {
    /// Opens connections by `outbound` with keys that `secrets` opens.
    pub fn new(outbound: Outbound, secrets: SecretBox) -> Self {
        Self {
            outbound,
            secrets,
            clients: Arc::default(),
        }
    }

    /// Seals the secrets of the server of that id.
    pub(super) fn seal(&self, id: i64, key: &str) -> Vec<u8> {
        self.secrets
            .seal(Purpose::IntegrationKey, id, key.as_bytes())
    }

    /// Seals the address of its proxy.
    pub(super) fn seal_proxy(&self, id: i64, proxy: &str) -> Vec<u8> {
        self.secrets
            .seal(Purpose::IntegrationProxy, id, proxy.as_bytes())
    }

    /// Opens the secrets of a server.
    ///
    /// # Errors
    /// When they were sealed under another master key.
    pub(super) fn open(&self, id: i64, sealed: &Sealed) -> Result<Secrets> {
        let open = |purpose, sealed: &[u8]| {
            let opened = self.secrets.open_sealed(purpose, id, sealed);
            opened
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .map_err(|error| Error::Internal(error.to_string()))
        };
        Ok(Secrets {
            key: open(Purpose::IntegrationKey, &sealed.key)?,
            proxy: sealed
                .proxy
                .as_deref()
                .map(|proxy| open(Purpose::IntegrationProxy, proxy))
                .transpose()?,
        })
    }

    /// The way to a server that is kept.
    ///
    /// # Errors
    /// Settings of it that cannot be used, a whole sentence.
    pub fn connect(&self, server: &IntegrationServer, sealed: &Sealed) -> Result<Connection> {
        let secrets = self.open(server.id, sealed)?;
        let made_for = server.updated_at.unwrap_or(server.created_at);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = clients.get(&server.id).filter(|(at, _)| *at == made_for);
        let client = if let Some((_, client)) = kept {
            client.clone()
        } else {
            let client = self.client(server, secrets.proxy.clone())?;
            clients.insert(server.id, (made_for, client.clone()));
            client
        };
        Ok(Connection::new(client, server, &secrets.key))
    }

    /// The way to a server that may not be kept yet.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub(super) fn try_out(
        &self,
        server: &IntegrationServer,
        secrets: Secrets,
    ) -> Result<Connection> {
        let client = self.client(server, secrets.proxy)?;
        Ok(Connection::new(client, server, &secrets.key))
    }

    /// Who runs the platform wrote the address down, so it may be in the house.
    fn client(&self, server: &IntegrationServer, proxy: Option<String>) -> Result<Client> {
        let options = Options {
            accepts_any_certificate: server.accepts_any_certificate,
            ca_pem: server.ca_pem.clone(),
            proxy,
        };
        self.outbound
            .client(Reach::Named, &options)
            .map_err(|error| Error::Rule(error.to_string()))
    }
}

impl Connection {
    fn new(client: Client, server: &IntegrationServer, key: &str) -> Self {
        Self {
            client,
            url: server.url.clone(),
            authorization: match server.kind {
                ServerKind::Cortex => format!("Bearer {key}"),
                ServerKind::Misp => key.to_owned(),
            },
            time_max: Duration::from_secs(server.time_max_s.unsigned_abs()),
        }
    }

    /// What asks.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where the server is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A request for what is at `path` (which begins with a slash), with the key, within the time of this server.
    pub fn request(&self, method: Method, path: &str, body: Body) -> Request {
        const ACCEPT: HeaderName = http::header::ACCEPT;
        let mut request = Request::new(method, format!("{}{path}", self.url), body)
            .secret(AUTHORIZATION, &self.authorization)
            .within(self.time_max);
        request
            .headers
            .insert(ACCEPT, http::HeaderValue::from_static("application/json"));
        request
    }

    /// A request that only reads.
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path, Body::Nothing)
    }

    /// A request that sends JSON.
    pub fn post(&self, path: &str, json: serde_json::Value) -> Request {
        self.request(Method::POST, path, Body::Json(json))
    }
}
