//! Stage 5, [`Api`] → `Api` with facts: where recursion needs a box, and which types callers build.

mod boxing;
mod direction;

use crate::ir::Api;

/// Finds out what emission has to know.
pub(crate) fn analyze(mut api: Api) -> Api {
    boxing::add_boxes(&mut api.types);
    direction::mark(&mut api);
    api
}
