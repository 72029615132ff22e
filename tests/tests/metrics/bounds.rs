//! Whatever clients send, the set of series is bounded, and what is counted is exact.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::response::IntoResponse;
use axum::routing::{any, get};
use futures_util::stream;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Version};
use http_body_util::BodyExt;
use tollgate::{MetricsLayer, with_metrics};
use tollgate_tests::{Service, request, site};

use crate::support::{abandon, active, answer, data, never, requests, samples, series, text};

/// Samples of one histogram: its sum, its count, fourteen boundaries and infinity.
const HISTOGRAM: usize = 17;

#[with_metrics]
async fn anything() -> &'static str {
    "anything"
}

#[with_metrics]
async fn echoed(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
}

fn service() -> Service {
    let router = Router::new()
        .route("/anything/{*path}", any(anything))
        .route("/echo/{status}", get(echoed))
        .layer(MetricsLayer::new());
    Service::of(router)
}

#[tokio::test]
async fn ten_thousand_unknown_paths_are_one_series() {
    let service = service();
    let before = series(&service.tollgate);
    for number in 0..10_000_u32 {
        let path = match number % 4 {
            0 => format!("/{number}"),
            1 => format!("/%{:02x}/%0a%22%7d{number}", number % 256),
            2 => format!("//{number}///?a={number}"),
            _ => format!("/../{number}/%2e%2e/\u{7e}"),
        };
        answer(&service, tollgate_tests::get(&path)).await.into_body().collect().await.unwrap();
    }
    assert_eq!(requests(&service.tollgate), ["GET _unmatched 404: 10000 in 0.0"]);
    assert_eq!(series(&service.tollgate) - before, HISTOGRAM);
}

#[tokio::test]
async fn paths_below_a_route_are_one_series() {
    let service = service();
    for number in 0..1_000 {
        service.get(&format!("/anything/{number}/%ff%00{number}")).await;
    }
    assert_eq!(requests(&service.tollgate), ["GET /anything/{*path} 200: 1000 in 0.0"]);
}

#[tokio::test]
async fn invented_methods_are_one_series() {
    let service = service();
    let webdav =
        ["PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "REPORT", "ACL"];
    let invented = (0..1_000).map(|number| format!("X{number}"));
    for method in webdav.map(str::to_owned).into_iter().chain(invented) {
        let method: Method = method.parse().unwrap();
        service.send(request(method.clone(), "/anything/a")).await;
        service.send(request(method, "/nowhere")).await;
    }
    assert_eq!(
        requests(&service.tollgate),
        ["_OTHER /anything/{*path} 200: 1010 in 0.0", "_OTHER _unmatched 404: 1010 in 0.0"]
    );
}

#[tokio::test]
async fn hosts_agents_protocols_and_versions_are_no_labels() {
    let service = service();
    service.get("/anything/a").await;
    let before = series(&service.tollgate);
    let fields = ["host", "user-agent", "x-forwarded-proto", "x-forwarded-for", "forwarded", "traceparent"];
    for number in 0..40_u8 {
        let mut request = tollgate_tests::get("/anything/a");
        for field in fields {
            let value = HeaderValue::from_bytes(&[b'a', number + 40, 0xff]).unwrap();
            request.headers_mut().append(HeaderName::from_static(field), value);
        }
        let versions =
            [Version::HTTP_09, Version::HTTP_10, Version::HTTP_11, Version::HTTP_2, Version::HTTP_3];
        *request.version_mut() = versions[usize::from(number) % 5];
        service.send(request).await;
    }
    for number in 0..40 {
        service.get(&format!("s{number}://host{number}/anything/a")).await;
    }
    assert_eq!(series(&service.tollgate), before);
    assert_eq!(requests(&service.tollgate), ["GET /anything/{*path} 200: 81 in 0.0"]);
}

#[tokio::test]
async fn statuses_that_a_handler_echoes_are_as_many_as_there_are() {
    let service = service();
    let before = series(&service.tollgate);
    for status in 0..=1_100 {
        answer(&service, tollgate_tests::get(&format!("/echo/{status}"))).await;
    }
    // 100 to 999; whatever is none became a 400.
    assert_eq!(series(&service.tollgate) - before, 900 * HISTOGRAM);
    let requests = requests(&service.tollgate);
    assert_eq!(requests.len(), 900);
    let counted = |line: &str| requests.iter().any(|own| own == line);
    assert!(counted("GET /echo/{status} 400: 202 in 0.0"));
    for status in [100, 101, 200, 204, 499] {
        assert!(counted(&format!("GET /echo/{{status}} {status}: 1 in 0.0")), "{status}");
    }
    for status in [500, 503, 600, 999] {
        assert!(counted(&format!("GET /echo/{{status}} {status} {status}: 1 in 0.0")), "{status}");
    }
}

#[tokio::test]
async fn routers_that_are_made_of_what_clients_send_end_up_as_one_route() {
    let service = Service::of(Router::new());
    let mut requests_sent = 0;
    for number in 0..10_050 {
        let router =
            Router::new().route(&format!("/{number}"), get(anything)).layer(service.tollgate.layer());
        let answer = tollgate_tests::send(&router, tollgate_tests::get(&format!("/{number}"))).await;
        assert_eq!(answer.status, StatusCode::OK);
        requests_sent += 1;
    }
    let text = text(&service.tollgate);
    let counts = samples(&text, "http_server_request_duration_seconds_count");
    assert_eq!(counts.len(), 10_001, "ten thousand routes, and one for all others");
    let counted: u64 = counts.iter().map(|(_, count)| count.parse::<u64>().unwrap()).sum();
    assert_eq!(counted, requests_sent);
    let unmatched = counts.iter().find(|(labels, _)| labels.contains("_unmatched")).unwrap();
    assert_eq!(unmatched.1, "50");
}

#[tokio::test]
async fn tollgates_of_one_process_keep_separate_registries() {
    let services = [service(), service(), service()];
    for (number, service) in services.iter().enumerate() {
        for _ in 0..number {
            service.get("/anything/a").await;
        }
    }
    assert_eq!(requests(&services[0].tollgate), [""; 0]);
    for number in [1, 2] {
        let expected = format!("GET /anything/{{*path}} 200: {number} in 0.0");
        assert_eq!(requests(&services[number].tollgate), [expected]);
        let counts = format!("with_metrics completed {number}");
        assert_eq!(services[number].counts(site!(anything)), counts);
    }
}

#[tokio::test]
async fn a_clone_of_a_tollgate_has_the_same_registry() {
    let service = service();
    let clone = service.tollgate.clone();
    service.get("/anything/a").await;
    assert_eq!(requests(&clone), requests(&service.tollgate));
}

#[with_metrics]
async fn moody(Path(mood): Path<String>) -> axum::response::Response {
    match mood.as_str() {
        // Without the report: there are many of them.
        "panic" => std::panic::resume_unwind(Box::new("a handler panics")),
        "never" => never().await,
        "yield" => tokio::task::yield_now().await,
        "fail" => return Body::from_stream(stream::iter([Ok("first"), Err("broken")])).into_response(),
        _ => {}
    }
    Body::from_stream(stream::iter([Ok::<_, &str>(Bytes::from_static(b"first")), Ok(Bytes::new())]))
        .into_response()
}

/// One request that ends as `mood` says; everything but a panic is caught.
async fn suffer(service: &Service, mood: &'static str) {
    let ask = move || tollgate_tests::get(&format!("/{mood}"));
    match mood {
        "never" => abandon(answer(service, ask())),
        "leave" => {
            data(&mut answer(service, ask()).await.into_body()).await;
        }
        "panic" => {
            let service = service.clone();
            let asked = async move { answer(&service, ask()).await };
            assert!(tokio::spawn(asked).await.unwrap_err().is_panic());
        }
        "fail" => assert!(answer(service, ask()).await.into_body().collect().await.is_err()),
        _ => {
            answer(service, ask()).await.into_body().collect().await.unwrap();
        }
    }
}

const MOODS: [&str; 6] = ["never", "leave", "panic", "fail", "yield", "calm"];

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn requests_of_eight_tasks_at_once_are_counted_exactly() {
    for router in [
        Router::new().route("/{mood}", get(moody)),
        Router::new().route("/{mood}", get(moody)).layer(MetricsLayer::new()),
    ] {
        let service = Service::of(router);
        let task = |_| {
            let service = service.clone();
            tokio::spawn(async move {
                for number in 0..300 {
                    suffer(&service, MOODS[number % MOODS.len()]).await;
                    // A scrape in the midst of it all disturbs nobody.
                    if number % 50 == 0 {
                        assert!(active(&service.tollgate) <= 8);
                    }
                }
            })
        };
        for task in (0..8).map(task).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(
            requests(&service.tollgate),
            [
                "GET /{mood} - cancelled: 400 in 0.0",
                "GET /{mood} - panic: 400 in 0.0",
                "GET /{mood} 200 body: 400 in 0.0",
                "GET /{mood} 200 cancelled: 400 in 0.0",
                "GET /{mood} 200: 800 in 0.0",
            ]
        );
        let counts = "with_metrics completed 800, cancelled 800, failed 400, panicked 400";
        assert_eq!(service.counts(site!(moody)), counts);
        assert_eq!(active(&service.tollgate), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_route_that_many_ask_for_first_at_once_is_one() {
    for _ in 0..20 {
        let service = service();
        let asked = Arc::new(AtomicU64::new(0));
        let task = |number: u16| {
            let (service, asked) = (service.clone(), Arc::clone(&asked));
            tokio::spawn(async move {
                for status in 200..220 {
                    let path = format!("/echo/{}", status + number % 2);
                    answer(&service, Request::get(path).body(Body::empty()).unwrap()).await;
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        for task in (0..8).map(task).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let counts = samples(&text(&service.tollgate), "http_server_request_duration_seconds_count");
        let counted: u64 = counts.iter().map(|(_, count)| count.parse::<u64>().unwrap()).sum();
        assert_eq!((counts.len(), counted), (21, asked.load(Ordering::Relaxed)));
    }
}

#[tokio::test]
async fn a_template_with_quotes_is_escaped() {
    let service = Service::of(Router::new().route("/a\"b", get(anything)));
    service.get("/a\"b").await;
    let text = text(&service.tollgate);
    let [(labels, _)] = &samples(&text, "http_server_request_duration_seconds_count")[..] else {
        panic!("one series: {text}")
    };
    assert!(labels.contains(r#"http_route="/a\"b","#), "{labels}");
}
