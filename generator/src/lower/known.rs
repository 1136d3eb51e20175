//! Stage 4, what is known of schemas: what several rules ask again and again, found out once for each schema.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::Rc;

use crate::document::schema::{Schema, SchemaId};

/// Answers about schemas, which do not change: lowering adds schemas and leaves those there are as they are.
#[derive(Default)]
pub(super) struct Known {
    /// Each schema with the keywords of all parts of its `allOf`.
    pub(super) merged: Memo<SchemaId, Rc<Schema>>,
    /// The constants that a property has in a schema.
    pub(super) constants: Memo<(SchemaId, String), Option<Rc<[String]>>>,
    /// The values of a property that stand for the members of a union.
    pub(super) tags: Memo<(SchemaId, String), Option<Rc<[String]>>>,
    /// The members of the family of which a schema is the base.
    pub(super) families: Memo<SchemaId, Rc<[SchemaId]>>,
}

/// The answers to one question.
pub(super) struct Memo<K, V>(RefCell<HashMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.0.borrow().get(key).cloned()
    }

    /// Keeps an answer, and gives it.
    pub(super) fn keep(&self, key: K, answer: V) -> V {
        self.0.borrow_mut().insert(key, answer.clone());
        answer
    }
}
