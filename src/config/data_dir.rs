//! Where the data goes when nobody says where.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::error::Error;

/// Where root's data goes when it has no home folder, as under a service manager.
const OF_ROOT: &str = "/var/lib/skep";

/// The default folder: the user's data folder.
pub(super) fn default_folder(environment: &Environment, is_root: bool) -> Result<PathBuf, Error> {
    let data_home = environment.get("XDG_DATA_HOME").map(Path::new);
    match (data_home, environment.get("HOME")) {
        // The XDG specification: a relative path is to be ignored.
        (Some(folder), _) if folder.is_absolute() => Ok(folder.join("skep")),
        (_, Some(home)) => Ok(Path::new(home).join(".local/share/skep")),
        (_, None) if is_root => Ok(PathBuf::from(OF_ROOT)),
        (_, None) => Err(Error::NoHome),
    }
}

/// The folder with the home folder in place of a leading `~`.
pub(super) fn expand(folder: &Path, environment: &Environment) -> Result<PathBuf, Error> {
    let Ok(rest) = folder.strip_prefix("~") else {
        return Ok(folder.to_owned());
    };
    let home = environment.get("HOME").ok_or(Error::NoHome)?;
    Ok(Path::new(home).join(rest))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{default_folder, expand};
    use crate::config::{Environment, Error};

    #[test]
    fn the_users_data_folder_is_the_default() {
        let folder = |variables: &[(&'static str, &'static str)], is_root| {
            default_folder(&Environment::of(variables), is_root)
        };
        let home = ("HOME", "/home/ana");
        assert_eq!(
            folder(&[home], false).unwrap(),
            Path::new("/home/ana/.local/share/skep")
        );
        assert_eq!(
            folder(&[home, ("XDG_DATA_HOME", "/data")], false).unwrap(),
            Path::new("/data/skep")
        );
        assert_eq!(
            folder(&[home, ("XDG_DATA_HOME", "relative")], false).unwrap(),
            Path::new("/home/ana/.local/share/skep")
        );
        assert_eq!(folder(&[], true).unwrap(), Path::new("/var/lib/skep"));
        assert!(matches!(folder(&[], false), Err(Error::NoHome)));
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        let environment = Environment::of(&[("HOME", "/home/ana")]);
        let expanded = |text| expand(Path::new(text), &environment).unwrap();
        assert_eq!(expanded("~/skep"), Path::new("/home/ana/skep"));
        assert_eq!(expanded("/srv/~"), Path::new("/srv/~"));
    }
}
