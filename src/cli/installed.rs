//! Which installation is meant when nobody says: the one of this machine, if there is one.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::Settings;
use crate::config::{Environment, Loaded, Origin};
use crate::machine::installation::Layout;

/// The settings that were given; where none of them says where the data is, those of the installation.
pub(super) fn or_given(settings: Settings) -> Settings {
    let is_given = settings.config.is_some()
        || settings.data_dir.is_some()
        || settings.database.is_some()
        || Environment::of_process()
            .get("SKEP_STORAGE__DATA_DIR")
            .is_some();
    let file = Layout::real().settings();
    // A file that may not even be looked at is there: reading it will say why it can't be read.
    let is_there = match std::fs::metadata(&file) {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::PermissionDenied,
    };
    if is_given || !is_there {
        return settings;
    }
    Settings {
        config: Some(file),
        ..settings
    }
}

/// The file of the master key of this machine's installation, if it is the one that is looked after and its settings don't
/// give a key. The service gets it from the service manager; who works beside the service has to know where it is.
pub(super) fn key_of(loaded: &Loaded) -> Option<PathBuf> {
    let layout = Layout::real();
    let is_installed = loaded.origin("storage", "data_dir") == Origin::File(layout.settings());
    let has_key = loaded.config.login.master_key.is_some();
    (is_installed && !has_key).then(|| layout.master_key())
}
