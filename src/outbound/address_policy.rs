//! Which addresses may be reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whose word an address is, and so where it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Who runs the platform wrote it down: anywhere, this machine and the house included, but for what no server answers
    /// at, and for the place where clouds keep the credentials of their machines.
    Named,
    /// It came with somebody's data: only what everybody in the world can reach.
    Public,
}

impl Reach {
    /// Why `address` must not be reached; nothing if it may.
    pub fn objection(self, address: IpAddr) -> Option<&'static str> {
        let address = embedded_v4(address).map_or(address, IpAddr::V4);
        let nowhere = match address {
            IpAddr::V4(v4) => nowhere_v4(v4),
            IpAddr::V6(v6) => nowhere_v6(v6),
        };
        match self {
            Self::Named => nowhere,
            Self::Public => nowhere.or_else(|| match address {
                IpAddr::V4(v4) => inside_v4(v4),
                IpAddr::V6(v6) => inside_v6(v6),
            }),
        }
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped (`::ffff:0:0/96`), translated (`64:ff9b::/96`), 6to4
/// (`2002::/16`).
fn embedded_v4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    if let Some(mapped) = v6.to_ipv4_mapped() {
        return Some(mapped);
    }
    let segments = v6.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

fn nowhere_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, ..] = address.octets();
    if a == 0 {
        Some("it stands for no machine")
    } else if address.is_broadcast() || a >= 224 {
        Some("it stands for many machines")
    } else if (a, b) == (169, 254) {
        Some("it is of the link only, where clouds keep their machines' credentials")
    } else {
        None
    }
}

fn nowhere_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_unspecified() {
        Some("it stands for no machine")
    } else if address.is_multicast() {
        Some("it stands for many machines")
    } else if address.segments() == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] {
        Some("it is where clouds keep their machines' credentials")
    } else {
        None
    }
}

/// The registries of special purpose addresses, RFC 6890 and its successors.
fn inside_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    if address.is_loopback() {
        Some("it is this machine itself")
    } else if address.is_private() || (a, b & 0xc0) == (100, 64) {
        Some("it is inside of a house")
    } else if address.is_documentation()
        || (a, b & 0xfe) == (198, 18)
        || [(192, 0, 0), (192, 88, 99)].contains(&(a, b, c))
    {
        Some("it is reserved")
    } else {
        None
    }
}

fn inside_v6(address: Ipv6Addr) -> Option<&'static str> {
    let first = address.segments()[0];
    if address.is_loopback() {
        Some("it is this machine itself")
    } else if address.is_unique_local() || first & 0xffc0 == 0xfec0 {
        Some("it is inside of a house")
    } else if address.is_unicast_link_local() {
        Some("it is of the link only")
    } else if first & 0xe000 != 0x2000 || matches!(address.segments(), [0x2001, 0 | 0xdb8, ..]) {
        // Out in the world is 2000::/3; tunnels (Teredo) and documentation are in it.
        Some("it is reserved")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::Reach;

    fn may(reach: Reach, address: &str) -> bool {
        reach
            .objection(address.parse::<IpAddr>().unwrap())
            .is_none()
    }

    #[test]
    fn what_is_out_in_the_world_may_be_reached() {
        for address in [
            "1.1.1.1",
            "93.184.216.34",
            "223.255.255.254",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(may(Reach::Public, address), "{address}");
            assert!(may(Reach::Named, address), "{address}");
        }
    }

    #[test]
    fn what_is_inside_is_for_those_who_run_the_platform() {
        for address in [
            "127.0.0.1",
            "127.255.0.3",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "fe80::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "::10.0.0.1",
        ] {
            assert!(!may(Reach::Public, address), "{address}");
            assert!(may(Reach::Named, address), "{address}");
        }
    }

    #[test]
    fn some_are_for_nobody() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "ff02::1",
            "fd00:ec2::254",
        ] {
            assert!(!may(Reach::Public, address), "{address}");
            assert!(!may(Reach::Named, address), "{address}");
        }
    }
}
