//! From names to addresses, those left out that must not be reached.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::LookupIpStrategy;
use hickory_resolver::net::NetError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use super::address_policy::Reach;

/// Why a name has no address that may be reached.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error("{name} is not known: {why}")]
    Unknown { name: String, why: &'static str },
    #[error("{0}")]
    Refused(String),
}

/// Resolves names as the machine's settings say (`/etc/hosts`, `/etc/resolv.conf`). Without those only the names of
/// `/etc/hosts` are known: nobody else's servers are asked.
#[derive(Clone)]
pub(super) struct Resolver {
    names: Arc<OnceLock<Option<TokioResolver>>>,
    reach: Reach,
}

impl Resolver {
    pub(super) fn new(reach: Reach) -> Self {
        Self {
            names: Arc::default(),
            reach,
        }
    }

    async fn addresses(self, host: &str) -> Result<Vec<SocketAddr>, Failure> {
        let unknown = |why| Failure::Unknown {
            name: host.to_owned(),
            why,
        };
        // The machine's own name for itself must not depend on a name server.
        let found: Vec<std::net::IpAddr> = if host.eq_ignore_ascii_case("localhost") {
            vec![
                std::net::Ipv4Addr::LOCALHOST.into(),
                std::net::Ipv6Addr::LOCALHOST.into(),
            ]
        } else {
            let names = self.names.get_or_init(|| match by_settings() {
                Ok(resolver) => Some(resolver),
                Err(error) => {
                    tracing::warn!(%error, "the machine's settings for names cannot be read");
                    None
                }
            });
            let Some(names) = names else {
                return Err(unknown("this machine has no usable /etc/resolv.conf"));
            };
            let answer = names.lookup_ip(host).await;
            let answer = answer.map_err(|error| {
                tracing::debug!(%error, host, "a name has no address");
                unknown(if error.is_no_records_found() {
                    "no name server has an address for it"
                } else {
                    "the name servers of this machine do not answer"
                })
            })?;
            answer.iter().collect()
        };
        let mut objection = None;
        let allowed: Vec<SocketAddr> = found
            .into_iter()
            .filter(|address| match self.reach.objection(*address) {
                Some(why) => {
                    objection = Some(format!("its address is {address}, and {why}"));
                    false
                }
                None => true,
            })
            // The port of the URL takes the place of 0.
            .map(|address| SocketAddr::new(address, 0))
            .collect();
        match (allowed.is_empty(), objection) {
            (false, _) => Ok(allowed),
            (true, Some(why)) => Err(Failure::Refused(why)),
            (true, None) => Err(unknown("it has no address")),
        }
    }
}

fn by_settings() -> Result<TokioResolver, NetError> {
    let mut builder = TokioResolver::builder_tokio()?;
    builder.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    builder.build()
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let found = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
