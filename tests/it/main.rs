//! Tests of the whole, in one binary: a module for each kind.
