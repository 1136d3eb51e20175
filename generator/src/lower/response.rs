//! Stage 4, responses: what a successful call gives.

use super::Lowerer;
use super::operation::LeftOut;
use super::place::Hint;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::OperationNode;
use crate::ir::Success;

/// Whether a media type is JSON: `application/json`, or one with the suffix `+json` (RFC 6839).
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

impl Lowerer<'_> {
    /// The result of the success with the lowest status; without any declared, the response as it comes.
    pub(super) fn success(&mut self, input: usize, node: &OperationNode, hint: &Hint) -> Result<Success, LeftOut> {
        let mut successes: Vec<_> = node.responses.iter().filter(|(status, ..)| status.starts_with('2')).collect();
        successes.sort_by_key(|(status, ..)| status.to_ascii_lowercase());
        let Some((status, _, first)) = successes.first() else { return Ok(Success::Raw) };
        for (other, at, _) in successes.iter().skip(1) {
            let place = Place { input, spot: Spot::Key(at.clone()) };
            let message =
                format!("the status {other} is decoded as {status} is: one success of an operation is typed yet");
            self.warn(Code::UnsupportedKeyword, place, message, "`with_raw_response` gives the response as it came");
        }
        if first.content.is_empty() {
            return Ok(Success::Empty);
        }
        let json = first.content.iter().find(|(name, _)| is_json(name));
        let schema = json.and_then(|(_, media_type)| media_type.schema.as_ref());
        Ok(match schema {
            Some(schema) => Success::Json(self.http_schema(input, schema, &hint.of("response")).into_type()),
            None => Success::Raw,
        })
    }
}
