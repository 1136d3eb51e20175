//! Stage 4, operations that several texts describe: which description counts, and what goes with the others.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Lowerer;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::external;
use crate::document::schema::SchemaId;
use crate::document::{Document, OperationNode, Part};
use crate::ledger::{LeftOut, Reason};
use crate::uri::without_names;

impl Lowerer<'_> {
    /// The operations by the index of their part and their own. Of several descriptions of one operation in several
    /// texts the first counts, which is the newest; within one text, paths that differ in the names of their parameters
    /// alone are kept, and so are operations of several texts that are told apart by more than the request line.
    pub(super) fn described_once(&mut self) -> Vec<(usize, usize)> {
        let mut seen: HashMap<(String, String), Vec<(usize, usize)>> = HashMap::new();
        let (mut kept, mut said, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for (part, texts) in self.document.parts.iter().enumerate() {
            for (index, node) in texts.operations.iter().enumerate() {
                let call = format!("{} {}", node.method, node.path);
                let place = Place { input: texts.input, spot: Spot::Key(node.at.clone()) };
                let same = seen.entry((node.method.clone(), without_names(&self.whole_url(node)))).or_default();
                if let Some(first) = same.iter().find(|(other, _)| *other == part) {
                    let OperationNode { method, path, .. } = &texts.operations[first.1];
                    let message = format!("`{call}` is the same request as `{method} {path}`; both are kept");
                    said.push((place, message, "write one path for both"));
                } else if let Some(first) = same.iter().find(|first| self.is_one_operation(**first, (part, index))) {
                    let used = external::text(self.document.parts[first.0].input);
                    let message = format!("`{call}` is described in more than one text; that in `{used}` is used");
                    left_out.push(LeftOut {
                        operation: call,
                        place: place.clone(),
                        reason: Reason::DescribedElsewhere,
                    });
                    said.push((place, message, "the newest description is used, of equally new ones the first"));
                    continue;
                }
                same.push((part, index));
                kept.push((part, index));
            }
        }
        for (place, message, help) in said {
            self.warn(Code::DuplicateOperation, place, message, help);
        }
        self.document.left_out.extend(left_out);
        self.forget_older(&kept.iter().copied().collect());
        kept
    }

    /// Whether operations of two texts with one request line are one operation. A server can tell them apart by the
    /// constants in their bodies, and pages of one generation by what they call them: a plain call and one that streams
    /// are two pages.
    fn is_one_operation(&self, first: (usize, usize), second: (usize, usize)) -> bool {
        let part = |(part, _): (usize, usize)| &self.document.parts[part];
        let node = |of: (usize, usize)| &part(of).operations[of.1];
        let is_page = |of| part(of).page.is_some();
        let id = |of| node(of).operation.operation_id.as_ref();
        let of_one_print = is_page(first) && is_page(second) && part(first).generation == part(second).generation;
        if of_one_print && id(first) != id(second) {
            return false;
        }
        let constants = |of| self.body_constants(part(of).input, node(of));
        let sent = constants(first);
        !constants(second).iter().any(|(name, value)| sent.iter().any(|(own, other)| own == name && other != value))
    }

    /// The properties of a body that have one value.
    fn body_constants(&self, input: usize, node: &OperationNode) -> Vec<(String, Value)> {
        let schemas = &self.document.schemas;
        let content = node.body.iter().flat_map(|(_, body)| &body.content);
        let bodies = content.filter_map(|content| schemas.at_reference(input, content.schema.as_ref()?));
        let properties = bodies.flat_map(|body| self.merged(body).properties.clone());
        let value = |(name, property)| match schemas.get(schemas.resolve(property)?).values.as_deref()? {
            [only] => Some((name, only.clone())),
            _ => None,
        };
        properties.filter_map(value).collect()
    }

    /// Lets the components go that only descriptions of operations need which do not count: those of a page with its
    /// operation, of a whole description what nothing else leads to.
    fn forget_older(&mut self, kept: &HashSet<(usize, usize)>) {
        let parts = self.document.parts.iter().enumerate();
        let is_kept = |index, part: &Part| (0..part.operations.len()).any(|at| kept.contains(&(index, at)));
        let older =
            parts.filter(|(index, part)| part.page.is_some() && !part.operations.is_empty() && !is_kept(*index, part));
        let older: HashSet<usize> = older.map(|(_, part)| part.input).collect();
        let needless = self.needless(kept);
        let schemas = &mut self.document.schemas;
        schemas.forget_components(|id, schema| older.contains(&schema.input) || needless.contains(&id));
    }

    /// The schemas of whole descriptions that only those of their operations lead to that do not count.
    fn needless(&self, kept: &HashSet<(usize, usize)>) -> HashSet<SchemaId> {
        let Document { parts, schemas, .. } = &self.document;
        let (mut needless, mut needed) = (HashSet::new(), schemas.messages().to_vec());
        for (index, part) in parts.iter().enumerate() {
            let mut dropped = Vec::new();
            for (at, node) in part.operations.iter().enumerate() {
                let used = node.references().filter_map(|reference| schemas.at_reference(part.input, reference));
                if kept.contains(&(index, at)) { needed.extend(used) } else { dropped.extend(used) }
            }
            let payloads = part.webhooks.iter().flat_map(|webhook| webhook.body.references());
            needed.extend(payloads.filter_map(|reference| schemas.at_reference(part.input, reference)));
            if part.page.is_none() {
                // What a discriminator among them leads to is there for its sake.
                needless.extend(schemas.needed(dropped).into_iter().filter(|id| schemas.get(*id).input == part.input));
            }
        }
        if needless.is_empty() {
            return needless;
        }
        needed.extend(schemas.components().into_iter().map(|(id, _)| id).filter(|id| !needless.contains(id)));
        let needed = schemas.needed(needed);
        needless.difference(&needed).copied().collect()
    }
}
