//! Stage 5, [`Api`] → `Api` with facts: which types callers build, which are equal, and what stands in a box.

mod boxing;
mod direction;
mod endless;
mod merge;
mod size;

use crate::ir::Api;

/// Finds out what emission has to know.
pub(crate) fn analyze(mut api: Api) -> Api {
    endless::open(&mut api.types);
    // What is sent and what is received may differ in what must be there; only then can types be compared.
    direction::mark(&mut api);
    merge::merge(&mut api.types);
    boxing::add_boxes(&mut api.types);
    size::add_boxes(&mut api.types);
    api
}
