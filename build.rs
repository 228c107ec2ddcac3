//! The program holds the files of the web UI, and has to be built anew when there are others. The catalogues that it
//! brings along are compressed here.

use std::path::{Path, PathBuf};

/// What is kept in the repository to be read, and in the program to be small.
const COMPRESSED: &[&str] = &[
    "src/vocabulary/pattern/embedded/enterprise-attack.json",
    "src/vocabulary/pattern/embedded/mobile-attack.json",
    "src/vocabulary/pattern/embedded/ics-attack.json",
    "src/vocabulary/taxonomy/embedded/misp-taxonomies.json",
    // The description of the API, for a release; a test keeps it the same as the one that is made of the handlers.
    "web/src/api/openapi.json",
];

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by its environment where to write"
)]
fn main() -> std::io::Result<()> {
    // A folder that is not there would be "changed" at every build. Where it can't be made, the UI is left out.
    drop(std::fs::create_dir_all("web/dist"));
    println!("cargo:rerun-if-changed=web/dist");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(std::io::ErrorKind::NotFound)?);
    for file in COMPRESSED {
        println!("cargo:rerun-if-changed={file}");
        let name = Path::new(file)
            .file_name()
            .ok_or(std::io::ErrorKind::NotFound)?;
        let packed = zstd::encode_all(&*std::fs::read(file)?, 19)?;
        std::fs::write(out.join(name).with_extension("json.zst"), packed)?;
    }
    Ok(())
}
