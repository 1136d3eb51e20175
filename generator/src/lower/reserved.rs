//! Stage 4, reserved names: the methods that the support code gives to a client, its builder and its requests, which no
//! service, setter or parameter can be called.

/// Those of the client.
pub(super) const CLIENT_METHODS: [&str; 6] = ["base_url", "builder", "clone", "from_env", "new", "request"];

/// Those of the builder.
pub(super) const BUILDER_METHODS: [&str; 24] = [
    "attempt_timeout",
    "base_url",
    "build",
    "clone",
    "connect_timeout",
    "has_credential",
    "header",
    "http_client",
    "idle_timeout",
    "into",
    "into_core",
    "into_ready",
    "max_response_bytes",
    "max_retries",
    "of",
    "set_basic",
    "set_credential",
    "set_token_source",
    "set_variable",
    "template",
    "timeout",
    "to_owned",
    "transport",
    "try_into",
];

/// Those of a request, and what the methods that make one call their own. A list in pages has more, and is none where
/// an option is called as one of them.
pub(super) const REQUEST_METHODS: [&str; 15] = [
    "call",
    "client",
    "clone",
    "header",
    "into_future",
    "max_retries",
    "new",
    "part",
    "query_parameter",
    "send",
    "send_blocking",
    "stream",
    "timeout",
    "with_raw_response",
    "with_response",
];

#[cfg(test)]
mod tests {
    use super::super::pagination::METHODS as LIST_METHODS;
    use super::*;

    /// The methods in the `impl` blocks of a source text that start with `head`.
    fn methods<'t>(source: &'t str, head: &str) -> Vec<&'t str> {
        let blocks = source.split(head).skip(1).map(|block| block.split("\n}").next().unwrap_or(block));
        let names =
            blocks.flat_map(|block| block.split("fn ").skip(1)).filter_map(|rest| rest.split(['(', '<']).next());
        names.filter(|name| !matches!(*name, "fmt" | "#ident" | "#new" | "#from_env")).collect()
    }

    fn assert_reserved(reserved: &[&str], source: &str, head: &str) {
        let methods = methods(source, head);
        assert!(!methods.is_empty(), "no `{head}`");
        for method in methods {
            assert!(reserved.contains(&method), "`{method}` of `{head}` is not reserved");
        }
    }

    #[test]
    fn all_methods_of_the_support_code_are_reserved() {
        assert_reserved(&BUILDER_METHODS, include_str!("../runtime/config.rs"), "impl ClientBuilder {");
        assert_reserved(&BUILDER_METHODS, include_str!("../emit/client.rs"), "impl ClientBuilder {");
        assert_reserved(&CLIENT_METHODS, include_str!("../emit/client.rs"), "impl Client {");
        assert_reserved(&REQUEST_METHODS, include_str!("../runtime/request.rs"), "impl<T, O> Request<T, O> {");
        assert_reserved(&REQUEST_METHODS, include_str!("../runtime/request.rs"), "macro_rules! requests {");
        assert_reserved(&REQUEST_METHODS, include_str!("../runtime/request.rs"), "macro_rules! stream {");
        assert_reserved(&REQUEST_METHODS, include_str!("../runtime/multipart.rs"), "macro_rules! parts {");
        let lists = include_str!("../runtime/paginate.rs");
        assert_reserved(&LIST_METHODS, lists, "impl<T, O: Paginated> Request<T, O> {");
    }
}
