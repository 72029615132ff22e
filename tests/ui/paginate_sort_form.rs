//! Lists in other forms.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(-name))]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort("name"))]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort = name)]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, filter = [name, elevation])]
struct Four {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort())]
struct Five {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, filter)]
struct Six {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort = "name,elevation")]
struct Seven {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort(name desc))]
struct Eight {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
