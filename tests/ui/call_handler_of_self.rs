use tollgate::rate_limited;

struct Client;

impl Client {
    #[rate_limited("5/second")]
    async fn fetch(&self, station: &str) -> Result<String, tollgate::Rejected> {
        Ok(station.to_owned())
    }
}

#[rate_limited("5/second")]
async fn fetch(station: &str) -> Result<String, tollgate::Rejected> {
    Ok(station.to_owned())
}

#[tollgate::authorize]
async fn guarded(station: &str) -> String {
    station.to_owned()
}

fn main() {}
