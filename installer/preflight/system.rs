//! The operating system: rights, service manager, kernel, clock, where the program comes from and goes to.

use crate::machine::systemd::VERSION_NEEDED;
use crate::machine::{Disk, Finding, Mounts, System, Systemd, cgroup, network, time_sync};

use super::Subject;

/// The oldest kernel that we look after.
const KERNEL_NEEDED: (u32, u32) = (5, 4);
/// The day this program was made: a clock before it is wrong. Milliseconds since the epoch.
const BUILT_AT_MS: i64 = 1_790_000_000_000;

/// All of them.
pub(super) fn checks(subject: &Subject) -> Vec<Finding> {
    let root = subject.layout.root();
    let system = System::of(root);
    let mut findings = vec![
        privilege(
            rustix::process::geteuid().is_root(),
            subject.answers.dry_run,
        ),
        service_manager(Systemd::of(root).as_ref()),
        kernel(&system),
        clock(subject.now_ms, time_sync::is_synchronised(root)),
        target(subject),
        origin(subject),
        name(&system),
    ];
    if !cgroup::is_unified(root) {
        findings.push(Finding::warning(
            "cgroup",
            "Control groups",
            "version 1, or both versions",
            "Limits of memory may not hold; everything else works.",
        ));
    }
    findings.extend(confinement(&system));
    if let Some(kind) = &system.container {
        findings.push(Finding::warning(
            "container",
            "Container",
            kind.clone(),
            "Memory and cores shown are the host's unless a control group limits them.",
        ));
    }
    findings
}

fn privilege(is_root: bool, is_dry_run: bool) -> Finding {
    let (id, title) = (super::PRIVILEGE, "Rights");
    match (is_root, is_dry_run) {
        (true, _) => Finding::ok(id, title, "root"),
        (false, true) => Finding::warning(
            id,
            title,
            "not root: enough for a dry run",
            "To install, run it with sudo.",
        ),
        (false, false) => Finding::critical(id, title, "not root", "Run it with sudo."),
    }
}

fn service_manager(systemd: Option<&Systemd>) -> Finding {
    let (id, title) = ("systemd", "Service manager");
    let Some(systemd) = systemd else {
        return Finding::critical(
            id,
            title,
            "systemd does not run this machine",
            "Without it, start the server by hand: skep serve",
        )
        .needs(format!("systemd {VERSION_NEEDED}"));
    };
    let version = systemd.version.map_or_else(
        || "systemd".to_owned(),
        |version| format!("systemd {version}"),
    );
    let found = format!("{version}, {}", systemd.state);
    if systemd
        .version
        .is_some_and(|version| version < VERSION_NEEDED)
    {
        return Finding::critical(
            id,
            title,
            found,
            "Take a newer system, such as Ubuntu 22.04.",
        )
        .needs(format!("systemd {VERSION_NEEDED}"));
    }
    if systemd.state == "offline" {
        return Finding::critical(
            id,
            title,
            found,
            "Run it on the machine itself, not in a folder of it.",
        );
    }
    if !systemd.failed_units.is_empty() {
        return Finding::warning(
            id,
            title,
            format!("{found}; failed: {}", systemd.failed_units.join(", ")),
            "Not ours, but somebody should look: systemctl --failed",
        );
    }
    Finding::ok(id, title, found)
}

fn kernel(system: &System) -> Finding {
    let (id, title) = ("kernel", "System");
    let found = format!("{}, Linux {}", system.name, system.kernel);
    match system.kernel_version() {
        None => Finding::unknown(id, title, found),
        Some(version) if version < KERNEL_NEEDED => Finding::critical(
            id,
            title,
            found,
            "Take a newer system, such as Ubuntu 22.04.",
        )
        .needs("Linux 5.4"),
        Some(_) => Finding::ok(id, title, found),
    }
}

fn clock(now_ms: i64, is_synchronised: Option<bool>) -> Finding {
    let (id, title) = ("clock", "Clock");
    let remedy = "Set it: sudo timedatectl set-time 'YYYY-MM-DD HH:MM'";
    if now_ms < BUILT_AT_MS {
        return Finding::critical(id, title, "before the day this program was made", remedy);
    }
    match is_synchronised {
        Some(true) => Finding::ok(id, title, "synchronised"),
        Some(false) => Finding::warning(
            id,
            title,
            "not synchronised with others",
            "Normal without a network. Times of cases and codes of second factors follow this clock.",
        ),
        None => Finding::unknown(id, title, "nobody says whether it is synchronised"),
    }
}

/// Where the program and its units go.
fn target(subject: &Subject) -> Finding {
    let (id, title) = ("target", "Target folders");
    let layout = subject.layout;
    let folders = [layout.versions(), layout.settings_folder(), layout.unit("")];
    for folder in &folders {
        match Disk::of(layout.root(), folder) {
            Ok(disk) if disk.is_read_only => {
                return Finding::critical(
                    id,
                    title,
                    format!("{} is read-only", folder.display()),
                    "Systems with a read-only /usr or /etc are not supported; run the server by hand: skep serve",
                );
            }
            Ok(_) => {}
            Err(error) => {
                return Finding::unknown(id, title, format!("{}: {error}", folder.display()));
            }
        }
    }
    Finding::ok(id, title, "/usr/local, /etc can be written")
}

/// Where the program runs from. It is copied, so nothing there is wrong; but people should know.
fn origin(subject: &Subject) -> Finding {
    let (id, title) = ("self", "Program");
    let mounts = Mounts::of(subject.layout.root());
    let found = subject.program.display().to_string();
    match mounts.holding(subject.program) {
        Some(mount) if mount.has("noexec") => Finding::ok(
            id,
            title,
            format!("{found}, where programs can't be started: it is copied"),
        ),
        _ => Finding::ok(id, title, found),
    }
}

fn name(system: &System) -> Finding {
    let addresses: Vec<String> = network::addresses()
        .iter()
        .filter(|address| network::is_reachable(address))
        .map(ToString::to_string)
        .collect();
    let found = if addresses.is_empty() {
        format!("{}, no address but this machine's own", system.hostname)
    } else {
        format!("{}, {}", system.hostname, addresses.join(", "))
    };
    Finding::ok("name", "Name and addresses", found)
}

fn confinement(system: &System) -> Option<Finding> {
    let (id, title) = ("lsm", "Confinement");
    if system.is_selinux_enforcing {
        return Some(Finding::warning(
            id,
            title,
            "SELinux, enforcing",
            "If the service is refused a file, run: restorecon -R /usr/local/lib/skep /etc/skep /var/lib/skep",
        ));
    }
    (!system.confinement.is_empty()).then(|| Finding::ok(id, title, system.confinement.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{BUILT_AT_MS, clock, confinement, kernel, privilege, service_manager};
    use crate::machine::{System, Systemd, Verdict};

    fn system(release: &str) -> System {
        System {
            kernel: release.to_owned(),
            name: "Ubuntu".to_owned(),
            hostname: "u".to_owned(),
            container: None,
            confinement: Vec::new(),
            is_selinux_enforcing: false,
        }
    }

    #[test]
    fn old_kernels_and_service_managers_are_refused() {
        assert_eq!(kernel(&system("5.3.0-1")).verdict, Verdict::Critical);
        assert_eq!(kernel(&system("5.4.0")).verdict, Verdict::Ok);
        assert_eq!(kernel(&system("6.8.0-45-generic")).verdict, Verdict::Ok);
        let with = |version, state: &str, failed: &[&str]| {
            let systemd = Systemd {
                version: Some(version),
                state: state.to_owned(),
                failed_units: failed.iter().map(ToString::to_string).collect(),
            };
            service_manager(Some(&systemd)).verdict
        };
        assert_eq!(service_manager(None).verdict, Verdict::Critical);
        assert_eq!(with(248, "running", &[]), Verdict::Critical);
        assert_eq!(with(249, "running", &[]), Verdict::Ok);
        assert_eq!(with(255, "offline", &[]), Verdict::Critical);
        assert_eq!(with(255, "degraded", &["x.service"]), Verdict::Warning);
    }

    #[test]
    fn a_clock_before_our_time_is_wrong() {
        assert_eq!(
            clock(BUILT_AT_MS - 1, Some(true)).verdict,
            Verdict::Critical
        );
        assert_eq!(clock(BUILT_AT_MS, Some(true)).verdict, Verdict::Ok);
        assert_eq!(clock(BUILT_AT_MS, Some(false)).verdict, Verdict::Warning);
        assert_eq!(clock(BUILT_AT_MS, None).verdict, Verdict::Unknown);
    }

    #[test]
    fn only_a_dry_run_needs_no_root() {
        assert_eq!(privilege(false, false).verdict, Verdict::Critical);
        assert_eq!(privilege(false, true).verdict, Verdict::Warning);
        assert_eq!(privilege(true, false).verdict, Verdict::Ok);
        let mut selinux = system("6.8");
        assert_eq!(confinement(&selinux), None);
        selinux.is_selinux_enforcing = true;
        assert_eq!(confinement(&selinux).unwrap().verdict, Verdict::Warning);
    }
}
