//! Stage 2, request lines: holds what stands under the title of a page against the operation that the page describes.
//! The line alone says where the API is, so one that is not understood costs the base URL.

use serde_json::{Map, Value};

use super::METHODS;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Severity, Spot};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::uri;

/// Reports a request line that is missing, or that is that of another operation.
pub(super) fn check(source: &Source, diagnostics: &mut Diagnostics) {
    let Some(page) = &source.page else { return };
    let paths = source.value.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::iter);
    let methods = |item: &Value| METHODS.iter().filter(|method| item.get(method).is_some()).copied().collect();
    let paths: Vec<(&String, Vec<&str>)> = paths.map(|(path, item)| (path, methods(item))).collect();
    let Some((path, _)) = paths.first() else { return };
    let has_servers = source.value.get("servers").is_some();
    let line = format!("{} {}", page.method.as_deref().unwrap_or_default(), page.url.as_deref().unwrap_or_default());
    let (line, help) = (line.trim(), "a request line is the method and the URL of the operation, alone on a line");
    let mut called =
        paths.iter().filter(|(path, _)| page.url.as_deref().is_some_and(|url| uri::base(url, path).is_some()));
    let message = match &page.method {
        None if has_servers => return,
        None => "this page has no request line under its title, and nothing else says where the API is".to_owned(),
        Some(_) if called.clone().next().is_none() => {
            let lost = if has_servers { "" } else { "; where the API is stays unknown" };
            format!("the request line `{line}` is not that of `{path}`, which the page describes{lost}")
        }
        Some(method) if called.any(|(_, methods)| methods.contains(&method.to_ascii_lowercase().as_str())) => {
            if has_servers || page.url.as_deref().is_some_and(|url| url.contains("://")) {
                return;
            }
            format!("the request line `{line}` names no host, and nothing else says where the API is")
        }
        Some(_) => format!("the request line `{line}` has another method than the description, which counts"),
    };
    let spot = page.header_line.map_or(Spot::Node(Pointer::root()), |line| Spot::Line(line, 1));
    let place = Place { input: source.input, spot };
    diagnostics.push(Diagnostic::new(Severity::Warning, Code::RequestLine, place, message).help(help));
}
