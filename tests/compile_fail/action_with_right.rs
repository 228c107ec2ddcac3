// compiles

use skep::access::permission::needs;
use skep::access::{Result, Writing};

fn create_comment(_unit: &Writing<needs::ManageComment>) -> Result<()> {
    Ok(())
}

/// One who may manage tasks has to be asked for the other right too.
fn handle(unit: &Writing<needs::ManageTask>) -> Result<()> {
    create_comment(&unit.demand::<needs::ManageComment>()?)
}

fn main() {
    let _ = handle;
}
