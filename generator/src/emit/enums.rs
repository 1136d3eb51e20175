//! Stage 6, enumerations.

use super::Module;
use super::docs::comments;
use super::structs::{scalar_kind, scalar_text, string};
use super::type_ref::scalar_kinds_text;
use super::types::type_attributes;
use crate::ir::{Enum, Scalar, TypeDef};

/// Emits an enumeration of strings.
pub(super) fn string_enum(def: &TypeDef, values: &Enum<String>, module: &mut Module) {
    module.import("crate::runtime::string_enum::string_enum");
    let table = table(def, values, "string_enum", "", |value| string(value));
    module.push_text(table);
}

/// Emits an enumeration of integers or of scalars of several kinds.
pub(super) fn scalar_enum(def: &TypeDef, values: &Enum<Scalar>, module: &mut Module) {
    module.import("crate::runtime::scalar_enum::scalar_enum");
    let kinds = format!(" [{}]", scalar_kinds_text(values.values.iter().map(|value| &value.value)));
    let table =
        table(def, values, "scalar_enum", &kinds, |value| format!("{}: {}", scalar_text(value), scalar_kind(value)));
    module.push_text(table);
}

fn table<V>(def: &TypeDef, values: &Enum<V>, name: &str, kinds: &str, value: fn(&V) -> String) -> String {
    let attributes = type_attributes(def);
    let mut table = format!("{name}! {{\n{attributes}    pub enum {}{kinds} {{\n", def.ident);
    for named in &values.values {
        table.push_str(&comments(&named.docs, 8));
        table.push_str(&format!("        {} = {},\n", named.ident, value(&named.value)));
    }
    table.push_str(&format!("        ..{}\n    }}\n}}", values.other));
    table
}
