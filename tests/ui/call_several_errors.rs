use tollgate::call;

#[call::rate_limited("5/secnd", key = "{}", wait = "soon", nmae = "a")]
fn fetch() -> String {
    String::new()
}

fn main() {}
