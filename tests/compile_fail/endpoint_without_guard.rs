// error: a handler's first argument has to be a guard: `Authorized<…>`, `Authenticated` or `Public`

use axum::extract::Path;

/// Anybody could call it: it never asks who calls.
#[utoipa::path(get, path = "/api/v1/case/{id}", params(("id" = i64, Path)))]
async fn get_case(Path(_id): Path<i64>) -> &'static str {
    "somebody's case"
}

fn main() {
    let _ = skep::endpoints![get_case];
}
