//! Stage 4, what the API sends by itself: a type for each payload, and a name for the function that reads it.

use std::collections::{HashMap, HashSet};

use super::Lowerer;
use super::docs;
use super::media_type::{self, Kind};
use super::place::Hint;
use crate::diagnostic::{Code, Place, Spot};
use crate::dialect::external;
use crate::document::schema::SchemaId;
use crate::document::webhook::WebhookNode;
use crate::ir::Webhook;
use crate::names::{Case, Scope};

impl Lowerer<'_> {
    /// Lowers the webhooks and callbacks of all texts; of several texts that have one, the first counts.
    pub(super) fn webhooks(&mut self) -> Vec<Webhook> {
        let parts = self.document.parts.iter_mut();
        let texts: Vec<_> = parts.map(|part| (part.input, std::mem::take(&mut part.webhooks))).collect();
        let (mut names, mut seen) = (Scope::default(), HashMap::<String, (usize, Option<SchemaId>)>::new());
        let mut webhooks = Vec::new();
        for (input, nodes) in texts {
            let (new, again): (Vec<_>, Vec<_>) = nodes.into_iter().partition(|node| !seen.contains_key(&node.words));
            webhooks.extend(new.iter().filter_map(|node| self.webhook(input, node, &mut names)));
            for node in again {
                let (used, first) = seen[&node.words];
                let payloads = first.zip(self.payload(input, &node));
                let is_same = |(a, b)| self.document.schemas.equal(a, b, &mut HashSet::new());
                if !payloads.is_some_and(is_same) {
                    let place = Place { input, spot: Spot::Key(node.at) };
                    let (words, used) = (&node.words, external::text(used));
                    let message = format!("`{words}` is described in more than one text; that in `{used}` is used");
                    let help = "the newest description is used, of equally new ones the first";
                    self.warn(Code::DuplicateOperation, place, message, help);
                }
            }
            seen.extend(new.into_iter().map(|node| (node.words.clone(), (input, self.payload(input, &node)))));
        }
        webhooks
    }

    /// The schema of what a webhook sends in JSON.
    fn payload(&self, input: usize, node: &WebhookNode) -> Option<SchemaId> {
        let json = node.body.content.iter().find(|content| media_type::kind(&content.name) == Kind::Json)?;
        self.document.schemas.at_reference(input, json.schema.as_ref()?)
    }

    fn webhook(&mut self, input: usize, node: &WebhookNode, names: &mut Scope) -> Option<Webhook> {
        let content = &node.body.content;
        let Some(json) = content.iter().find(|content| media_type::kind(&content.name) == Kind::Json) else {
            if !content.is_empty() {
                let place = Place { input, spot: Spot::Key(node.at.clone()) };
                let message = format!("the payload of `{}` is no JSON; there is no function that reads it", node.words);
                self.warn(Code::UnsupportedKeyword, place, message, "webhooks are read from `application/json`");
            }
            return None;
        };
        let hint = Hint::new(format!("{} payload", node.words));
        let ty = self.http_schema(input, json.schema.as_ref(), &hint).into_type();
        let (summary, description) = (docs::from_markdown(&node.summary), docs::from_markdown(&node.description));
        let docs = if description.is_empty() { summary } else { description };
        Some(Webhook { ident: names.claim(&node.words, Case::Snake), ty, docs, title: node.words.clone() })
    }
}
