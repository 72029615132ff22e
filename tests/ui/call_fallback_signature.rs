use tollgate::{Rejected, call};

struct Letter;

async fn of_a_number(_: u32) -> Result<(), Rejected> {
    Ok(())
}

fn not_async() -> Result<(), Rejected> {
    Ok(())
}

async fn of_another() -> Result<u32, Rejected> {
    Ok(7)
}

async fn of_a_letter(_: Letter) -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(of_a_number)]
async fn argument(_station: String) -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(not_async)]
async fn sync() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(of_another)]
async fn answer() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(missing)]
async fn unknown() -> Result<(), Rejected> {
    Ok(())
}

#[call::fallback(of_a_letter)]
async fn not_clone(_letter: Letter) -> Result<(), Rejected> {
    Ok(())
}

fn main() {}
