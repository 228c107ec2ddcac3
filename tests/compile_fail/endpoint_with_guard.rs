// compiles

use axum::extract::Path;
use skep::access::Authenticated;

#[utoipa::path(get, path = "/api/v1/case/{id}", params(("id" = i64, Path)))]
async fn get_case(_by: Authenticated, Path(_id): Path<i64>) -> &'static str {
    "a case of the caller"
}

fn main() {
    let _ = skep::endpoints![get_case];
}
