//! Stage 2, credentials that are written as parameters: what stands before the key in its header, as the text says.

/// What exporters write between the name of a scheme and how it is written.
const SET_PHRASE: &str = "authentication of the form `";

/// Whether a description is the phrase in which exporters describe credentials.
pub(super) fn is_described(description: &str) -> bool {
    description.to_lowercase().contains("authentication of the form")
}

/// What a description says to stand before the key: nothing, a word, or it does not say.
pub(super) fn prefix<'t>(header: &str, description: &'t str) -> Option<&'t str> {
    if let Some((_, form)) = description.split_once(SET_PHRASE) {
        let (prefix, _) = form.split_once('<')?;
        // A missing prefix is printed so: the header holds the key alone.
        return Some(Some(prefix.trim()).filter(|prefix| *prefix != "undefined").unwrap_or_default());
    }
    if !header.eq_ignore_ascii_case("authorization") {
        return None;
    }
    let words = description.to_lowercase();
    let named = [("bearer", "Bearer"), ("basic auth", "Basic")].into_iter().find(|(name, _)| words.contains(name));
    shown(description).or(named.map(|(_, scheme)| scheme))
}

/// The word before a placeholder in the header `Authorization`, as code shows it: `"Authorization": "Bearer <token>"`.
pub(crate) fn shown(text: &str) -> Option<&str> {
    let behind = text.match_indices("uthorization").map(|(at, name)| &text[at + name.len()..]);
    behind.filter_map(|rest| rest.lines().next()).find_map(|rest| {
        let value = rest.trim_start_matches(|character: char| !character.is_alphanumeric() && character != '<');
        let (word, key) = value.split_once(' ')?;
        (key.starts_with('<') && word.chars().all(char::is_alphanumeric)).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_phrase_says_what_stands_before_the_key() {
        let phrase = |form: &str| format!("Header authentication of the form `{form}`");
        assert_eq!(prefix("X-Key", &phrase("Key <token>")), Some("Key"));
        assert_eq!(prefix("Authorization", &phrase("Basic <username:password>")), Some("Basic"));
        assert_eq!(prefix("Authorization", &phrase("Token  <token>")), Some("Token"));
        assert_eq!(prefix("Authorization", &phrase("undefined <token>")), Some(""));
        assert_eq!(prefix("Authorization", "Ask us for a bearer token"), Some("Bearer"));
        assert_eq!(prefix("Authorization", "Use `Authorization: Token <API_KEY>`"), Some("Token"));
        assert_eq!(prefix("X-Key", "Ask us for a bearer token"), None);
    }

    #[test]
    fn code_shows_the_scheme() {
        assert_eq!(shown("headers = {\"Authorization\": \"Bearer <token>\"}"), Some("Bearer"));
        assert_eq!(shown("request[\"Authorization\"] = 'Basic <token>'"), Some("Basic"));
        assert_eq!(shown("-H 'authorization: <key>'\nA <b>"), None);
    }
}
