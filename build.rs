//! The program holds the files of the web UI, and has to be built anew when there are others.

fn main() {
    // A folder that is not there would be "changed" at every build. Where it can't be made, the UI is left out.
    drop(std::fs::create_dir_all("web/dist"));
    println!("cargo:rerun-if-changed=web/dist");
}
