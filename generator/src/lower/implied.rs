//! Stage 4, implied tags: the values of a discriminator that stand for schemas by their names, where no mapping does.

use std::collections::{HashMap, HashSet};

use super::Lowerer;
use crate::document::schema::SchemaId;
use crate::names::{is_same_name, snake_case};

/// A member that lists values of the property, none of which is its name.
struct Unnamed {
    member: SchemaId,
    name: String,
    /// Those of the values that stand for no other member.
    listed: Vec<String>,
}

impl Lowerer<'_> {
    /// The values that stand for the members of a union that are `asking`, which no mapping names: what an extension
    /// says, else the name of the schema (OpenAPI 3.1.1, section 4.8.25), as the property spells it where it lists its
    /// values. A name that is none of these, also without the words that all members have in theirs, stands for none.
    pub(super) fn implied_tags(
        &self,
        id: SchemaId,
        members: &[SchemaId],
        asking: &[SchemaId],
    ) -> HashMap<SchemaId, String> {
        let mut implied = HashMap::new();
        let Some(discriminator) = &self.document.schemas.get(id).discriminator else { return implied };
        let asking: HashSet<_> = asking.iter().copied().collect();
        let mut taken: HashSet<_> = self.mapped_tags(id).into_iter().map(|(tag, _)| tag).collect();
        let (mut names, mut unnamed) = (Vec::new(), Vec::new());
        for member in members.iter().copied() {
            let said = self.said_of_member(member);
            let Some(name) = self.name_of_member(member).or_else(|| said.clone()) else { continue };
            let listed = self.listed_values(member, &discriminator.property);
            let same = || listed.iter().find(|value| is_same_name(value, &name)).cloned();
            let value = match (said.or_else(same), listed.as_slice()) {
                (Some(value), _) => Some(value),
                (None, []) => Some(name.clone()),
                (None, [only]) => {
                    taken.insert(only.clone());
                    None
                }
                (None, _) => {
                    unnamed.push(Unnamed { member, name: name.clone(), listed });
                    None
                }
            };
            names.push(name);
            taken.extend(value.clone());
            implied.extend(value.filter(|_| asking.contains(&member)).map(|value| (member, value)));
        }
        unnamed.retain(|one| asking.contains(&one.member));
        unnamed.iter_mut().for_each(|one| one.listed.retain(|value| !taken.contains(value)));
        // A list of nothing but what others are called was not extended when the member was added.
        let (forgotten, unnamed): (Vec<_>, Vec<_>) = unnamed.into_iter().partition(|one| one.listed.is_empty());
        implied.extend(forgotten.into_iter().map(|one| (one.member, one.name)));
        implied.extend(without_common_words(&names, &unnamed));
        implied
    }

    /// The schema that a member of a union has its name from.
    fn named_member(&self, member: SchemaId) -> Option<SchemaId> {
        let named = self.document.schemas.resolve(member)?;
        Some(self.extended(named).unwrap_or(named))
    }

    /// The value that an extension says to stand for a member.
    fn said_of_member(&self, member: SchemaId) -> Option<String> {
        self.document.schemas.get(self.named_member(member)?).discriminator_value.clone()
    }

    /// The name that a value of a discriminator can mean a member by.
    pub(super) fn name_of_member(&self, member: SchemaId) -> Option<String> {
        let schema = self.document.schemas.get(self.named_member(member)?);
        schema.component_key().or_else(|| schema.name.clone())
    }
}

/// The value that each of some members lists as its name but for words that all names begin or end with, where that is
/// exactly one for each.
fn without_common_words(names: &[String], unnamed: &[Unnamed]) -> HashMap<SchemaId, String> {
    let words = |name: &String| snake_case(name).split('_').map(str::to_owned).collect::<Vec<_>>();
    let names: Vec<_> = names.iter().map(words).collect();
    let shortest = names.iter().map(Vec::len).min().unwrap_or_default();
    // Of a single name all words would be common.
    if names.len() < 2 || unnamed.is_empty() {
        return HashMap::new();
    }
    let is_common = |word: &dyn Fn(&[String]) -> String| names.iter().all(|name| word(name) == word(&names[0]));
    let first = (0..shortest).take_while(|at| is_common(&|name| name[*at].clone())).count();
    let last = (0..shortest).take_while(|at| is_common(&|name| name[name.len() - 1 - at].clone())).count();
    let spelled = |one: &Unnamed| {
        let values = one.listed.iter().map(|value| (snake_case(value), value.clone()));
        (one.member, words(&one.name), values.collect::<Vec<_>>())
    };
    let unnamed: Vec<_> = unnamed.iter().map(spelled).collect();
    let without = |first: usize, last: usize| {
        let value = |(member, words, values): &(SchemaId, Vec<String>, Vec<(String, String)>)| {
            let rest = words.get(first..words.len() - last)?.join("_");
            let mut same = values.iter().filter(|(spelled, _)| *spelled == rest).map(|(_, value)| value.clone());
            same.next().filter(|_| same.next().is_none()).map(|value| (*member, value))
        };
        let found: HashMap<_, _> = unnamed.iter().map(value).collect::<Option<_>>()?;
        let distinct: HashSet<_> = found.values().collect();
        (distinct.len() == unnamed.len()).then_some(found)
    };
    let ways = (0..=first).flat_map(|first| (0..=last).map(move |last| (first, last)));
    // Each name keeps a word.
    let mut ways = ways.filter(|(first, last)| first + last < shortest);
    ways.find_map(|(first, last)| without(first, last)).unwrap_or_default()
}
