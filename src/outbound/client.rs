//! Asking other servers.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use reqwest::{NoProxy, Proxy, Url};
use rustls::RootCertStore;
use serde::de::DeserializeOwned;

use super::address_policy::Reach;
use super::limits::{CONNECT_TIME_MAX, EXCERPT_CHARACTERS_MAX, REDIRECTS_MAX};
use super::request::Request;
use super::resolver::{Failure, Resolver};
use super::{Error, Result, tls};
use crate::config;

/// The way out of the house. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    roots: Arc<RootCertStore>,
    proxy: Option<Proxy>,
}

/// What one server asks for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Believe any certificate.
    pub accepts_any_certificate: bool,
    /// Certificates (PEM) to believe beside those of the system.
    pub ca_pem: Option<String>,
    /// A proxy of its own, in place of that of the settings: `http://user:password@host:port`.
    pub proxy: Option<String>,
}

impl Outbound {
    /// The way out that the settings describe.
    ///
    /// # Errors
    /// [`Error::Settings`], a whole sentence.
    pub fn new(settings: &config::Outbound) -> Result<Self> {
        let proxy = settings.proxy.as_ref().map(|proxy| {
            let usable = usable_proxy(proxy.reveal())
                .map_err(|why| Error::Settings(format!("The setting outbound.proxy {why}.")))?;
            Ok(usable.no_proxy(NoProxy::from_string(&settings.no_proxy)))
        });
        Ok(Self {
            roots: Arc::new(tls::roots(settings.ca_file.as_deref())?),
            proxy: proxy.transpose()?,
        })
    }

    /// Somebody to ask servers within `reach`. Keep it: it keeps connections.
    ///
    /// # Errors
    /// [`Error::Settings`] when the options cannot be used.
    pub fn client(&self, reach: Reach, options: &Options) -> Result<Client> {
        let http = self
            .builder(reach, options)?
            .build()
            .map_err(|error| Error::Settings(format!("No connection can be made: {error}.")))?;
        Ok(Client { http, reach })
    }

    pub(super) fn builder(
        &self,
        reach: Reach,
        options: &Options,
    ) -> Result<reqwest::ClientBuilder> {
        let mut roots = (*self.roots).clone();
        if let Some(pem) = &options.ca_pem {
            tls::add_pem(&mut roots, pem.as_bytes()).map_err(|why| {
                Error::Settings(format!("The certificate cannot be used: {why}."))
            })?;
        }
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(roots, options.accepts_any_certificate)?)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIME_MAX)
            .dns_resolver(Resolver::new(reach))
            .user_agent(concat!("skep/", env!("CARGO_PKG_VERSION")))
            // What the environment says counts for nothing: settings come from one place.
            .no_proxy();
        let own = options.proxy.as_ref().map(|proxy| {
            usable_proxy(proxy).map_err(|why| Error::Settings(format!("The proxy {why}.")))
        });
        if let Some(proxy) = own.transpose()?.or_else(|| self.proxy.clone()) {
            builder = builder.proxy(proxy);
        }
        Ok(builder)
    }
}

fn usable_proxy(address: &str) -> std::result::Result<Proxy, String> {
    let url = Url::parse(address).map_err(|error| format!("is no address: {error}"))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err("must begin with http:// or https://".to_owned());
    }
    Proxy::all(url).map_err(|error| format!("cannot be used: {error}"))
}

/// Asks other servers. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    reach: Reach,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The host that answered, for what is said about it.
    pub host: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Client {
    /// Asks, and takes only a success for an answer.
    ///
    /// # Errors
    /// All of [`Error`]; a redirection is one, since it would take the credentials elsewhere.
    pub async fn ask(&self, request: Request) -> Result<Answer> {
        let (answer, url) = self.answer(request).await?;
        if let Some(to) = redirection(&url, &answer) {
            return Err(Error::Redirected {
                host: answer.host,
                to: to.to_string(),
            });
        }
        answer.successful()
    }

    /// Asks, and reads the JSON of the answer.
    ///
    /// # Errors
    /// As [`ask`](Self::ask), and [`Error::Strange`] for other JSON than expected.
    pub async fn ask_json<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        self.ask(request).await?.json()
    }

    /// Fetches what is at a public address, also when it sends on to another one, which is judged in the same way.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub async fn fetch(&self, request: Request) -> Result<Answer> {
        let mut request = request;
        for _ in 0..=REDIRECTS_MAX {
            let (answer, url) = self.answer(request.clone()).await?;
            let Some(to) = redirection(&url, &answer) else {
                return answer.successful();
            };
            if to.origin() != url.origin() {
                request.headers.clear();
            }
            request.url = to.to_string();
        }
        let url = checked(&request.url, self.reach)?;
        Err(Error::Redirected {
            host: host_of(&url),
            to: "one address after another".to_owned(),
        })
    }

    async fn answer(&self, request: Request) -> Result<(Answer, Url)> {
        let url = checked(&request.url, self.reach)?;
        let host = host_of(&url);
        let after = request.time_max;
        let building = self
            .http
            .request(request.method, url.clone())
            .headers(request.headers);
        let building = request
            .body
            .into_request(building)
            .map_err(|error| Error::Settings(format!("The request cannot be made: {error}.")))?;
        let asking = async {
            let response = building
                .send()
                .await
                .map_err(|error| failure(&host, &error))?;
            read(&host, response, request.bytes_max).await
        };
        match tokio::time::timeout(after, asking).await {
            Ok(answer) => Ok((answer?, url)),
            Err(_) => Err(Error::TimedOut { host, after }),
        }
    }
}

impl Answer {
    fn successful(self) -> Result<Self> {
        if self.status.is_success() {
            return Ok(self);
        }
        let excerpt = self.excerpt();
        Err(Error::Answered {
            host: self.host,
            status: self.status,
            excerpt,
        })
    }

    /// The JSON of the body.
    ///
    /// # Errors
    /// [`Error::Strange`] for other JSON than expected, or none: the page of a gateway, most often.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let kind = self.headers.get(http::header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("json");
        if !kind.to_ascii_lowercase().contains("json") {
            return Err(Error::Strange {
                host: self.host.clone(),
                why: format!("its answer is {kind}, not JSON"),
            });
        }
        serde_json::from_slice(&self.body).map_err(|error| Error::Strange {
            host: self.host.clone(),
            why: error.to_string(),
        })
    }

    /// The beginning of the body as people may read it.
    fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body[..self.body.len().min(4096)]);
        let printable: String = text
            .chars()
            .map(|character| {
                if character.is_control() {
                    ' '
                } else {
                    character
                }
            })
            .collect();
        let words: Vec<&str> = printable.split_whitespace().collect();
        let plain: String = words
            .join(" ")
            .chars()
            .take(EXCERPT_CHARACTERS_MAX)
            .collect();
        if plain.is_empty() {
            "nothing".to_owned()
        } else {
            plain
        }
    }
}

/// The address, if it is one of the web whose host may be reached as far as it can be seen before it is resolved.
pub(super) fn checked(address: &str, reach: Reach) -> Result<Url> {
    let no_address = || Error::NoAddress {
        url: address.to_owned(),
    };
    let url = Url::parse(address).map_err(|_| no_address())?;
    if !["http", "https"].contains(&url.scheme()) || !url.has_host() {
        return Err(no_address());
    }
    // An address in figures is not asked of the resolver.
    let literal: Option<IpAddr> = match url.host() {
        Some(url::Host::Ipv4(v4)) => Some(v4.into()),
        Some(url::Host::Ipv6(v6)) => Some(v6.into()),
        _ => None,
    };
    if let Some(why) = literal.and_then(|address| reach.objection(address)) {
        return Err(Error::Refused {
            host: host_of(&url),
            why: why.to_owned(),
        });
    }
    Ok(url)
}

pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Where the answer sends on to.
fn redirection(url: &Url, answer: &Answer) -> Option<Url> {
    if !answer.status.is_redirection() {
        return None;
    }
    let to = answer.headers.get(http::header::LOCATION)?;
    url.join(to.to_str().ok()?).ok()
}

/// Reads the body as far as it may be.
async fn read(host: &str, mut response: reqwest::Response, bytes_max: u64) -> Result<Answer> {
    let too_large = || Error::TooLarge {
        host: host.to_owned(),
        bytes_max,
    };
    if response
        .content_length()
        .is_some_and(|length| length > bytes_max)
    {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| failure(host, &error))?
    {
        if (body.len() + piece.len()) as u64 > bytes_max {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer {
        host: host.to_owned(),
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: body.freeze(),
    })
}

/// What went wrong, by the innermost cause that tells it.
pub(super) fn failure(host: &str, error: &reqwest::Error) -> Error {
    let host = host.to_owned();
    let mut why = error.to_string();
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        match inner.downcast_ref::<Failure>() {
            // Which may be the name of the proxy.
            Some(Failure::Unknown { name, why }) => {
                return Error::UnknownHost {
                    host: name.clone(),
                    why: (*why).to_owned(),
                };
            }
            Some(Failure::Refused(why)) => {
                return Error::Refused {
                    host,
                    why: why.clone(),
                };
            }
            None => {}
        }
        if let Some(distrust) = inner.downcast_ref::<rustls::Error>() {
            return Error::Untrusted {
                host,
                why: distrust.to_string(),
            };
        }
        // An I/O error hides what it was made of from `source`.
        let hidden = inner
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        why = inner.to_string();
        cause = match hidden {
            Some(hidden) => Some(hidden),
            None => inner.source(),
        };
    }
    if error.is_timeout() {
        return Error::TimedOut {
            host,
            after: CONNECT_TIME_MAX,
        };
    }
    if error.is_connect() {
        Error::Unreachable { host, why }
    } else {
        Error::Broken { host, why }
    }
}
