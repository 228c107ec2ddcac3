//! What was answered, and by whom: a flag is stronger than the environment, that than what the installation has, that than
//! the default; a question is only asked where none of the first three spoke.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::outcome::{Error, Result};
use crate::config::Environment;
use crate::machine::installation::{DATA_DIR, Record};

/// Where it listens when nobody says where: on this machine only.
pub(super) const LISTEN_HERE: &str = "127.0.0.1:9000";
/// Where it listens for the whole network, IPv6 and IPv4.
pub(super) const LISTEN_ALL: &str = "[::]:9000";

/// What the command line gave.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--data-device`
    pub data_device: Option<String>,
    /// `--listen`
    pub listen: Option<String>,
    /// `--admin-password-file`
    pub admin_password_file: Option<PathBuf>,
    /// `--yes`
    pub yes: bool,
    /// `--dry-run`
    pub dry_run: bool,
    /// `--allow-low-resources`
    pub allow_low_resources: bool,
    /// `--ephemeral-ok`
    pub ephemeral_ok: bool,
    /// `--no-start`
    pub no_start: bool,
    /// `--no-enable`
    pub no_enable: bool,
}

/// Who gave an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Default,
    Installation,
    Question,
    Environment,
    Flag,
}

impl Source {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Installation => "as installed",
            Self::Question => "answered",
            Self::Environment => "from the environment",
            Self::Flag => "from the command line",
        }
    }
}

/// An answer and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer<T> {
    pub(super) value: T,
    pub(super) source: Source,
}

impl<T> Answer<T> {
    /// Whether a person may still be asked.
    pub(super) fn is_open(&self) -> bool {
        self.source == Source::Default
    }

    /// The answer to a question.
    pub(super) fn asked(value: T) -> Self {
        Self {
            value,
            source: Source::Question,
        }
    }
}

/// All that has to be known.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) data_dir: Answer<PathBuf>,
    pub(super) data_device: Option<String>,
    pub(super) listen: Answer<SocketAddr>,
    pub(super) password: Option<PathBuf>,
    pub(super) allow_low_resources: bool,
    pub(super) ephemeral_ok: bool,
    pub(super) yes: bool,
    pub(super) dry_run: bool,
    pub(super) no_start: bool,
    pub(super) no_enable: bool,
}

impl Answers {
    /// Puts the sources together.
    ///
    /// # Errors
    /// [`Error::Usage`] for an answer that makes no sense.
    pub(super) fn of(
        given: Given,
        environment: &Environment,
        record: Option<&Record>,
    ) -> Result<Self> {
        let from_environment = |name: &str| environment.get(name).map(ToOwned::to_owned);
        let is_set = |name: &str| {
            environment
                .get(name)
                .is_some_and(|value| !matches!(value, "0" | "no" | "false"))
        };
        let data_dir = pick(
            given.data_dir,
            from_environment("SKEP_DATA_DIR").map(PathBuf::from),
            record.map(|record| record.data_dir.clone()),
            PathBuf::from(DATA_DIR),
        );
        check_data_dir(&data_dir.value)?;
        let listen = pick(
            given.listen,
            from_environment("SKEP_LISTEN"),
            record.map(|record| record.listen.clone()),
            LISTEN_HERE.to_owned(),
        );
        let of_record = record.and_then(|record| record.data_device.clone());
        Ok(Self {
            data_dir,
            data_device: given
                .data_device
                .or_else(|| from_environment("SKEP_DATA_DEVICE"))
                .or(of_record),
            listen: Answer {
                value: address(&listen.value)?,
                source: listen.source,
            },
            password: given
                .admin_password_file
                .or_else(|| from_environment("SKEP_ADMIN_PASSWORD_FILE").map(PathBuf::from)),
            allow_low_resources: given.allow_low_resources || is_set("SKEP_ALLOW_LOW_RESOURCES"),
            ephemeral_ok: given.ephemeral_ok || is_set("SKEP_EPHEMERAL_OK"),
            yes: given.yes || is_set("SKEP_YES"),
            dry_run: given.dry_run,
            no_start: given.no_start,
            no_enable: given.no_enable,
        })
    }
}

fn pick<T>(flag: Option<T>, environment: Option<T>, installed: Option<T>, default: T) -> Answer<T> {
    let (value, source) = if let Some(value) = flag {
        (value, Source::Flag)
    } else if let Some(value) = environment {
        (value, Source::Environment)
    } else if let Some(value) = installed {
        (value, Source::Installation)
    } else {
        (default, Source::Default)
    };
    Answer { value, source }
}

/// An address, a port, or one of the words `local` and `network`.
pub(super) fn address(text: &str) -> Result<SocketAddr> {
    match text {
        "local" => return address(LISTEN_HERE),
        "network" => return address(LISTEN_ALL),
        _ => {}
    }
    let wrong = || {
        Error::Usage(format!(
            "--listen wants an address and a port like 192.168.1.5:9000, or local, or network; not {text}."
        ))
    };
    let address: SocketAddr = text.parse().map_err(|_| wrong())?;
    if address.port() == 0 {
        return Err(wrong());
    }
    Ok(address)
}

/// Whether the service could work there: its walls hide some folders from it.
pub(super) fn check_data_dir(folder: &Path) -> Result<()> {
    const HIDDEN: [&str; 5] = ["/home", "/root", "/run", "/tmp", "/var/tmp"];
    let is_plain = folder
        .to_str()
        .is_some_and(|text| !text.contains([' ', '%', '\\', '"', '\'', '\n', ':', '$']))
        && folder
            .components()
            .all(|part| !matches!(part, std::path::Component::ParentDir));
    let why = if !folder.is_absolute() || folder.parent().is_none() {
        "it has to be a whole path like /srv/skep"
    } else if let Some(hidden) = HIDDEN.iter().find(|hidden| folder.starts_with(hidden)) {
        return Err(Error::Usage(format!(
            "The data folder can't be {}: the service sees nothing of {hidden}, by design; choose one like /srv/skep.",
            folder.display()
        )));
    } else if !is_plain {
        "its name has characters that mean something to the service manager"
    } else {
        return Ok(());
    };
    Err(Error::Usage(format!(
        "The data folder can't be {}: {why}.",
        folder.display()
    )))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Answers, Given, Source, address, check_data_dir};
    use crate::config::Environment;

    #[test]
    fn a_flag_beats_the_environment_and_that_the_default() {
        let environment = Environment::of(&[
            ("SKEP_DATA_DIR", "/srv/a"),
            ("SKEP_LISTEN", "network"),
            ("SKEP_ALLOW_LOW_RESOURCES", "1"),
            ("SKEP_EPHEMERAL_OK", "0"),
        ]);
        let given = Given {
            data_dir: Some("/srv/b".into()),
            ..Given::default()
        };
        let answers = Answers::of(given, &environment, None).unwrap();
        assert_eq!(answers.data_dir.value, Path::new("/srv/b"));
        assert_eq!(answers.data_dir.source, Source::Flag);
        assert_eq!(answers.listen.value.to_string(), "[::]:9000");
        assert_eq!(answers.listen.source, Source::Environment);
        assert!(answers.allow_low_resources && !answers.ephemeral_ok);

        let answers = Answers::of(Given::default(), &Environment::default(), None).unwrap();
        assert!(answers.data_dir.is_open() && answers.listen.is_open());
        assert_eq!(answers.data_dir.value, Path::new("/var/lib/skep"));
        assert!(!answers.allow_low_resources);
    }

    #[test]
    fn yes_is_not_a_word_for_a_machine_that_is_too_small() {
        let given = Given {
            yes: true,
            ..Given::default()
        };
        let answers = Answers::of(given, &Environment::default(), None).unwrap();
        assert!(answers.yes && !answers.allow_low_resources && !answers.ephemeral_ok);
    }

    #[test]
    fn addresses_that_make_no_sense_are_told() {
        assert_eq!(address("local").unwrap().to_string(), "127.0.0.1:9000");
        for wrong in [
            "",
            "9000",
            "localhost:9000",
            "127.0.0.1:0",
            "127.0.0.1:99999",
        ] {
            assert_eq!(address(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn folders_that_the_service_cannot_see_are_told() {
        check_data_dir(Path::new("/srv/skep")).unwrap();
        for wrong in [
            "srv",
            "/",
            "/home/ana/skep",
            "/tmp/x",
            "/srv/a b",
            "/srv/../home",
            "/srv/%i",
        ] {
            assert_eq!(
                check_data_dir(Path::new(wrong)).unwrap_err().exit_code(),
                2,
                "{wrong}"
            );
        }
    }
}
