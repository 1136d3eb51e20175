//! Stage 4, pagination as extensions declare it: what `x-fern-pagination` and `x-speakeasy-pagination` say.

use serde_json::Value;

use super::super::Lowerer;
use super::super::parameter::Parameters;
use super::{of_query, one};
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::ir::{End, Next, Pagination, TypeRef};

const FERN: &str = "x-fern-pagination";
const SPEAKEASY: &str = "x-speakeasy-pagination";

/// What an extension says, by the names in it.
#[derive(Default)]
struct Declared {
    results: Option<Vec<String>>,
    /// What says whether there is more.
    has_more: Option<Vec<String>>,
    next: Option<Way>,
}

/// How the next page is asked for.
enum Way {
    Cursor { parameter: String, at: Vec<String> },
    Link(Vec<String>),
    Page(String),
    Offset(String),
}

impl Lowerer<'_> {
    /// The pagination that an extension declares. Outer `None`: there is no such extension; inner `None`: what it says
    /// cannot be done, which is reported.
    pub(super) fn declared_pagination(
        &mut self,
        input: usize,
        node: &OperationNode,
        parameters: &Parameters,
        body: &TypeRef,
    ) -> Option<Option<Pagination>> {
        let extension = |name: &'static str| Some((name, node.operation.extensions.get(name)?));
        let (name, value) = extension(FERN).or_else(|| extension(SPEAKEASY))?;
        if !value.is_object() {
            // It refers to what holds for the whole document, or says no.
            return value.as_bool().is_some_and(|on| !on).then_some(None);
        }
        let declared = if name == FERN { fern(value) } else { speakeasy(value) };
        let pagination = self.pagination_of(input, node, parameters, body, declared);
        if pagination.is_none() {
            let place = Place { input, spot: Spot::Key(node.at.key(name)) };
            let message = format!("`{name}` names no parameter of the query or no list that there is");
            self.warn(Code::UnsupportedKeyword, place, message, "the pages have to be asked for one by one");
        }
        Some(pagination)
    }

    fn pagination_of(
        &self,
        input: usize,
        node: &OperationNode,
        parameters: &Parameters,
        body: &TypeRef,
        declared: Declared,
    ) -> Option<Pagination> {
        let (items, item) = match declared.results {
            Some(way) => {
                let item = self.item_at(body, &way)?;
                (way, item)
            }
            None => self.list(body)?,
        };
        let query = of_query(parameters);
        let known = |wire: &String| query.iter().any(|(_, parameter)| parameter.wire == *wire);
        let next = match declared.next? {
            Way::Cursor { parameter, at } => known(&parameter).then_some(Next::Cursor { parameter, at })?,
            Way::Link(at) => Next::Link { at },
            Way::Page(parameter) => {
                let first = self.first_page(input, node, &parameter).unwrap_or(1);
                known(&parameter).then_some(Next::Page { parameter, first })?
            }
            Way::Offset(parameter) => known(&parameter).then_some(Next::Offset { parameter })?,
        };
        let values = self.values(body);
        let flag = declared.has_more.map(|at| End::Flag { at, value: false }).or_else(|| super::flag(&values));
        let ends = flag.into_iter().chain(super::page_count(&next, &values)).collect();
        Some(Pagination { items, item, next, ends })
    }

    /// What the list at the end of a way consists of.
    fn item_at(&self, body: &TypeRef, way: &[String]) -> Option<TypeRef> {
        let end = way.iter().try_fold(body, |ty, name| {
            self.struct_of(ty)?.fields().find(|field| field.wire == *name).map(|field| &field.ty)
        });
        match self.bare(end?) {
            TypeRef::List(item) => Some((**item).clone()),
            _ => None,
        }
    }
}

/// `cursor`, `next_cursor`, `results` and their like, as `$request.cursor` and `$response.data.next`.
fn fern(value: &Value) -> Declared {
    let way = |key: &str| {
        let text = value.get(key)?.as_str()?;
        Some(text.strip_prefix("$response")?.split('.').skip(1).map(str::to_owned).collect::<Vec<_>>())
    };
    let parameter = |key: &str| {
        let text = value.get(key)?.as_str()?.strip_prefix("$request.")?;
        Some(text.rsplit('.').next().unwrap_or(text).to_owned())
    };
    let next = match (parameter("cursor"), parameter("offset"), way("next_uri")) {
        (Some(parameter), ..) => way("next_cursor").map(|at| Way::Cursor { parameter, at }),
        // With a step it counts items, without one pages.
        (_, Some(parameter), _) if value.get("step").is_some() => Some(Way::Offset(parameter)),
        (_, Some(parameter), _) => Some(Way::Page(parameter)),
        (.., link) => link.map(Way::Link),
    };
    Declared { results: way("results"), has_more: way("has-next-page"), next }
}

/// `type`, `inputs` and `outputs`, as `$.data.next`.
fn speakeasy(value: &Value) -> Declared {
    let way = |key: &str| {
        let text = value.get("outputs")?.get(key)?.as_str()?;
        Some(text.strip_prefix('$')?.split('.').skip(1).map(str::to_owned).collect::<Vec<_>>())
    };
    let inputs = value.get("inputs").and_then(Value::as_array);
    let input = |kind: &str| {
        let is_it = |input: &&Value| input["type"] == kind && input["in"] == "parameters";
        one(inputs.into_iter().flatten().filter(is_it))?["name"].as_str().map(str::to_owned)
    };
    let next = match value["type"].as_str() {
        Some("cursor") => input("cursor").zip(way("nextCursor")).map(|(parameter, at)| Way::Cursor { parameter, at }),
        Some("offsetLimit") => input("offset").map(Way::Offset).or_else(|| input("page").map(Way::Page)),
        Some("url") => way("nextUrl").map(Way::Link),
        _ => None,
    };
    Declared { results: way("results"), has_more: None, next }
}
