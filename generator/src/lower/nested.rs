//! Stage 4, parameters: what of their values no style has a form for, as far as schemas tell.

use super::Lowerer;
use crate::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::ir::{ParameterPlace, Shape, Style, StyleForm, TypeRef};

impl Lowerer<'_> {
    /// Tells what of a parameter is written as JSON because its style has no form for it: values within values.
    pub(super) fn tell_nested(&mut self, name: &str, ty: &TypeRef, place: ParameterPlace, style: Style, at: &Place) {
        let has_lists = match (style, place) {
            // Of a query as a whole and of a part nothing is said; both have forms of their own.
            (_, ParameterPlace::Part) | (Style::OfThePlace, ParameterPlace::QueryString) => return,
            (Style::Other { form: StyleForm::Json | StyleForm::DeepObject, .. }, _) => return,
            (Style::OfThePlace, place) => matches!(place, ParameterPlace::Query | ParameterPlace::Cookie),
            (Style::Other { form: StyleForm::Simple | StyleForm::Label | StyleForm::Matrix, .. }, _) => false,
            (Style::Other { explode, .. }, _) => explode,
        };
        let nested = self.nested(ty, has_lists);
        if nested.is_empty() {
            return;
        }
        let message = format!(
            "the style of the parameter `{name}` has no form for {}: JSON is written there",
            nested.join(" and ")
        );
        let help = "describe it by `content` as JSON, or in a query by `style: deepObject`";
        let note = Diagnostic::new(Severity::Note, Code::UnsupportedKeyword, at.clone(), message);
        self.diagnostics.push(note.help(help));
    }

    /// What of a type holds values within values; `has_lists` says whether a member can be a list.
    fn nested(&self, ty: &TypeRef, has_lists: bool) -> Vec<String> {
        if let Some(object) = self.struct_of(ty) {
            let nested = object.fields().filter(|field| self.is_nested(&field.ty, has_lists));
            return nested.map(|field| format!("`{}`", field.wire)).collect();
        }
        let what = match self.bare(ty) {
            TypeRef::List(element) if self.is_nested(element, false) => "its elements",
            TypeRef::Map(value) if self.is_nested(value, has_lists) => "its values",
            _ => return Vec::new(),
        };
        vec![what.to_owned()]
    }

    /// Whether a member or an element is more than one text. What can be anything tells nothing.
    fn is_nested(&self, ty: &TypeRef, has_lists: bool) -> bool {
        match self.bare(ty) {
            TypeRef::List(element) => !has_lists || self.is_nested(element, false),
            TypeRef::Map(_) => true,
            TypeRef::Named(id) => match self.types.get(*id).shape {
                Shape::Struct(_) => true,
                Shape::Tuple(_) => !has_lists,
                _ => false,
            },
            _ => false,
        }
    }
}
