//! What `skep serve` says when it is ready.

use std::io::Write;
use std::net::SocketAddr;

use crate::app::App;
use crate::machine::network;
use crate::tenancy::user::actions::{DEFAULT_LOGIN, DEFAULT_PASSWORD};

/// Prints the name, the version, where the data is and under which addresses the server is found.
pub(super) async fn print(app: &App, addresses: &[SocketAddr]) {
    let mut lines = vec![format!("Skep {}", env!("CARGO_PKG_VERSION")), String::new()];
    lines.push(match &app.config.storage.database {
        Some(url) => format!("  Database   {}", without_password(url.reveal())),
        None => format!("  Data       {}", app.config.storage.data_dir.display()),
    });
    for (index, url) in urls(addresses).into_iter().enumerate() {
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

/// Where the server is found, each place once.
pub(super) fn urls(addresses: &[SocketAddr]) -> Vec<String> {
    let local = network::addresses();
    let mut urls: Vec<String> = Vec::new();
    for address in addresses {
        for url in network::urls(*address, &local) {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    urls
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
    fn the_two_names_of_this_machine_are_one_place() {
        let addresses = ["127.0.0.1:9000", "[::1]:9000", "127.0.0.1:9001"];
        assert_eq!(
            urls(&addresses.map(|address| address.parse().unwrap())),
            ["http://localhost:9000", "http://localhost:9001"]
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
