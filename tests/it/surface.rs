//! The surface of a client: what a program is told that calls every operation.

use specwright::diagnostic::Spot;
use specwright::surface::{Argument, Gives, Method, Surface, Takes};
use specwright::{Input, Options};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Widgets, version: "1"}
paths:
  /widgets/{id}/{undeclared}:
    put:
      operationId: replace
      tags: [widgets]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: since, in: query, schema: {type: array, items: {type: string, format: date}}}
        - $ref: "#/components/parameters/Limit"
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/Widget"}}
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}}, required: [file]}
      responses: {"200": {description: A, content: {text/event-stream: {}}}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer}}
  schemas:
    Widget: {type: object, properties: {name: {type: string}}}
  securitySchemes:
    login: {type: http, scheme: basic}
"##;

fn surface() -> Surface {
    let input = Input::new("widgets.yaml".to_owned(), DOCUMENT.to_owned());
    let options = Options { name: "my-widgets".to_owned(), version: "0.1.0".to_owned(), ..Options::default() };
    specwright::generate(&[input], &options).surface
}

fn line(argument: &Argument) -> String {
    let place = argument.place.as_ref().map(|place| match &place.spot {
        Spot::Node(at) => at.as_str().to_owned(),
        spot => format!("{spot:?}"),
    });
    let Argument { name, wire, takes, .. } = argument;
    format!("{name} {} {takes:?} {}", wire.as_deref().unwrap_or("-"), place.as_deref().unwrap_or("-"))
}

fn lines(arguments: &[Argument]) -> Vec<String> {
    arguments.iter().map(line).collect()
}

#[test]
fn a_method_says_what_it_takes_and_where_that_is_described() {
    let surface = surface();
    let [json, multipart] = surface.methods.as_slice() else { panic!("{:#?}", surface.methods) };
    let Method { http_method, template, expression, media_type, arguments, setters, gives } = json;
    assert_eq!((http_method.as_str(), template.as_str()), ("PUT", "/widgets/{id}/{undeclared}"));
    assert_eq!((expression.as_str(), *gives), ("client.widgets().replace", Gives::Stream));
    assert_eq!(media_type.as_deref(), Some("application/json"));
    let operation = "/paths/~1widgets~1{id}~1{undeclared}/put";
    assert_eq!(
        lines(arguments),
        [format!("id id Text {operation}/parameters/0"), "undeclared undeclared Text -".to_owned()]
    );
    let (since, body) = ("Value(\"Vec<my_widgets::Date>\")", "Reference(\"my_widgets::types::Widget\")");
    assert_eq!(
        lines(setters),
        [
            format!("since since {since} {operation}/parameters/1"),
            "limit limit Value(\"i64\") /components/parameters/Limit".to_owned(),
            format!("body - {body} {operation}/requestBody/content/application~1json"),
        ]
    );
    assert_eq!(multipart.media_type.as_deref(), Some("multipart/form-data"));
    assert_eq!(multipart.arguments.last().map(|file| &file.takes), Some(&Takes::Upload));
}

#[test]
fn a_credential_says_how_many_texts_it_takes() {
    let credentials: Vec<_> = surface().credentials.into_iter().map(|one| (one.setter, one.texts)).collect();
    assert_eq!(credentials, [("basic_auth".to_owned(), 2)]);
}
