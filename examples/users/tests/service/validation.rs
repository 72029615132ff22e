//! What is wrong with a request, and how it is told.

use crate::client::{problem, unlimited};

#[tokio::test]
async fn what_is_no_id_is_a_bad_request() {
    let client = unlimited().await;
    for id in ["ada", "1.5", "9223372036854775808", "%20"] {
        problem(&client.get(&format!("/users/{id}")).await, 400);
    }
    for id in ["0", "-1", "9223372036854775807"] {
        problem(&client.get(&format!("/users/{id}")).await, 404);
    }
}
