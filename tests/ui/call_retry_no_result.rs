use tollgate::call;

async fn instead() -> String {
    String::new()
}

#[call::retry(attempts = 3)]
async fn nothing() {}

#[call::retry(attempts = 3)]
async fn number() -> u32 {
    7
}

#[call::retry(attempts = 3)]
async fn option() -> Option<u32> {
    None
}

#[call::fallback(instead)]
async fn text() -> String {
    String::new()
}

fn main() {}
