//! x
use axum::{Router, body::Body, extract::Path, routing::get};
use tollgate::{rate_limited, with_metrics};
use tower::ServiceExt;

#[rate_limited("2/minute")]
#[with_metrics]
async fn hello(Path(name): Path<String>) -> String {
    name
}

mod up {
    #[utoipa::path(get, path = "/x", responses((status = 200, body = String)))]
    #[tollgate::rate_limited("2/minute")]
    pub async fn x() -> String {
        String::new()
    }
}
mod down {
    #[tollgate::rate_limited("2/minute")]
    #[utoipa::path(get, path = "/x", responses((status = 200, body = String)))]
    pub async fn x() -> String {
        String::new()
    }
}

#[tokio::test]
async fn smoke() {
    let app: Router = Router::new().route("/{name}", get(hello));
    for _ in 0..3 {
        let r = app.clone().oneshot(http::Request::get("/x").body(Body::empty()).unwrap()).await.unwrap();
        println!("{:?}", r);
    }
    let (_, doc) = utoipa_axum::router::OpenApiRouter::<()>::new()
        .routes(utoipa_axum::routes!(down::x))
        .split_for_parts();
    println!("{}", doc.to_pretty_json().unwrap());
    let (_, doc2) =
        utoipa_axum::router::OpenApiRouter::<()>::new().routes(utoipa_axum::routes!(up::x)).split_for_parts();
    assert_eq!(
        doc.to_pretty_json().unwrap().replace('a', ""),
        doc2.to_pretty_json().unwrap().replace('a', "")
    );
}
