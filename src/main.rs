//! The program: reads the command line and leaves with an exit code.
#![forbid(unsafe_code)]

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    match skep::cli::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => skep::cli::end(&error),
    }
}
