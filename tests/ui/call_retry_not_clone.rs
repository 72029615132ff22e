use tollgate::{Rejected, call};

struct Letter;

#[call::retry(attempts = 3)]
async fn send(letter: Letter) -> Result<(), Rejected> {
    drop(letter);
    Ok(())
}

#[call::retry(attempts = 3)]
async fn both(name: &str, letter: Letter) -> Result<usize, Rejected> {
    drop(letter);
    Ok(name.len())
}

fn main() {}
