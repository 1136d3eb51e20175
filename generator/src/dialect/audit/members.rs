//! Stage 2, the audit, members: those of a union whose `type` is none, which no value matches then.

use serde_json::{Map, Value};

use super::repairs::meant_type;
use super::{Audit, TYPES, list};
use crate::diagnostic::{Code, Severity, Spot};
use crate::pointer::Pointer;

/// What a member can say besides its type without saying more of its values.
const WORDS: [&str; 8] = ["title", "description", "format", "default", "example", "examples", "deprecated", "$comment"];

/// The types of programming languages of which JSON has no value.
const WITHOUT_VALUES: [&str; 3] = ["undefined", "void", "never"];

/// Those that have any value.
const WITH_ANY_VALUE: [&str; 3] = ["any", "mixed", "unknown"];

impl Audit<'_, '_> {
    /// Takes the members out of a union whose type is none of JSON Schema, where others are left. They stay in their
    /// places as schemas that no value matches.
    pub(super) fn members(&mut self, at: &Pointer, schema: &mut Map<String, Value>) {
        for union in ["anyOf", "oneOf"] {
            let Some(Value::Array(members)) = schema.get_mut(union) else { continue };
            let is_other = |member: &&Value| wrong_type(member).is_none() && !is_null(member);
            let left = members.iter().filter(is_other).count();
            for (index, member) in members.iter_mut().enumerate() {
                let Some(name) = wrong_type(member).map(str::to_owned) else { continue };
                // A union of several is open to what the type may have been meant to be.
                if left == 0 || left == 1 && !WITHOUT_VALUES.contains(&name.as_str()) {
                    continue;
                }
                let message = format!("`{name}` is no type of JSON Schema; the union is read without this member");
                let place = Spot::Node(at.key(union).index(index).key("type"));
                let help = format!("the types are {}", list(&TYPES));
                self.say(Severity::Warning, Code::WrongValue, place, message, help);
                *member = Value::Bool(false);
            }
        }
    }
}

/// The type that a member of a union names, where it is none and all that is said of the values.
fn wrong_type(member: &Value) -> Option<&str> {
    let member = member.as_object()?;
    let name = member.get("type")?.as_str()?;
    let letters = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    let is_meant = |one: &&str| letters(one) == letters(name);
    let is_known = meant_type(name).is_some() || TYPES.iter().chain(&WITH_ANY_VALUE).any(is_meant);
    let is_word = |key: &String| key == "type" || key.starts_with("x-") || WORDS.contains(&key.as_str());
    (!is_known && member.keys().all(is_word)).then_some(name)
}

fn is_null(member: &Value) -> bool {
    member.get("type").is_some_and(|name| name.is_null() || name == "null")
}
