//! Stage 4, pagination: how a list that comes in pages goes on, where the document leaves no doubt. An extension says
//! it, or names and types do: each rule asks for both ends, what a page gives and what the next request takes.

mod declared;
mod page;

use serde_json::Number;

use super::Lowerer;
use super::parameter::Parameters;
use crate::document::OperationNode;
use crate::document::http;
use crate::ir::{
    End, Field, Next, Pagination, Parameter, ParameterPlace, ParameterType, Payload, Presence, Primitive, Success,
    TypeRef,
};
use crate::names::snake_case;
use page::Beside;

/// The methods of requests whose lists come in pages.
pub(super) const METHODS: [&str; 2] = ["items", "pages"];

/// What the parameters are called that say how long a page is.
const LENGTHS: [&str; 9] =
    ["count", "items_per_page", "limit", "page_limit", "page_size", "per_page", "perpage", "pagesize", "size"];

/// What the parameters are called that count pages, and those that count items.
const PAGES: [&str; 2] = ["page", "page_number"];
const OFFSETS: [&str; 2] = ["offset", "skip"];

/// Names of texts that lead on, both as they are given and as they are sent.
const LEADING_ON: [&str; 4] = ["continuation", "continuation_token", "continue", "iterator"];

/// What an operation takes and gives, as far as pages go.
struct Ends<'p> {
    /// The parameters of the query, with their names in snake case.
    parameters: Vec<(String, &'p Parameter)>,
    /// The values beside the list.
    values: Vec<Beside>,
    items: Vec<String>,
    item: TypeRef,
}

impl Lowerer<'_> {
    /// How the list in the response goes on.
    pub(super) fn pagination(
        &mut self,
        input: usize,
        node: &OperationNode,
        parameters: &Parameters,
        success: &Success,
    ) -> Option<Pagination> {
        let Success::One(Payload::Json(body)) = success else { return None };
        let clashes = parameters.options.iter().any(|option| METHODS.contains(&option.ident.bare()));
        if node.method != "GET" || clashes {
            return None;
        }
        if let Some(declared) = self.declared_pagination(input, node, parameters, body) {
            return declared;
        }
        let (items, item) = self.list(body)?;
        let ends = Ends { parameters: of_query(parameters), values: self.values(body), items, item };
        let next = self.next(input, node, &ends)?;
        let last = flag(&ends.values).into_iter().chain(page_count(&next, &ends.values)).collect();
        Some(Pagination { items: ends.items, item: ends.item, next, ends: last })
    }

    fn next(&self, input: usize, node: &OperationNode, ends: &Ends<'_>) -> Option<Next> {
        if let Some(link) = self.link(input, node, ends) {
            return Some(link);
        }
        if let Some(led) = cursor(ends).or_else(|| last_id(ends)).or_else(|| self.last_item(ends)) {
            // Beside what leads on, numbers are another way through the list; which one counts is not known.
            let counts = ends.one_of(&[&PAGES[..], &OFFSETS[..]].concat()).filter(|one| is_integer(one));
            return counts.is_none_or(|counts| led.parameter() == Some(&counts.wire)).then_some(led);
        }
        match (self.page(input, node, ends), offset(ends)) {
            (Some(counted), None) | (None, Some(counted)) => Some(counted),
            _ => None,
        }
    }

    /// A link to the next page: in the header `Link`, or among the links of the body.
    fn link(&self, input: usize, node: &OperationNode, ends: &Ends<'_>) -> Option<Next> {
        let successes = node.responses.iter().filter(|(status, ..)| status.starts_with('2'));
        let mut headers = successes.flat_map(|(.., response)| &response.headers);
        if headers.any(|header| header.name.eq_ignore_ascii_case("link")) {
            return Some(Next::LinkHeader);
        }
        let is_link = |value: &&Beside| {
            let mut words = value.name.split('_');
            value.ty == Primitive::String
                && (words.any(|word| matches!(word, "url" | "uri" | "link" | "href"))
                    || value.around.iter().any(|name| name == "links")
                    || self.is_uri(input, node, &value.way))
        };
        let mut links = ends.values.iter().filter(|value| value.is_of_next()).filter(is_link);
        let link = links.next().filter(|_| links.next().is_none())?;
        Some(Next::Link { at: link.way.clone() })
    }

    /// The id of the last item, where that is what the next request takes.
    fn last_item(&self, ends: &Ends<'_>) -> Option<Next> {
        flag(&ends.values)?;
        let parameter = ends.one_of(&["starting_after", "after_id"])?;
        let is_id = |field: &&Field| field.wire == "id" && field.presence == Presence::Required;
        let id = self.struct_of(&ends.item)?.fields().find(is_id)?;
        let is_id = |ty: Primitive| ty == Primitive::String || ty.is_integer();
        matches!(self.bare(&id.ty), TypeRef::Primitive(ty) if is_id(*ty))
            .then(|| Next::LastItem { parameter: parameter.wire.clone(), at: vec![id.wire.clone()] })
    }

    /// The number of the page, where it is known from which one they count.
    fn page(&self, input: usize, node: &OperationNode, ends: &Ends<'_>) -> Option<Next> {
        let page = ends.one_of(&PAGES).filter(|page| is_integer(page))?;
        ends.length()?;
        let first = self.first_page(input, node, &page.wire)?;
        Some(Next::Page { parameter: page.wire.clone(), first })
    }

    /// The number of the first page, by the default or the least value of the parameter.
    fn first_page(&self, input: usize, node: &OperationNode, wire: &str) -> Option<u64> {
        let is_it = |one: &http::Parameter| one.place == http::ParameterPlace::Query && one.name == wire;
        let (_, parameter) = node.parameters.iter().find(|(_, parameter)| is_it(parameter))?;
        let schema = self.followed(self.document.schemas.at_reference(input, parameter.schema.as_ref()?)?);
        let default = schema.default.as_ref().and_then(serde_json::Value::as_u64);
        default
            .or_else(|| schema.minimum.as_ref().and_then(Number::as_f64).map(|minimum| minimum as u64))
            .filter(|first| *first <= 1)
    }
}

impl Ends<'_> {
    /// The parameter that has one of the names.
    fn one_of(&self, names: &[&str]) -> Option<&Parameter> {
        self.parameters.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, parameter)| *parameter)
    }

    /// The parameter that says how long a page is.
    fn length(&self) -> Option<&Parameter> {
        self.one_of(&LENGTHS).filter(|length| is_integer(length))
    }
}

impl Beside {
    /// Whether the value is about the next page.
    fn is_of_next(&self) -> bool {
        let words = || self.around.iter().chain([&self.name]).flat_map(|name| name.split('_'));
        words().any(|word| word == "next") && !words().any(|word| matches!(word, "prev" | "previous"))
    }

    /// Whether a parameter can take it: a text is no number.
    fn fits(&self, parameter: &Parameter) -> bool {
        self.ty.is_integer() || self.ty.is_text() && !is_integer(parameter)
    }

    /// Whether it is what a parameter of this name takes next: `next_cursor` or `cursor.next` for `cursor`, `next_page`
    /// for `page_token`.
    fn leads_on(&self, parameter: &str) -> bool {
        let core = |name: &str| {
            let words = name.split('_').filter(|word| !matches!(*word, "next" | "token"));
            words.collect::<Vec<_>>().join("_")
        };
        let same = |name: &str| name == parameter || core(name) == core(parameter) && !core(name).is_empty();
        if self.name == "next" {
            return self.around.last().is_some_and(|around| same(around));
        }
        let is_cursor = self.name == "end_cursor" && matches!(parameter, "after" | "cursor");
        let in_cursors = self.around.last().is_some_and(|around| around == "cursors") && self.name == parameter;
        let leads = LEADING_ON.contains(&parameter) && self.name == parameter;
        self.is_of_next() && same(&self.name) || is_cursor || in_cursors && parameter == "after" || leads
    }
}

/// The parameters of the query that take one value.
fn of_query(parameters: &Parameters) -> Vec<(String, &Parameter)> {
    let all = parameters.arguments.iter().chain(&parameters.options);
    let of_query = all.filter(|parameter| parameter.place == ParameterPlace::Query);
    let is_scalar = |ty: &ParameterType| matches!(ty, ParameterType::Scalar(_) | ParameterType::Scalars(_));
    let scalar = of_query.filter(|parameter| is_scalar(&parameter.ty));
    scalar.map(|parameter| (snake_case(&parameter.wire), parameter)).collect()
}

fn is_integer(parameter: &Parameter) -> bool {
    matches!(parameter.ty, ParameterType::Scalar(scalar) if scalar.is_integer())
}

/// A value that the next request takes as a parameter, where there is only one such pair.
fn cursor(ends: &Ends<'_>) -> Option<Next> {
    let pairs = ends.parameters.iter().flat_map(|(name, parameter)| {
        let values = ends.values.iter().filter(|value| value.leads_on(name) && value.fits(parameter));
        values.map(|value| (&parameter.wire, &value.way))
    });
    one(pairs).map(|(parameter, way)| Next::Cursor { parameter: parameter.clone(), at: way.clone() })
}

/// The id of the last item beside the list: `last_id` for `after`, `last_widget_id` for `start_after_widget_id`.
fn last_id(ends: &Ends<'_>) -> Option<Next> {
    flag(&ends.values)?;
    let pairs = ends.parameters.iter().flat_map(|(name, parameter)| {
        let name = name.strip_prefix("starting_").or_else(|| name.strip_prefix("start_")).unwrap_or(name);
        let last = match name.strip_prefix("after") {
            Some("" | "_id") => "last_id".to_owned(),
            Some(behind) => format!("last{behind}"),
            None => String::new(),
        };
        let values = ends.values.iter().filter(move |value| value.name == last && value.fits(parameter));
        values.map(|value| (&parameter.wire, &value.way))
    });
    one(pairs).map(|(parameter, way)| Next::Cursor { parameter: parameter.clone(), at: way.clone() })
}

/// The number of items before the page.
fn offset(ends: &Ends<'_>) -> Option<Next> {
    let offset = ends.one_of(&OFFSETS).filter(|offset| is_integer(offset))?;
    let names = LENGTHS.iter().chain(&["take", "top"]).copied().collect::<Vec<_>>();
    ends.one_of(&names).filter(|length| is_integer(length))?;
    Some(Next::Offset { parameter: offset.wire.clone() })
}

/// What says how many pages there are, where they are counted.
fn page_count(next: &Next, values: &[Beside]) -> Option<End> {
    const NAMES: [&str; 4] = ["num_pages", "number_of_pages", "total_page_count", "total_pages"];
    let is_count = |value: &&Beside| NAMES.contains(&value.name.as_str()) && value.ty.is_integer();
    let counts = values.iter().filter(is_count).map(|value| End::Pages { at: value.way.clone() });
    one(counts.filter(|_| matches!(next, Next::Page { .. })))
}

/// What says whether there is more.
fn flag(values: &[Beside]) -> Option<End> {
    let ends = values.iter().filter(|value| value.ty == Primitive::Bool).filter_map(|value| {
        let at_end = match value.name.as_str() {
            "has_more" | "has_more_items" | "has_next" | "has_next_page" | "more" => false,
            "done" | "is_last" | "is_last_page" => true,
            _ => return None,
        };
        Some(End::Flag { at: value.way.clone(), value: at_end })
    });
    one(ends)
}

/// The only one of them.
fn one<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}
