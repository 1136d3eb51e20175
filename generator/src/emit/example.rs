//! Stage 6, the example: a program that makes one call.

use quote::quote;

use super::Module;
use super::module::path;
use super::root::{Names, call_expression, example_operation};
use crate::ir::{Api, Docs};

/// Emits a program for an operation that can be called without arguments, where there is one.
pub(super) fn example(api: &Api, names: &Names) -> Option<(String, Module)> {
    let (services, operation) = example_operation(api)?;
    let mut name = operation.method.bare().trim_end_matches('_').to_owned();
    if let Some(service) = services.last() {
        name.push('_');
        name.push_str(service.module.bare());
    }
    let line = format!("Calls `{} {}` and prints what comes back.", operation.http_method, operation.template);
    let setting = format!("Set `{}`, and `{}` to call another server.", names.key_variable, names.url_variable);
    let run = format!("cargo run --example {name}");
    let lines = [line.as_str(), "", &setting, "", "```sh", &run, "```"];
    let docs = Docs(lines.into_iter().map(str::to_owned).collect());
    let mut module = Module::new(docs);
    let library = path(&names.library);
    let call = syntax(&call_expression(&services, operation));
    module.push(quote! {
        #[tokio::main(flavor = "current_thread")]
        async fn main() -> Result<(), #library::Error> {
            let client = #library::Client::from_env()?;
            let response = #call.await?;
            println!("{response:#?}");
            Ok(())
        }
    });
    Some((format!("examples/{name}.rs"), module))
}

/// The tokens of a chain of calls.
fn syntax(expression: &str) -> proc_macro2::TokenStream {
    let parts = expression.split('.').map(|part| match part.strip_suffix("()") {
        Some(name) => {
            let name = path(name);
            quote!(#name())
        }
        None => path(part),
    });
    quote!(#(#parts).*)
}
