//! What each source of settings can do, and what is said when it is wrong.

use std::io::Write;

use super::{Flag, Loaded, load};
use crate::config::{Environment, Error, LogFormat, Origin};

const HOME: (&str, &str) = ("HOME", "/home/ana");

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn from_file(text: &str) -> Result<Loaded, Error> {
    load(Some(file(text).path()), &Environment::of(&[HOME]), &[])
}

fn from_environment(name: &str, value: &str) -> Result<Loaded, Error> {
    load(None, &Environment::of(&[HOME, (name, value)]), &[])
}

#[test]
fn the_later_source_wins_and_is_remembered() {
    let file =
        file("[server]\nlisten = '127.0.0.1:1'\n[limits]\nheaders_max = 7\nconnections_max = 8\n");
    let environment = Environment::of(&[
        HOME,
        ("SKEP_SERVER__LISTEN", "127.0.0.1:2"),
        ("SKEP_LIMITS__CONNECTIONS_MAX", "9"),
        ("SKEP_CONFIG", "is no setting"),
    ]);
    let flag = Flag {
        flag: "--listen",
        topic: "server",
        setting: "listen",
        value: "127.0.0.1:3".to_owned(),
    };
    let loaded = load(Some(file.path()), &environment, &[flag]).unwrap();
    assert_eq!(loaded.config.server.listen.port(), 3);
    assert_eq!(loaded.config.limits.connections_max.get(), 9);
    assert_eq!(loaded.config.limits.headers_max.get(), 7);
    assert_eq!(loaded.config.log.format, LogFormat::Text);
    assert_eq!(
        loaded.origin("server", "listen"),
        Origin::CommandLine("--listen")
    );
    assert_eq!(
        loaded.origin("limits", "connections_max"),
        Origin::Environment("SKEP_LIMITS__CONNECTIONS_MAX".to_owned())
    );
    assert_eq!(
        loaded.origin("limits", "headers_max"),
        Origin::File(file.path().to_owned())
    );
    assert_eq!(loaded.origin("log", "format"), Origin::Default);
}

#[test]
fn an_unknown_setting_is_refused_with_the_one_that_was_meant() {
    let said = |loaded: Result<Loaded, Error>| loaded.unwrap_err().to_string();
    let in_file = said(from_file("[server]\nlisen = '127.0.0.1:1'\n"));
    assert!(
        in_file.starts_with("The setting server.lisen in /"),
        "{in_file}"
    );
    assert!(
        in_file.ends_with("; did you mean server.listen?"),
        "{in_file}"
    );
    assert!(said(from_file("[sever]\n")).ends_with("did you mean server?"));
    assert!(
        said(from_file("[server]\nunheard = 1\n"))
            .ends_with("docs/CONFIGURATION.md lists those that do.")
    );
    assert_eq!(
        said(from_environment("SKEP_SERVER__LISEN", "x")),
        "The setting SKEP_SERVER__LISEN in the environment does not exist; did you mean SKEP_SERVER__LISTEN?"
    );
    assert_eq!(
        said(from_environment("SKEP_LISTEN", "x")),
        "The setting SKEP_LISTEN in the environment does not exist; did you mean SKEP_SERVER__LISTEN?"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused_with_its_place() {
    let said = from_environment("SKEP_LIMITS__HEADERS_MAX", "many")
        .unwrap_err()
        .to_string();
    assert!(
        said.starts_with(
            "The setting limits.headers_max in the environment is wrong: invalid type"
        ),
        "{said}"
    );
    assert!(from_environment("SKEP_LIMITS__HEADERS_MAX", "0").is_err());
    assert!(from_environment("SKEP_SERVER__LISTEN", "localhost").is_err());
    assert!(from_environment("SKEP_LOG__FORMAT", "xml").is_err());
    assert!(from_file("server = 3").is_err());
    assert!(from_file("[server").is_err());
}

#[test]
fn a_secret_may_lie_in_a_file() {
    let secret = file("postgres://ana:1234@db/skep\n");
    let path = secret.path().to_str().unwrap();
    let loaded = from_environment("SKEP_STORAGE__DATABASE_FILE", path).unwrap();
    let database = loaded.config.storage.database.clone().unwrap();
    assert_eq!(database.reveal(), "postgres://ana:1234@db/skep");
    assert!(!format!("{:?}", loaded.config).contains("1234"));
    assert_eq!(
        loaded.origin("storage", "database"),
        Origin::Environment("SKEP_STORAGE__DATABASE_FILE".to_owned())
    );
    let missing = from_environment("SKEP_STORAGE__DATABASE_FILE", "/nowhere/at/all");
    assert!(matches!(missing, Err(Error::SecretFile { .. })));
    // Only what is secret can be in a file of its own.
    assert!(from_environment("SKEP_SERVER__LISTEN_FILE", path).is_err());
}

#[test]
fn a_text_that_looks_like_a_number_stays_a_text() {
    let loaded = from_environment("SKEP_STORAGE__DATABASE", "1234").unwrap();
    assert_eq!(loaded.config.storage.database.unwrap().reveal(), "1234");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let missing = load(
        Some(std::path::Path::new("/nowhere/skep.toml")),
        &Environment::of(&[HOME]),
        &[],
    );
    assert!(
        missing
            .unwrap_err()
            .to_string()
            .starts_with("Cannot read the settings in /nowhere/skep.toml")
    );
}

#[test]
fn the_data_goes_into_the_home_folder() {
    let loaded = load(None, &Environment::of(&[HOME]), &[]).unwrap();
    assert_eq!(
        loaded.config.storage.data_dir.to_str(),
        Some("/home/ana/.local/share/skep")
    );
    let chosen = from_file("[storage]\ndata_dir = '~/hive'\n").unwrap();
    assert_eq!(
        chosen.config.storage.data_dir.to_str(),
        Some("/home/ana/hive")
    );
}

#[test]
fn the_master_key_may_be_a_credential_of_the_service_manager() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let environment = Environment::of(&[HOME, ("CREDENTIALS_DIRECTORY", path)]);
    let key = |loaded: &Loaded| {
        let key = loaded.config.login.master_key.as_ref();
        key.map(|key| key.reveal().to_owned())
    };
    // A unit may hand over other credentials than ours.
    assert_eq!(key(&load(None, &environment, &[]).unwrap()), None);
    let file_of_key = folder.path().join("master-key");
    std::fs::write(&file_of_key, "from the unit\n").unwrap();
    let loaded = load(None, &environment, &[]).unwrap();
    assert_eq!(key(&loaded).as_deref(), Some("from the unit"));
    assert_eq!(
        loaded.origin("login", "master_key"),
        Origin::Credential(file_of_key)
    );
    let settings = file("[login]\nmaster_key = 'from the file'\n");
    let loaded = load(Some(settings.path()), &environment, &[]).unwrap();
    assert_eq!(key(&loaded).as_deref(), Some("from the file"));
}

#[test]
fn a_bucket_is_set_from_every_source_and_its_keys_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s3-secret-key"), "hush\n").unwrap();
    std::fs::write(folder.path().join("key"), "also hush\n").unwrap();
    let key_file = folder.path().join("key").display().to_string();
    let environment = Environment::of(&[
        HOME,
        ("CREDENTIALS_DIRECTORY", folder.path().to_str().unwrap()),
        ("SKEP_S3__BUCKET", "files"),
        ("SKEP_S3__PATH_STYLE", "false"),
    ]);
    let settings = file(&format!(
        "[s3]\nbucket = 'others'\naccess_key_file = '{key_file}'\n"
    ));
    let loaded = load(Some(settings.path()), &environment, &[]).unwrap();
    let s3 = &loaded.config.s3;
    let text =
        |secret: &Option<crate::config::Secret>| secret.as_ref().unwrap().reveal().to_owned();
    assert_eq!((s3.bucket.as_str(), s3.path_style), ("files", false));
    assert_eq!(
        (text(&s3.access_key), text(&s3.secret_key)),
        ("also hush".to_owned(), "hush".to_owned())
    );
    let shown = loaded.print(true);
    assert!(!shown.contains("hush"), "{shown}");
    assert!(shown.contains("s3-secret-key"), "{shown}");
    assert!(shown.contains("# environment SKEP_S3__BUCKET"), "{shown}");
    let refused = from_environment("SKEP_S3__BUCKET", "files").unwrap_err();
    assert!(refused.to_string().contains("s3.access_key"), "{refused}");
}
