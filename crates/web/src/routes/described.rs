//! Routes together with what describes them. The description is made when somebody asks for it: what makes it is
//! megabytes of program, which a server that serves a school need not hold in memory.

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, Route};
use tower::{Layer, Service};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::app::App;

type Describe = fn() -> UtoipaMethodRouter<App>;

/// The operations of one path.
pub(super) struct Operations {
    path: String,
    handlers: MethodRouter<App>,
    describe: Describe,
}

impl Operations {
    pub(super) fn new(path: String, handlers: MethodRouter<App>, describe: Describe) -> Self {
        Self { path, handlers, describe }
    }
}

/// The operations of one path, by the names of their handlers: `routes!(get_draft, save_draft)`.
macro_rules! routes {
    ($first:ident $(, $other:ident)*) => {
        pastey::paste! {{
            use utoipa::Path;
            use utoipa_axum::PathItemExt;
            let handlers = axum::routing::MethodRouter::new();
            let handlers = [<__path_ $first>]::methods().iter().fold(handlers, |all, method| all.on(method.to_method_filter(), $first));
            $(
                let handlers = [<__path_ $other>]::methods().iter().fold(handlers, |all, method| all.on(method.to_method_filter(), $other));
            )*
            let describe = || utoipa_axum::routes!($first $(, $other)*);
            crate::routes::described::Operations::new([<__path_ $first>]::path(), handlers, describe)
        }}
    };
}
pub(super) use routes;

/// Like [`OpenApiRouter`], with a description that comes later.
pub(super) struct Routes {
    router: Router<App>,
    describe: Vec<Describe>,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self { router: Router::new(), describe: Vec::new() }
    }

    pub(super) fn routes(mut self, operations: Operations) -> Self {
        self.describe.push(operations.describe);
        Self { router: self.router.route(&operations.path, operations.handlers), ..self }
    }

    pub(super) fn merge(mut self, other: Self) -> Self {
        self.describe.extend(other.describe);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// A layer for what was added so far.
    pub(super) fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<std::convert::Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        Self { router: self.router.layer(layer), ..self }
    }

    pub(super) fn into_router(self) -> Router<App> {
        self.router
    }

    /// What describes them, added to what is said of all.
    pub(super) fn described(self, of_all: OpenApi) -> OpenApi {
        self.describe.into_iter().fold(OpenApiRouter::with_openapi(of_all), |all, describe| all.routes(describe())).into_openapi()
    }
}
