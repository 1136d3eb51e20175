//! Bodies of requests, byte for byte.

use request_body_alternatives::types::{
    GadgetsEditMergePatchRequest, GadgetsEditRequestItem, GadgetsMergeRequestItem, Widget,
};
use request_body_form::types::{WidgetsCreateRequest, WidgetsCreateRequestFilter, WidgetsCreateRequestItemsItem};
use request_body_multipart::Upload;
use request_body_multipart::types::Settings;

use crate::server::{Reply, Request, Server};

async fn server() -> Server {
    Server::start([Reply::new(204, &[], "")]).await
}

fn text(request: &Request) -> &str {
    std::str::from_utf8(request.body()).expect("a text")
}

#[tokio::test]
async fn a_form_is_nested_by_brackets_and_styled_as_the_document_says() {
    let server = server().await;
    let client = request_body_form::Client::builder().base_url(server.url()).build().expect("a client");
    let body = WidgetsCreateRequest::new("a b&c")
        .colors(["red", "blue"].map(str::to_owned).to_vec())
        .sizes(vec![1, 2])
        .expand(["x", "y"].map(str::to_owned).to_vec())
        .metadata([("k".to_owned(), "v".to_owned())].into_iter().collect::<request_body_form::Map<String>>())
        .items(vec![WidgetsCreateRequestItemsItem::default().price("p")])
        .filter(WidgetsCreateRequestFilter::default().a("1"));
    client.widgets().create(&body).await.expect("nothing");
    let request = server.request();
    assert_eq!(request.headers("content-type"), ["application/x-www-form-urlencoded"]);
    let fields: Vec<&str> = text(&request).split('&').collect();
    assert_eq!(
        fields,
        [
            "name=a%20b%26c",
            "colors=red",
            "colors=blue",
            "sizes=1,2",
            "expand%5B0%5D=x",
            "expand%5B1%5D=y",
            "metadata%5Bk%5D=v",
            "items%5B0%5D%5Bprice%5D=p",
            "filter=%7B%22a%22%3A%221%22%7D",
        ]
    );
}

#[tokio::test]
async fn values_are_sent_as_lines_of_json() {
    let server = server().await;
    let client = request_body_alternatives::Client::builder().base_url(server.url()).build().expect("a client");
    let gadgets = client.gadgets();
    gadgets.import(&[Widget::new("a\nb"), Widget::new("c").size(1)]).await.expect("nothing");
    gadgets.import(&[]).await.expect("nothing");
    gadgets.merge().body(&[GadgetsMergeRequestItem::new(1), GadgetsMergeRequestItem::new(2)]).await.expect("nothing");
    gadgets.patch("{}\n{}").await.expect("nothing");
    let requests = server.requests();
    let sent: Vec<_> = requests.iter().map(|request| (request.headers("content-type"), text(request))).collect();
    let expected = [
        (vec!["application/x-ndjson"], "{\"name\":\"a\\nb\"}\n{\"name\":\"c\",\"size\":1}\n"),
        (vec!["application/x-ndjson"], ""),
        (vec!["application/json-seq"], "\u{1e}{\"id\":1}\n\u{1e}{\"id\":2}\n"),
        (vec!["application/jsonl"], "{}\n{}"),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn each_kind_of_content_has_a_method() {
    let server = server().await;
    let client = request_body_alternatives::Client::builder().base_url(server.url()).build().expect("a client");
    let widgets = client.widgets();
    let widget = Widget::new("w").size(1);
    widgets.create(&widget).await.expect("nothing");
    widgets.create_form(&widget).await.expect("nothing");
    widgets.create_csv("a,b").await.expect("nothing");
    widgets.create_xml("<w/>").await.expect("nothing");
    widgets.create_bytes(vec![0, 255]).await.expect("nothing");
    let png = request_body_alternatives::Upload::bytes(vec![1]).media_type("image/png");
    widgets.create_bytes(png).await.expect("nothing");
    widgets.change().body(&widget).await.expect("nothing");
    let sent: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| (request.header("content-type").unwrap_or_default().to_owned(), request.body().to_vec()))
        .collect();
    let json = br#"{"name":"w","size":1}"#;
    let expected: [(&str, &[u8]); 7] = [
        ("application/json", json),
        ("application/x-www-form-urlencoded", b"name=w&size=1"),
        ("text/csv", b"a,b"),
        ("application/xml", b"<w/>"),
        ("application/octet-stream", &[0, 255]),
        ("image/png", &[1]),
        ("application/merge-patch+json", json),
    ];
    assert_eq!(sent, expected.map(|(media_type, body)| (media_type.to_owned(), body.to_vec())));
}

#[tokio::test]
async fn content_of_any_media_type_is_what_its_schema_is_and_each_schema_of_json_has_a_method() {
    let server = server().await;
    let client = request_body_alternatives::Client::builder().base_url(server.url()).build().expect("a client");
    let gadgets = client.gadgets();
    gadgets.add(&Widget::new("w")).await.expect("nothing");
    gadgets.note("n").await.expect("nothing");
    gadgets.edit(&[GadgetsEditRequestItem::default().op("remove")]).await.expect("nothing");
    gadgets.edit_merge_patch(&GadgetsEditMergePatchRequest::default().name("m")).await.expect("nothing");
    gadgets.load(vec![255]).await.expect("nothing");
    let requests = server.requests();
    let sent: Vec<_> =
        requests.iter().map(|request| (request.header("content-type").unwrap_or_default(), request.body())).collect();
    let expected: [(&str, &[u8]); 5] = [
        ("application/json", br#"{"name":"w"}"#),
        ("text/plain", b"n"),
        ("application/json-patch+json", br#"[{"op":"remove"}]"#),
        ("application/merge-patch+json", br#"{"name":"m"}"#),
        ("text/csv", &[255]),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_body_that_is_absent_is_not_sent() {
    let server = server().await;
    let client = request_body_alternatives::Client::builder().base_url(server.url()).build().expect("a client");
    client.widgets().replace().await.expect("nothing");
    client.widgets().change().await.expect("nothing");
    for request in server.requests() {
        assert_eq!(request.header("content-type"), None);
        assert_eq!(request.headers("content-length"), ["0"]);
        assert!(request.body().is_empty());
    }
}

#[tokio::test]
async fn a_form_in_parts_has_fields_files_and_values_in_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("été.bin");
    std::fs::write(&file, [0, 1, 2]).expect("a file");
    let server = server().await;
    let client = request_body_multipart::Client::builder().base_url(server.url()).build().expect("a client");
    let request = client.widgets().upload(file.as_path(), "a\r\nb");
    let request = request.pages([vec![1u8], vec![2u8]]);
    let request = request.cover(Upload::bytes(vec![3]).file_name("c\".png").header("X-Other", "o"));
    let request = request.settings(&Settings::default().loud(true)).tags(["x", "y"]).ids([1, 2]);
    let request = request.summary("s").caption("c").grid(&[vec![1, 2], vec![3]]).near(&Settings::default().loud(false));
    request.part("new", Upload::text("n")).await.expect("nothing");

    let request = server.request();
    let media_type = request.header("content-type").expect("a media type");
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
    let part = |head: &str, body: &[u8]| {
        let head = format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n");
        [head.as_bytes(), body, b"\r\n"].concat()
    };
    let expected = [
        part("name=\"file\"; filename=\"été.bin\"\r\ncontent-type: application/octet-stream", &[0, 1, 2]),
        part("name=\"title\"", b"a\r\nb"),
        part("name=\"pages\"; filename=\"pages\"\r\ncontent-type: application/octet-stream", &[1]),
        part("name=\"pages\"; filename=\"pages\"\r\ncontent-type: application/octet-stream", &[2]),
        part(
            "name=\"cover\"; filename=\"c%22.png\"\r\ncontent-type: image/png\r\n\
             X-Kind: cover\r\nX-Other: o",
            &[3],
        ),
        part("name=\"settings\"\r\ncontent-type: application/vnd.settings+json", br#"{"loud":true}"#),
        part("name=\"tags\"", b"x"),
        part("name=\"tags\"", b"y"),
        part("name=\"ids\"", b"1,2"),
        part("name=\"summary\"\r\ncontent-type: text/plain", b"s"),
        part("name=\"caption\"", b"c"),
        part("name=\"grid\"\r\ncontent-type: application/json", b"[1,2]"),
        part("name=\"grid\"\r\ncontent-type: application/json", b"[3]"),
        part("name=\"near\"\r\ncontent-type: application/json", br#"{"loud":false}"#),
        part("name=\"new\"", b"n"),
        format!("--{boundary}--\r\n").into_bytes(),
    ];
    assert_eq!(String::from_utf8_lossy(request.body()), String::from_utf8_lossy(&expected.concat()));
    assert_eq!(request.header("content-length"), Some(expected.concat().len().to_string().as_str()));
}

#[tokio::test]
async fn what_can_be_a_file_or_several_or_another_value_is_sent_as_a_file() {
    let server = server().await;
    let client = request_body_multipart::Client::builder().base_url(server.url()).build().expect("a client");
    let images = [Upload::bytes(vec![1u8]).file_name("a.png"), Upload::bytes(vec![2u8]).file_name("b.png")];
    client
        .widgets()
        .edit(images)
        .mask(vec![3u8])
        .layers([Upload::text("uri:")])
        .logo([vec![4u8]])
        .await
        .expect("nothing");
    let settings = Upload::text(r#"{"loud":true}"#).media_type("application/json");
    client.widgets().edit([vec![1u8]]).mask(settings).await.expect("nothing");
    let [files, value] = <[Request; 2]>::try_from(server.requests()).expect("two requests");
    let parts = |request: &Request| {
        let lines: Vec<_> = text(request).split("\r\n").map(str::to_owned).collect();
        let is_told = |line: &&String| !line.is_empty() && !line.starts_with("--");
        lines
            .iter()
            .filter(is_told)
            .map(|line| line.replace("content-disposition: form-data; ", ""))
            .collect::<Vec<_>>()
    };
    let expected = [
        "name=\"image\"; filename=\"a.png\"",
        "content-type: application/octet-stream",
        "\u{1}",
        "name=\"image\"; filename=\"b.png\"",
        "content-type: application/octet-stream",
        "\u{2}",
        "name=\"mask\"; filename=\"mask\"",
        "content-type: application/octet-stream",
        "\u{3}",
        "name=\"layers\"",
        "uri:",
        "name=\"logo\"; filename=\"logo\"",
        "content-type: image/png",
        "\u{4}",
    ];
    assert_eq!(parts(&files), expected);
    let expected = [
        "name=\"image\"; filename=\"image\"",
        "content-type: application/octet-stream",
        "\u{1}",
        "name=\"mask\"",
        "content-type: application/json",
        r#"{"loud":true}"#,
    ];
    assert_eq!(parts(&value), expected);
}

#[tokio::test]
async fn what_is_set_again_replaces_what_it_was() {
    let server = server().await;
    let client = request_body_multipart::Client::builder().base_url(server.url()).build().expect("a client");
    let request = client.widgets().upload(vec![0u8], "a").tags(["x", "y"]).pages([vec![1u8], vec![2u8]]);
    request.tags(["z"]).pages([vec![3u8]]).await.expect("nothing");
    let request = server.request();
    let body = String::from_utf8_lossy(request.body());
    let parts = ["tags", "pages"].map(|name| body.matches(&format!("; name=\"{name}\"")).count());
    assert_eq!(parts, [1, 1], "{body}");
    assert!(body.contains("\r\n\r\nz\r\n"), "{body}");
}

#[tokio::test]
async fn bodies_in_parts_are_not_only_forms() {
    let server = server().await;
    let client = request_body_multipart::Client::builder().base_url(server.url()).build().expect("a client");
    client.widgets().keep(&Settings::default().loud(true)).file(vec![1u8]).await.expect("nothing");
    client.widgets().batch().part("a", Upload::text("GET /")).await.expect("nothing");
    let [related, mixed] = <[Request; 2]>::try_from(server.requests()).expect("two requests");
    let media_type = related.header("content-type").expect("a media type");
    let rest = media_type.strip_prefix("multipart/related; boundary=").expect("a boundary");
    let boundary = rest.strip_suffix("; type=\"application/json\"").expect("the type of the root");
    let expected = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"settings\"\r\n\
         content-type: application/json\r\n\r\n{{\"loud\":true}}\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
         content-type: application/octet-stream\r\n\r\n\u{1}\r\n--{boundary}--\r\n"
    );
    assert_eq!(text(&related), expected);
    let media_type = mixed.header("content-type").expect("a media type");
    let boundary = media_type.strip_prefix("multipart/mixed; boundary=").expect("a boundary");
    assert!(text(&mixed).starts_with(&format!("--{boundary}\r\n")), "{}", text(&mixed));
}

#[tokio::test]
async fn a_file_is_sent_again_with_a_retry_and_a_missing_one_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("large");
    std::fs::write(&file, vec![7; 200_000]).expect("a file");
    let again = Reply::new(503, &[("retry-after", "0")], "");
    let server = Server::start([again, Reply::new(204, &[], "")]).await;
    let client = request_body_alternatives::Client::builder().base_url(server.url()).build().expect("a client");
    client.widgets().replace().body(file.as_path()).await.expect("nothing");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|request| request.body() == [7; 200_000]));

    let missing = client.widgets().replace().body(folder.path().join("missing").as_path()).await;
    assert_eq!(missing.expect_err("no file").kind(), request_body_alternatives::ErrorKind::Config);
    assert_eq!(server.requests().len(), 2);
}
