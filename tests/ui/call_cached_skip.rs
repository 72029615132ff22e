use tollgate::call;

#[call::cached(ttl = "5m", skip(dd))]
async fn misspelt(db: u32, iata: String) -> u32 {
    let _ = (db, iata);
    0
}

#[call::cached(ttl = "5m", skip = [db])]
async fn in_brackets(db: u32) -> u32 {
    db
}

#[call::cached(ttl = "5m", skip("db"))]
async fn in_quotes(db: u32) -> u32 {
    db
}

#[call::cached(ttl = "5m", skip(self), key = "{db}")]
async fn beside_key(db: u32) -> u32 {
    db
}

#[call::cached(ttl = "5m", skip(self))]
async fn no_receiver() -> u32 {
    0
}

fn main() {}
