//! Under which addresses this machine is found.

use std::net::{IpAddr, SocketAddr};

/// The addresses of all interfaces, each once.
pub fn addresses() -> Vec<IpAddr> {
    let Ok(networks) = sysinfo::Networks::new_with_refreshed_list() else {
        return Vec::new();
    };
    let mut addresses: Vec<IpAddr> = networks
        .values()
        .flat_map(|network| network.ip_networks().iter().map(|network| network.addr))
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// Whether other machines could use the address: it is neither for this machine only nor for one cable only.
pub fn is_reachable(address: &IpAddr) -> bool {
    let is_link_local = match address {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    !address.is_loopback() && !is_link_local
}

/// Where a server that listens on `address` is found: by name on this machine, and by every one of the `local` addresses
/// when it listens on all.
pub fn urls(address: SocketAddr, local: &[IpAddr]) -> Vec<String> {
    let port = address.port();
    let here = format!("http://localhost:{port}");
    if address.ip().is_loopback() {
        return vec![here];
    }
    if !address.ip().is_unspecified() {
        return vec![format!("http://{address}")];
    }
    let mut urls = vec![here];
    urls.extend(
        local
            .iter()
            .filter(|ip| is_reachable(ip) && (ip.is_ipv4() || address.is_ipv6()))
            .map(|ip| format!("http://{}", SocketAddr::new(*ip, port))),
    );
    urls
}

#[cfg(test)]
mod tests {
    use super::urls;

    #[test]
    fn every_address_of_the_machine_is_listed_when_it_listens_on_all() {
        let local = [
            "127.0.0.1",
            "169.254.7.7",
            "192.168.1.5",
            "fe80::1",
            "2001:db8::5",
        ]
        .map(|text| text.parse().unwrap());
        let of = |address: &str| urls(address.parse().unwrap(), &local);
        assert_eq!(of("127.0.0.1:9000"), ["http://localhost:9000"]);
        assert_eq!(of("192.168.1.5:80"), ["http://192.168.1.5:80"]);
        assert_eq!(
            of("0.0.0.0:9000"),
            ["http://localhost:9000", "http://192.168.1.5:9000"]
        );
        assert_eq!(
            of("[::]:9000"),
            [
                "http://localhost:9000",
                "http://192.168.1.5:9000",
                "http://[2001:db8::5]:9000"
            ]
        );
    }
}
