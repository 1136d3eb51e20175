//! Overlays, merging: what an update makes of a node (OpenAPI Overlay 1.1, section 4.4).

use serde_json::Value;

use super::Origins;
use crate::pointer::Pointer;

/// Merges `update` into a node: objects member by member, arrays by appending; anything else replaces what was there.
pub(super) fn merge(
    node: &mut Value,
    update: &Value,
    (input, at): (usize, &Pointer),
    from: &(usize, Pointer),
    origins: &mut Origins,
) {
    match (node, update) {
        (Value::Object(members), Value::Object(update)) => {
            for (key, value) in update {
                let (at, from) = (at.key(key), (from.0, from.1.key(key)));
                match members.get_mut(key) {
                    Some(member) => merge(member, value, (input, &at), &from, origins),
                    None => {
                        members.insert(key.clone(), value.clone());
                        origins.write(input, &at, from);
                    }
                }
            }
        }
        (Value::Array(elements), Value::Array(update)) => {
            for (index, value) in update.iter().enumerate() {
                origins.write(input, &at.index(elements.len()), (from.0, from.1.index(index)));
                elements.push(value.clone());
            }
        }
        (Value::Array(elements), value) => {
            origins.write(input, &at.index(elements.len()), from.clone());
            elements.push(value.clone());
        }
        (node, value) => {
            *node = value.clone();
            origins.write(input, at, from.clone());
        }
    }
}
