//! `skep rollback`: back to the version before the last upgrade, and to its data where the schema was changed since.

use std::path::Path;

use super::Setup;
use super::deed::{Deed, Step};
use super::install::print_steps;
use super::lock::Lock;
use super::outcome::{Error, Result};
use super::progress::Progress;
use super::upgrade::{agree, installed, is_embedded, start_again, step, unit_steps};
use super::version;
use super::work::Work;
use crate::machine::installation::{Previous, Record};
use crate::storage::exchange;

/// Returns to the previous version.
///
/// # Errors
/// Each with its exit status; see [`Error`].
pub fn rollback(yes: bool, dry_run: bool, setup: &Setup) -> Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Err(Error::NotRoot(setup.again.clone()));
    }
    let _lock = Lock::take(&setup.layout)?;
    let record = installed(setup)?;
    let Some(previous) = record.previous.clone() else {
        return Err(Error::Conflict(
            "There is no version to go back to.".to_owned(),
        ));
    };
    let program = setup.layout.program(&previous.version);
    let told = version::ask(&program).map_err(|why| {
        Error::Conflict(format!(
            "Version {} is not there any more: {why}.",
            previous.version
        ))
    })?;
    let schema = if is_embedded(&setup.layout)? {
        exchange::schema_in(&record.data_dir).map_err(|error| Error::Conflict(error.to_string()))?
    } else {
        None
    };
    let needs_data = schema.is_some_and(|schema| schema > told.schema_version);
    if needs_data && !previous.backup.exists() {
        return Err(Error::Conflict(format!(
            "Version {} cannot work with the data as it is now, and the copy {} is gone.",
            previous.version,
            previous.backup.display()
        )));
    }

    let steps = steps(&record, &previous, &program, needs_data, setup)?;
    setup.screen.title(&format!(
        "From Skep {} back to {}",
        record.version, previous.version
    ));
    print_steps(&steps, setup);
    setup.screen.insist(&if needs_data {
        format!(
            "\nEverything that was written since the upgrade is lost to the old version; the data of now is kept beside it in {}.",
            record.data_dir.display()
        )
    } else {
        "\nThe data stays as it is: both versions can work with it.".to_owned()
    });
    if dry_run {
        setup
            .screen
            .say("\nNothing was changed: this was a dry run.");
        return Ok(());
    }
    agree(yes, setup)?;
    let mut work = Work::new(&setup.layout, setup.interrupt, record);
    setup.screen.title("Going back");
    work.run(&steps, &Progress::on(setup.screen))?;
    let mut record = work.record;
    record.version = previous.version;
    record.previous = None;
    record.updated_at = setup.now_ms;
    record
        .write(&setup.layout)
        .map_err(Error::file("Cannot write", setup.layout.record()))?;
    setup
        .screen
        .insist(&format!("\nSkep {} runs.", record.version));
    Ok(())
}

fn steps(
    record: &Record,
    previous: &Previous,
    program: &Path,
    needs_data: bool,
    setup: &Setup,
) -> Result<Vec<Step>> {
    let mut exchange = unit_steps(program, record, &setup.layout)?;
    exchange.push(Deed::Link {
        path: setup.layout.link(),
        target: program.to_owned(),
    });
    exchange.push(Deed::Reload);
    if needs_data {
        exchange.push(Deed::RestoreDatabase {
            data_dir: record.data_dir.clone(),
            from: previous.backup.clone(),
        });
    }
    let mut steps = vec![step("Exchange", exchange)];
    steps.extend(start_again(record)?);
    Ok(steps)
}
