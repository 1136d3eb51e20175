//! The program that makes the calls: an example of the generated crate, which is this command's and no part of the
//! product.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;
use specwright::surface::{Argument, Credential, Gives, Method, Surface, Takes};

use super::calls::Call;
use crate::Failure;
use crate::survey::workshop::{self, Crate};

/// The name of the example; that of the package is in it, because the programs of all crates end up in one folder.
fn name(package: &str) -> String {
    format!("conformance-{package}")
}

/// The path and the source of the program for a crate.
pub(super) fn file(package: &str, surface: &Surface) -> (String, String) {
    (format!("examples/{}.rs", name(package)), source(package, surface))
}

/// The source of the program.
fn source(package: &str, surface: &Surface) -> String {
    let library = package.replace('-', "_");
    let (mut functions, mut list) = (String::new(), String::new());
    for (index, method) in surface.methods.iter().enumerate() {
        functions.push_str(&function(index, method, &library));
        let _ = writeln!(list, "    call_{index},");
    }
    let credentials: String = surface.credentials.iter().map(setter).collect();
    let text = TEMPLATE.replace("PACKAGE", &library).replace("CREDENTIALS", &credentials);
    text.replace("CALLS\n", &list).replace("FUNCTIONS\n", &functions)
}

fn setter(credential: &Credential) -> String {
    let texts = vec!["\"conformance\""; credential.texts].join(", ");
    format!(".{}({texts})", credential.setter)
}

/// The function that makes a request of one method.
fn function(index: usize, method: &Method, library: &str) -> String {
    let argument = |one| argument(one, library);
    let arguments: Vec<String> = method.arguments.iter().map(argument).collect();
    let mut text = format!(
        "// {} {:?}\nfn call_{index}(client: &Client, given: &Given) -> Result<Answer, String> {{\n    \
         let request = {}({});\n",
        method.http_method,
        method.template,
        method.expression,
        arguments.join(", ")
    );
    for setter in &method.setters {
        let Argument { name, .. } = setter;
        let _ = writeln!(
            text,
            "    let request = if given.has({name:?}) {{ request.{name}({}) }} else {{ request }};",
            argument(setter)
        );
    }
    let answer = match method.gives {
        Gives::Value => "Ok(value(request))",
        Gives::Stream => "stream!(request)",
    };
    let _ = writeln!(text, "    {answer}\n}}\n");
    text
}

/// The expression for an argument.
fn argument(argument: &Argument, library: &str) -> String {
    let name = &argument.name;
    match &argument.takes {
        Takes::Text => format!("given.text({name:?})?"),
        Takes::Texts => format!("given.texts({name:?})?"),
        Takes::Value(ty) => format!("value!(given, {name:?}, {ty})"),
        Takes::Reference(ty) => format!("&value!(given, {name:?}, {ty})"),
        Takes::Upload => format!("{library}::Upload::bytes(given.text({name:?})?)"),
        Takes::Uploads => format!("[{library}::Upload::bytes(given.text({name:?})?)]"),
    }
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Outcome {
    /// What the server found wrong, as it says so.
    pub(super) violations: String,
    /// The status of an answer that is no success.
    pub(super) status: Option<u16>,
    /// The body of an answer that was not decoded, or of one that is no success.
    pub(super) body: String,
    /// Why there is no decoded answer.
    pub(super) undecoded: Option<String>,
    /// Why there was no request, or no answer.
    pub(super) failed: Option<String>,
}

/// Builds the program of a crate.
///
/// # Errors
///
/// When it cannot be built; says the first error of the compiler.
pub(super) fn build(one: &Crate) -> Result<PathBuf, Failure> {
    let mut build = workshop::cargo(&one.folder);
    build.args(["build", "--quiet", "--no-default-features", "--message-format=short", "--example"]);
    build.arg(name(&one.name));
    workshop::succeed(build)?;
    Ok(workshop::target().join("debug/examples").join(name(&one.name) + std::env::consts::EXE_SUFFIX))
}

/// Runs the program of a crate with these calls on a server; `header` is sent with each.
///
/// # Errors
///
/// When it cannot be run.
pub(super) fn run(
    one: &Crate,
    program: &PathBuf,
    calls: &[Call],
    url: &str,
    prefer: &str,
) -> Result<Vec<Outcome>, Failure> {
    let list = one.folder.join("calls.jsonl");
    let lines: Vec<String> =
        calls.iter().map(|call| json!({"method": call.method, "given": call.given}).to_string() + "\n").collect();
    std::fs::write(&list, lines.concat()).map_err(|error| Failure::io("write", &list, &error))?;
    let output = std::process::Command::new(program).arg(&list).arg(url).arg(prefer).output();
    let output = output.map_err(|error| Failure::io("run", program, &error))?;
    let mut lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let missing =
        || Outcome { failed: Some("the program ended before it wrote a result".to_owned()), ..Outcome::default() };
    let outcome = |line| serde_json::from_slice(line).ok();
    Ok(calls.iter().map(|_| lines.next().and_then(outcome).unwrap_or_else(missing)).collect())
}

/// The program. Each line is written at once, so that a crash shows which call it is.
const TEMPLATE: &str = r#"//! Calls the operations of an API, with arguments from a file.
#![allow(deprecated)]

use std::future::Future;
use std::pin::Pin;

use PACKAGE::serde_json::{self, Map, Value, json};
use PACKAGE::reqwest::header::HeaderMap;
use PACKAGE::{Client, Error, ErrorKind};

/// The answer, decoded and dropped: what is left are its headers.
type Answer = Pin<Box<dyn Future<Output = Result<HeaderMap, Error>>>>;

struct Given(Map<String, Value>);

impl Given {
    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn get(&self, name: &str) -> Result<&Value, String> {
        self.0.get(name).ok_or_else(|| format!("`{name}` is not given"))
    }

    fn text(&self, name: &str) -> Result<String, String> {
        self.get(name).map(text)
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        Ok(self.get(name)?.as_array().into_iter().flatten().map(text).collect())
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[allow(unused_macros)]
macro_rules! value {
    ($given:expr, $name:literal, $type:ty) => {
        PACKAGE::from_json::<$type>($given.get($name)?.to_string().as_bytes())
            .map_err(|error| format!("`{}` cannot be given: {error}", $name))?
    };
}

#[allow(unused_macros)]
macro_rules! stream {
    ($request:expr) => {{
        let request = $request;
        Ok(Box::pin(async move {
            let mut stream = request.await?;
            while let Some(item) = stream.next().await {
                item?;
            }
            Ok(stream.head().headers().clone())
        }))
    }};
}

fn value<T: Send + 'static, O: 'static>(request: PACKAGE::Request<T, O>) -> Answer {
    Box::pin(async { request.with_response().await.map(|response| response.headers) })
}

const ALL: &[fn(&Client, &Given) -> Result<Answer, String>] = &[
CALLS
];

FUNCTIONS

async fn outcome(client: &Client, case: &Value) -> Value {
    let given = Given(case["given"].as_object().cloned().unwrap_or_default());
    let call = ALL[case["method"].as_u64().unwrap_or_default() as usize];
    let answer = match call(client, &given) {
        Ok(answer) => answer,
        Err(reason) => return json!({"failed": reason}),
    };
    let (error, headers) = match answer.await {
        Ok(headers) => (None, headers),
        Err(error) => {
            let headers = error.headers().cloned().unwrap_or_default();
            (Some(error), headers)
        }
    };
    let violations = headers.get("sl-violations").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut outcome = json!({"violations": violations.unwrap_or_default()});
    let Some(error) = error else { return outcome };
    outcome["body"] = String::from_utf8_lossy(error.body().unwrap_or_default()).into();
    match error.kind() {
        ErrorKind::Status => outcome["status"] = error.status_code().map(|status| status.as_u16()).into(),
        ErrorKind::Decode => outcome["undecoded"] = error.to_string().into(),
        _ => outcome["failed"] = error.to_string().into(),
    }
    outcome
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let client = Client::builder()CREDENTIALS.base_url(&arguments[2]).header("prefer", &arguments[3]).max_retries(0);
    let client = client.build().expect("a client");
    let cases = std::fs::read_to_string(&arguments[1]).expect("the calls");
    for line in cases.lines() {
        let case = serde_json::from_str(line).expect("a call");
        println!("{}", outcome(&client, &case).await);
    }
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_called_with_what_is_given() {
        let argument = |name: &str, takes| Argument { name: name.to_owned(), wire: None, place: None, takes };
        let method = Method {
            http_method: "GET".to_owned(),
            template: "/a".to_owned(),
            expression: "client.widgets().list".to_owned(),
            media_type: None,
            arguments: vec![argument("id", Takes::Text), argument("body", Takes::Reference("my_api::A".to_owned()))],
            setters: vec![argument("limit", Takes::Value("i64".to_owned()))],
            gives: Gives::Stream,
        };
        let credentials = vec![Credential { setter: "login".to_owned(), texts: 2 }];
        let source = source("my-api", &Surface { credentials, methods: vec![method] });
        for line in [
            "    let request = client.widgets().list(given.text(\"id\")?, &value!(given, \"body\", my_api::A));\n",
            "if given.has(\"limit\") { request.limit(value!(given, \"limit\", i64)) } else { request };\n",
            "    stream!(request)\n",
            "    call_0,\n",
            ".login(\"conformance\", \"conformance\").base_url(",
        ] {
            assert!(source.contains(line), "{line}\n{source}");
        }
        assert!(!source.contains("PACKAGE"), "{source}");
    }
}
