//! The texts of a query, or of the cookies: each knows the parameter that it is of, so that one set again replaces it.

use std::borrow::Cow;

/// Texts of parameters, in the order in which they were set.
#[derive(Clone, Default)]
pub(crate) struct Texts(Vec<(Cow<'static, str>, String)>);

impl Texts {
    /// Sets what a parameter is written as; `None` where it is not sent.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, text: Option<String>) {
        let name = name.into();
        self.0.retain(|(other, _)| *other != name);
        self.0.extend(text.map(|text| (name, text)));
    }

    /// Adds a text beside those that its parameter has.
    pub(crate) fn add(&mut self, name: impl Into<Cow<'static, str>>, text: String) {
        self.0.push((name.into(), text));
    }

    /// The first text of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, text)| text.as_str())
    }

    /// All of them, with a separator between them.
    pub(crate) fn joined(&self, separator: &str) -> String {
        let texts: Vec<&str> = self.0.iter().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty()).collect();
        texts.join(separator)
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn what_is_set_again_is_replaced_and_what_is_added_is_not() {
        let text = |text: &str| Some(text.to_owned());
        let mut texts = Texts::default();
        texts.set("a", text("a=1"));
        texts.set("b", text("x=1&y=2"));
        texts.add("c", "c=1".to_owned());
        texts.add("c", "c=2".to_owned());
        texts.set("b", text("x=3"));
        assert_eq!((texts.joined("&").as_str(), texts.get("b")), ("a=1&c=1&c=2&x=3", Some("x=3")));
        texts.set("a", None);
        texts.set("c", text("c=3"));
        assert_eq!(texts.joined("; "), "x=3; c=3");
    }
}
