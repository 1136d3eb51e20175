//! Beside the pipeline: which value most have, where texts or operations differ.

use std::hash::Hash;

use indexmap::IndexMap;

/// The value that is there most often, of equally frequent ones the first.
pub(crate) fn most_common<T: Eq + Hash>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut counts: IndexMap<T, usize> = IndexMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equally_frequent_values_the_first_counts() {
        assert_eq!(most_common(["a", "b", "b", "c", "c"]), Some("b"));
        assert_eq!(most_common::<u8>([]), None);
    }
}
