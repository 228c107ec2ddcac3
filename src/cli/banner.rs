//! What `skep serve` says when it is ready.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};

use crate::app::App;
use crate::tenancy::user::actions::{DEFAULT_LOGIN, DEFAULT_PASSWORD};

/// Prints the name, the version, where the data is and under which addresses the server is found.
pub(super) async fn print(app: &App, address: SocketAddr) {
    let mut lines = vec![format!("Skep {}", env!("CARGO_PKG_VERSION")), String::new()];
    lines.push(match &app.config.storage.database {
        Some(url) => format!("  Database   {}", without_password(url.reveal())),
        None => format!("  Data       {}", app.config.storage.data_dir.display()),
    });
    for (index, url) in urls(address, &local_addresses()).into_iter().enumerate() {
        let label = if index == 0 { "Open" } else { "" };
        lines.push(format!("  {label:<10} {url}"));
    }
    if app.is_default_password_in_use().await {
        lines.push(format!("  Sign in    {DEFAULT_LOGIN} / {DEFAULT_PASSWORD} (from this machine only; change it in Settings)"));
    }
    lines.push(String::new());
    // Whoever started us may have closed the pipe that we print to; the server runs on.
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{}", lines.join("\n")));
    drop(out.flush());
}

/// Where the server is found: by name on this machine, and by every address when it listens on all.
fn urls(address: SocketAddr, local: &[IpAddr]) -> Vec<String> {
    let port = address.port();
    let here = format!("http://localhost:{port}");
    if address.ip().is_loopback() {
        return vec![here];
    }
    if !address.ip().is_unspecified() {
        return vec![format!("http://{address}")];
    }
    let is_reachable = |ip: &&IpAddr| {
        let is_link_local = matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local());
        !ip.is_loopback() && !is_link_local && (ip.is_ipv4() || address.is_ipv6())
    };
    let mut urls = vec![here];
    urls.extend(
        local
            .iter()
            .filter(is_reachable)
            .map(|ip| format!("http://{}", SocketAddr::new(*ip, port))),
    );
    urls
}

fn local_addresses() -> Vec<IpAddr> {
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

/// The URL of a database as it may be shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        // The other form, `host=… password=…`: show nothing rather than too much.
        return "PostgreSQL".to_owned();
    };
    let rest = rest.split('?').next().unwrap_or_default();
    let shown = match rest.rsplit_once('@') {
        Some((user, place)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{user}@{place}")
        }
        None => rest.to_owned(),
    };
    format!("{scheme}://{shown}")
}

#[cfg(test)]
mod tests {
    use super::{urls, without_password};

    #[test]
    fn every_address_of_the_machine_is_listed_when_it_listens_on_all() {
        let local = ["127.0.0.1", "192.168.1.5", "fe80::1", "2001:db8::5"]
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

    #[test]
    fn a_password_in_a_url_is_not_shown() {
        assert_eq!(
            without_password("postgres://ana:p@ss@db:5432/skep?sslmode=disable"),
            "postgres://ana@db:5432/skep"
        );
        assert_eq!(without_password("postgres://db/skep"), "postgres://db/skep");
        assert_eq!(without_password("host=db password=x"), "PostgreSQL");
    }
}
