//! The generated client of the workspace is what the generator makes of the documents of the workspace.

use std::process::ExitCode;

use xtask::codegen::{self, Args, Output};

#[test]
fn the_generated_client_is_up_to_date() {
    let args = Args { check: true, ..Args::default() };
    let generate = |inputs: &_, options: &_| Output::from(specwright::generate(inputs, options));
    let finished = codegen::run(&args, false, generate);
    let advice = "the generated client is not what its documents give; `cargo xtask codegen` brings it up to date";
    assert!(finished.code == ExitCode::SUCCESS, "{advice}\n\n{}", finished.text);
}
