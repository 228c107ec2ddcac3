//! What is there already: an installation, a package, data, another TheHive, whoever has the port.

use crate::machine::installation::{Layout, Record, SOCKET};
use crate::machine::port::{self, Holder};
use crate::machine::{Disk, Finding, LiveSession};
use crate::storage::{exchange, schema_version};

use super::Subject;
use crate::installer::outcome::{Error, Result};

/// What of ours is there.
#[derive(Debug, Clone, Default)]
pub(in crate::installer) struct Existing {
    /// The record of the installation.
    pub(in crate::installer) record: Option<Record>,
    /// The Debian package is installed.
    pub(in crate::installer) has_package: bool,
    /// Our socket unit is there, so a port that systemd has is ours.
    pub(in crate::installer) has_socket: bool,
}

impl Existing {
    /// Looks.
    ///
    /// # Errors
    /// When there is a record that cannot be read.
    pub(in crate::installer) fn of(layout: &Layout) -> Result<Self> {
        Ok(Self {
            record: Record::read(layout).map_err(Error::file("Cannot read", layout.record()))?,
            has_package: layout.root().has("var/lib/dpkg/info/skep.list"),
            has_socket: layout.unit(SOCKET).exists(),
        })
    }
}

/// All of them.
pub(super) fn checks(subject: &Subject) -> Vec<Finding> {
    let root = subject.layout.root();
    let data_dir = &subject.answers.data_dir.value;
    let schema = exchange::schema_in(&root.path(data_dir)).map_err(|error| error.to_string());
    let port = subject.answers.listen.value.port();
    let mut findings = vec![
        port_is_free(port, port::holder(root, port).as_ref(), subject.existing),
        existing(subject.existing, schema, &data_dir.display().to_string()),
    ];
    if subject.existing.has_package {
        findings.push(Finding::critical(
            "package",
            "Debian package",
            "skep is installed as a package",
            "Upgrade it with apt, or remove it first (its data stays): sudo apt remove skep",
        ));
    }
    let is_volatile = Disk::of(root, data_dir).is_ok_and(|disk| disk.is_volatile);
    findings.extend(LiveSession::of(root).map(|session| live(&session, is_volatile)));
    findings.extend(other_platform(subject.layout));
    findings
}

fn port_is_free(port: u16, holder: Option<&Holder>, existing: &Existing) -> Finding {
    let (id, title) = ("port", "Port");
    let Some(holder) = holder else {
        return Finding::ok(id, title, format!("{port} is free"));
    };
    let is_ours = existing.has_socket && (holder.is_systemd() || holder.program == "skep");
    if is_ours {
        return Finding::ok(id, title, format!("{port} is held by this installation"));
    }
    let other = if port == 9000 { 9001 } else { 9000 };
    Finding::critical(
        id,
        title,
        format!("{port} is taken by {}", holder.in_words()),
        format!("Stop that program, or choose another port: --listen 127.0.0.1:{other}"),
    )
}

fn existing(
    existing: &Existing,
    schema: std::result::Result<Option<i64>, String>,
    data_dir: &str,
) -> Finding {
    let (id, title) = ("existing", "Installation");
    let version = existing.record.as_ref().map_or_else(
        || "none yet".to_owned(),
        |record| format!("version {}", record.version),
    );
    match schema {
        Err(error) => Finding::critical(
            id,
            title,
            format!("{version}; {data_dir} has a database that cannot be read ({error})"),
            "Look at it with skep doctor, or choose another folder with --data-dir.",
        ),
        Ok(Some(schema)) if schema > schema_version() => Finding::critical(
            id,
            title,
            format!(
                "{version}; the data in {data_dir} is of schema {schema}, newer than this program's {}",
                schema_version()
            ),
            "Install the version that wrote the data, or a newer one.",
        ),
        Ok(Some(_)) if existing.record.is_none() => Finding::ok(
            id,
            title,
            format!("none yet; the data in {data_dir} is taken over"),
        ),
        Ok(_) => Finding::ok(id, title, version),
    }
}

fn live(session: &LiveSession, is_volatile: bool) -> Finding {
    let (id, title) = ("live", "Live session");
    let found = format!("started from {}", session.medium);
    if is_volatile {
        return Finding::warning(
            id,
            title,
            format!("{found}; the data would lie in memory"),
            "It is gone when the machine is switched off. Put it on a USB disk: --data-device",
        );
    }
    Finding::ok(id, title, format!("{found}; the data is kept"))
}

fn other_platform(layout: &Layout) -> Option<Finding> {
    const SIGNS: [&str; 4] = [
        "etc/systemd/system/thehive.service",
        "usr/lib/systemd/system/thehive.service",
        "lib/systemd/system/thehive.service",
        "opt/thehive",
    ];
    let sign = SIGNS.iter().find(|sign| layout.root().has(sign))?;
    Some(Finding::warning(
        "other",
        "Another platform",
        format!("TheHive is here (/{sign})"),
        "It stays as it is. Both want port 9000 and much memory: don't run both.",
    ))
}

#[cfg(test)]
mod tests {
    use super::{Existing, existing, live, other_platform, port_is_free};
    use crate::machine::installation::Layout;
    use crate::machine::port::Holder;
    use crate::machine::{LiveSession, Root, Verdict};
    use crate::storage::schema_version;

    #[test]
    fn a_port_is_free_ours_or_taken_by_somebody_with_a_name() {
        let holder = |process, program: &str| Holder {
            process: Some(process),
            program: program.to_owned(),
        };
        let none = Existing::default();
        let ours = Existing {
            has_socket: true,
            ..Existing::default()
        };
        assert_eq!(port_is_free(9000, None, &none).verdict, Verdict::Ok);
        let taken = port_is_free(9000, Some(&holder(77, "python3")), &none);
        assert_eq!(taken.verdict, Verdict::Critical);
        assert_eq!(taken.found, "9000 is taken by python3 (process 77)");
        assert!(taken.remedy.unwrap().contains("127.0.0.1:9001"));
        assert_eq!(
            port_is_free(9000, Some(&holder(1, "systemd")), &none).verdict,
            Verdict::Critical
        );
        assert_eq!(
            port_is_free(9000, Some(&holder(1, "systemd")), &ours).verdict,
            Verdict::Ok
        );
        assert_eq!(
            port_is_free(9000, Some(&holder(77, "skep")), &ours).verdict,
            Verdict::Ok
        );
        assert_eq!(
            port_is_free(9000, Some(&holder(77, "java")), &ours).verdict,
            Verdict::Critical
        );
    }

    #[test]
    fn data_of_a_newer_version_is_left_alone() {
        let none = Existing::default();
        let verdict = |schema| existing(&none, schema, "/d").verdict;
        assert_eq!(verdict(Ok(None)), Verdict::Ok);
        assert_eq!(verdict(Ok(Some(schema_version()))), Verdict::Ok);
        assert_eq!(verdict(Ok(Some(schema_version() + 1))), Verdict::Critical);
        assert_eq!(verdict(Err("x".to_owned())), Verdict::Critical);
    }

    #[test]
    fn a_live_session_is_no_obstacle() {
        let session = LiveSession {
            medium: "/cdrom".to_owned(),
            is_kept: false,
        };
        assert_eq!(live(&session, true).verdict, Verdict::Warning);
        assert_eq!(live(&session, false).verdict, Verdict::Ok);
    }

    #[test]
    fn another_platform_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(Root::at(folder.path()));
        assert_eq!(other_platform(&layout), None);
        std::fs::create_dir_all(folder.path().join("opt/thehive")).unwrap();
        assert_eq!(other_platform(&layout).unwrap().verdict, Verdict::Warning);
    }
}
