//! Between stages 4 and 5, [`Api`] → `Api`: takes out what the configuration leaves out, and puts the user's own types
//! in the place of others.
//!
//! Every name is settled by then, so that what is left out names nothing else.

use std::collections::HashSet;

use crate::configuration::{Configuration, Decisions, Entry, Selector};
use crate::dependencies;
use crate::diagnostic::{Code, Diagnostics, Place, Spot};
use crate::dialect::quirks::group;
use crate::ir::{Api, Operation, Service, Shape, TypeId, TypeRef, Types};
use crate::ledger::{LeftOut, Reason};
use crate::names::is_identifier;

/// Leaves out operations, and the types that only these or replaced types need, with what was said about them.
pub(crate) fn select(mut api: Api, decisions: &Decisions<'_>, diagnostics: &mut Diagnostics) -> Api {
    let Configuration { include, exclude, replace, .. } = decisions.configuration;
    if include.is_empty() && exclude.is_empty() && replace.is_empty() {
        return api;
    }
    let left_out = take_operations(&mut api.root, decisions);
    let is_nothing_left = api.operations().is_empty() && !left_out.is_empty();
    if let Some(entry) = exclude.iter().chain(include).next().filter(|_| is_nothing_left) {
        let message = "no operation is left to call: the configuration leaves out all that there are".to_owned();
        diagnostics.push(entry.warning(Code::NoOperations, message, "include more, or exclude less"));
    }
    let mut needless: Vec<TypeRef> = left_out.iter().flat_map(held).collect();
    needless.extend(replace_types(&mut api.types, decisions, diagnostics));
    let candidates = reached(&api.types, needless);
    let mut needed: Vec<TypeRef> = api.operations().iter().flat_map(|(_, one)| held(one)).collect();
    needed.extend(api.messages.iter().cloned());
    needed.extend(api.webhooks.iter().map(|webhook| webhook.ty.clone()));
    needed.extend(api.headers.iter().map(|header| header.ty.clone()));
    let others = api.types.iter().map(|(id, _)| id).filter(|id| !candidates.contains(id));
    needed.extend(others.map(TypeRef::Named));
    let needed = reached(&api.types, needed);
    let mut places: Vec<Place> = left_out.iter().map(|operation| operation.place.clone()).collect();
    api.left_out.extend(left_out.into_iter().filter(|operation| !operation.is_sibling).map(|operation| LeftOut {
        operation: format!("{} {}", operation.http_method, operation.template),
        place: operation.place,
        reason: Reason::Configuration,
    }));
    for id in candidates.difference(&needed) {
        let def = api.types.get_mut(*id);
        def.facts.left_out = true;
        def.shape = Shape::Alias(TypeRef::Value);
        places.push(def.place.clone());
    }
    api.schemas.retain(|(_, ty)| ty.named().is_none_or(|id| !api.types.get(id).facts.left_out));
    diagnostics.forget(|said| places.iter().any(|gone| is_within(said, gone)));
    api
}

/// Takes the operations out that the configuration leaves out, and the services without any.
fn take_operations(service: &mut Service, decisions: &Decisions<'_>) -> Vec<Operation> {
    let (kept, mut left_out): (Vec<_>, Vec<_>) =
        std::mem::take(&mut service.operations).into_iter().partition(|operation| is_kept(operation, decisions));
    service.operations = kept;
    for child in &mut service.children {
        left_out.extend(take_operations(child, decisions));
    }
    service.children.retain(|child| !child.operations.is_empty() || !child.children.is_empty());
    left_out
}

/// Every entry is asked, so that each one that is about an operation is known.
fn is_kept(operation: &Operation, decisions: &Decisions<'_>) -> bool {
    let any = |entries: &[Entry<Selector>]| {
        let selected = |entry: &&Entry<Selector>| {
            let id = operation.id.as_deref();
            entry.value.selects(&operation.tags, &operation.template, &operation.http_method, id)
        };
        let found: Vec<_> = entries.iter().filter(selected).collect();
        found.iter().for_each(|entry| decisions.mark(entry));
        for (entry, tag) in entries.iter().filter_map(|entry| Some((entry, entry.value.tag.as_ref()?))) {
            let names = operation.tags.iter().flat_map(|own| group(own).into_iter().chain([own.as_str()]));
            names.for_each(|name| decisions.suggest(entry, tag, name));
        }
        !found.is_empty()
    };
    let Configuration { include, exclude, .. } = decisions.configuration;
    let (included, excluded) = (include.is_empty() | any(include), any(exclude));
    included && !excluded
}

/// Puts types of the user's in the place of others; gives what those held.
fn replace_types(types: &mut Types, decisions: &Decisions<'_>, diagnostics: &mut Diagnostics) -> Vec<TypeRef> {
    let mut held = Vec::new();
    for entry in &decisions.configuration.replace {
        let found = types.iter().find(|(_, def)| def.ident.bare() == entry.value.from).map(|(id, _)| id);
        let Some(id) = found else { continue };
        decisions.mark(entry);
        let path = &entry.value.to;
        let root = path.split("::").next().unwrap_or_default();
        let (message, help) = if !is_path(path) {
            let help = "a path starts with the name of a crate, such as `uuid::Uuid`";
            (format!("`{path}` is no path of a type"), help.to_owned())
        } else if !dependencies::has(decisions.configuration, root) {
            let message = format!("`{path}` is in no package that the crate depends on");
            (message, format!("name `{root}` under `[dependencies]`"))
        } else {
            let def = types.get_mut(id);
            let before = std::mem::replace(&mut def.shape, Shape::Own(path.clone()));
            held.extend(before.held().into_iter().cloned());
            continue;
        };
        entry.refuse(Code::WrongConfiguration, message, &help, diagnostics);
    }
    held
}

/// Whether a text is the path of an item of another crate, as code writes it.
fn is_path(text: &str) -> bool {
    let starts_here = ["crate", "self", "super", "Self"].iter().any(|word| text.split("::").next() == Some(word));
    text.contains("::") && !starts_here && text.split("::").all(is_identifier)
}

fn held(operation: &Operation) -> Vec<TypeRef> {
    operation.sent().into_iter().chain(operation.received()).collect()
}

/// The named types in uses of types, and in what these hold.
fn reached(types: &Types, mut open: Vec<TypeRef>) -> HashSet<TypeId> {
    let mut reached = HashSet::new();
    while let Some(ty) = open.pop() {
        if let Some(id) = ty.named()
            && reached.insert(id)
        {
            open.extend(types.get(id).shape.held().into_iter().cloned());
        }
    }
    reached
}

fn is_within(said: &Place, gone: &Place) -> bool {
    let (Spot::Node(said_at) | Spot::Key(said_at)) = &said.spot else { return false };
    let (Spot::Node(gone_at) | Spot::Key(gone_at)) = &gone.spot else { return false };
    said.input == gone.input && said_at.is_within(gone_at)
}
