//! Stage 6, enumerations of strings.

use super::Module;
use super::docs::comments;
use super::structs::string;
use crate::ir::{EnumValue, StringEnum, TypeDef};

/// Emits an enumeration that is open to values the document does not name.
pub(super) fn string_enum(def: &TypeDef, values: &StringEnum, module: &mut Module) {
    module.import("crate::runtime::string_enum::string_enum");
    let docs = comments(&def.docs, &format!("`{}` of the API.", def.ident.bare()), "    ");
    let deprecated = if def.deprecated { "    #[deprecated]\n" } else { "" };
    let mut table = format!("string_enum! {{\n{docs}{deprecated}    pub enum {} {{\n", def.ident);
    for EnumValue { ident, value, docs } in &values.values {
        if !docs.is_empty() {
            table.push_str(&comments(docs, "", "        "));
        }
        table.push_str(&format!("        {ident} = {},\n", string(value)));
    }
    table.push_str(&format!("        ..{}\n    }}\n}}", values.other));
    module.push_text(table);
}
