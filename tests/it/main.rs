//! Tests of the whole, in one binary: a module for each kind.

mod accept;
mod compile;
mod coverage;
mod fixtures;
mod freshness;
mod operations;
mod purity;
mod reject;
mod robustness;
mod suites;
mod surface;
mod values;
