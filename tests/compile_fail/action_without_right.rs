// error: expected `&Writing<'_, ManageComment>`, found `&Writing<'_, ManageTask>`

use skep::access::permission::needs;
use skep::access::{Result, Writing};

fn create_comment(_unit: &Writing<needs::ManageComment>) -> Result<()> {
    Ok(())
}

/// The guard of this handler asks for another right than the action it calls.
fn handle(unit: &Writing<needs::ManageTask>) -> Result<()> {
    create_comment(unit)
}

fn main() {
    let _ = handle;
}
