//! Lists that come in pages: what is asked for after each page, and where the list ends.

use pagination::services::widgets::Widgets;
use pagination::{Client, ErrorKind, Items};

use crate::server::{Reply, Server};

fn widgets(server: &Server) -> Widgets {
    Client::builder().base_url(server.url()).build().expect("a client").widgets()
}

fn pages(bodies: &[&str]) -> Vec<Reply> {
    bodies.iter().map(|body| Reply::json(200, body)).collect()
}

/// The ids of all items, and the queries of the requests for them.
async fn read(server: &Server, mut items: Items<pagination::types::Widget>) -> (String, Vec<String>) {
    let mut ids = String::new();
    while let Some(item) = items.next().await {
        ids.push_str(&item.expect("a widget").id);
    }
    assert!(items.next().await.is_none(), "the end is the end");
    (ids, queries(server))
}

fn queries(server: &Server) -> Vec<String> {
    let query =
        |line: &str| line.split_once('?').map_or("", |(_, query)| query.trim_end_matches(" HTTP/1.1")).to_owned();
    server.requests().iter().map(|request| query(request.line())).collect()
}

#[tokio::test]
async fn a_cursor_is_sent_as_it_came_until_there_is_none() {
    let bodies = [
        r#"{"widgets": [{"id": "a"}], "next_cursor": "x&y=/", "has_more": true}"#,
        r#"{"widgets": [], "next_cursor": "z", "has_more": true}"#,
        r#"{"widgets": [{"id": "b"}, {"id": "c"}], "next_cursor": null, "has_more": true}"#,
    ];
    let server = Server::start(pages(&bodies)).await;
    let request = widgets(&server).by_cursor().page_size(2).cursor("w").header("x-test", "t");
    let (ids, queries) = read(&server, request.items()).await;
    assert_eq!(ids, "abc");
    assert_eq!(queries, ["page_size=2&cursor=w", "page_size=2&cursor=x%26y%3D%2F", "page_size=2&cursor=z"]);
    assert!(server.requests().iter().all(|request| request.headers("x-test") == ["t"]));
}

#[tokio::test]
async fn a_list_ends_where_the_server_says_so_whatever_the_cursor() {
    let server = Server::start(pages(&[r#"{"widgets": [], "next_cursor": "x", "has_more": false}"#])).await;
    assert_eq!(read(&server, widgets(&server).by_cursor().items()).await.1, [""]);
    let server = Server::start(pages(&[r#"{"items": [], "page": {"endCursor": "x", "hasNextPage": false}}"#])).await;
    assert_eq!(read(&server, widgets(&server).by_relay_cursor().items()).await.1, [""]);
}

#[tokio::test]
async fn a_cursor_that_comes_again_is_an_error_behind_its_page() {
    let body = r#"{"widgets": [{"id": "a"}], "next_cursor": "x", "has_more": true}"#;
    let server = Server::start(pages(&[body])).await;
    let mut pages = widgets(&server).by_cursor().pages();
    for _ in 0..2 {
        assert_eq!(pages.next().await.expect("a page").expect("a page").widgets[0].id, "a");
    }
    let error = pages.next().await.expect("an error").expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert!(pages.next().await.is_none());
    assert_eq!(queries(&server), ["", "cursor=x"]);
}

#[tokio::test]
async fn what_is_last_on_a_page_is_what_the_next_one_comes_after() {
    let bodies = [
        r#"{"widgets": [{"id": "a"}], "last_widget_id": "a", "has_more": true}"#,
        r#"{"widgets": [{"id": "b"}], "last_widget_id": "b", "has_more": false}"#,
    ];
    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_last_id().items()).await;
    assert_eq!((ids.as_str(), queries), ("ab", vec![String::new(), "start_after_widget_id=a".to_owned()]));

    let bodies =
        [r#"{"data": [{"id": "a"}, {"id": "b"}], "has_more": true}"#, r#"{"data": [{"id": "c"}], "has_more": false}"#];
    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_last_item().items()).await;
    assert_eq!((ids.as_str(), queries), ("abc", vec![String::new(), "starting_after=b".to_owned()]));
}

#[tokio::test]
async fn pages_and_items_are_counted_until_one_is_empty() {
    let bodies = [r#"[{"id": "a"}, {"id": "b"}]"#, r#"[{"id": "c"}]"#, "[]"];
    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_page().per_page(2).items()).await;
    assert_eq!(
        (ids.as_str(), queries),
        ("abc", ["per_page=2", "per_page=2&page=2", "per_page=2&page=3"].map(String::from).to_vec())
    );

    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_offset().offset(10).items()).await;
    assert_eq!((ids.as_str(), queries), ("abc", ["offset=10", "offset=12", "offset=13"].map(String::from).to_vec()));
}

#[tokio::test]
async fn pages_are_not_asked_for_behind_the_last_of_all() {
    let bodies = [
        r#"{"widgets": [{"id": "a"}], "meta": {"total_pages": 2}}"#,
        r#"{"widgets": [{"id": "b"}], "meta": {"total_pages": 2}}"#,
    ];
    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_page_of_all().items()).await;
    assert_eq!((ids.as_str(), queries), ("ab", vec![String::new(), "page=1".to_owned()]));
    let server = Server::start(pages(&bodies[1..])).await;
    assert_eq!(read(&server, widgets(&server).by_page_of_all().page(1).items()).await.1, ["page=1"]);
    let server = Server::start(pages(&[r#"{"widgets": [], "meta": {"total_pages": 0}}"#])).await;
    assert_eq!(read(&server, widgets(&server).by_page_of_all().items()).await.1, [""]);
}

#[tokio::test]
async fn a_cursor_that_comes_again_without_items_is_the_end() {
    let bodies = [
        r#"{"widgets": [{"id": "a"}], "next_cursor": "x", "has_more": true}"#,
        r#"{"widgets": [], "next_cursor": "x", "has_more": true}"#,
    ];
    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_cursor().items()).await;
    assert_eq!((ids.as_str(), queries), ("a", vec![String::new(), "cursor=x".to_owned()]));
}

#[tokio::test]
async fn a_server_that_does_not_count_gives_its_list_once() {
    let server = Server::start(pages(&[r#"[{"id": "a"}]"#])).await;
    let (ids, queries) = read(&server, widgets(&server).by_page().items()).await;
    assert_eq!((ids.as_str(), queries.len()), ("a", 2));
}

#[tokio::test]
async fn links_are_followed_by_their_queries_alone() {
    let bodies = [
        r#"{"results": [{"id": "a"}], "next": "https://other.example/v1/by-uri?page=2&a=%20b"}"#,
        r#"{"results": [{"id": "b"}], "next": null}"#,
    ];
    let server = Server::start(pages(&bodies)).await;
    let (ids, queries) = read(&server, widgets(&server).by_uri().items()).await;
    assert_eq!((ids.as_str(), queries), ("ab", vec![String::new(), "page=2&a=%20b".to_owned()]));
}

#[tokio::test]
async fn links_lead_to_other_paths_of_the_server_and_to_no_other_server() {
    let page = |link: &str| format!(r#"{{"widgets": [{{"id": "a"}}], "links": {{"next": "{link}"}}}}"#);
    for link in ["/shops/77/widgets?page=2", "shops/77/widgets?page=2"] {
        let server = Server::start(pages(&[&page(link), r#"{"widgets": [{"id": "b"}], "links": {}}"#])).await;
        assert_eq!(read(&server, widgets(&server).by_link().items()).await.0, "ab", "{link}");
        assert_eq!(server.requests()[1].line(), "GET /shops/77/widgets?page=2 HTTP/1.1");
    }
    let server = Server::start(pages(&[&page("https://other.example/secrets?page=2")])).await;
    let mut pages = widgets(&server).by_link().pages();
    pages.next().await.expect("a page").expect("a page");
    let error = pages.next().await.expect("an error").expect_err("another server");
    assert_eq!(error.to_string(), "the next page is at `https://other.example/secrets`, which is no page of this API");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn links_in_the_header_are_followed() {
    let link =
        r#"<https://x.example/shops/a%20b/by-header?page=1>; rel="prev", </shops/a b/by-header?page=3>; rel="next""#;
    let first = Reply::new(200, &[("link", link)], r#"[{"id": "a"}]"#);
    let server = Server::start([first, Reply::json(200, r#"[{"id": "b"}]"#)]).await;
    let (ids, queries) = read(&server, widgets(&server).by_header("a b").page(2).items()).await;
    assert_eq!((ids.as_str(), queries), ("ab", vec!["page=2".to_owned(), "page=3".to_owned()]));
}

#[tokio::test]
async fn a_page_is_asked_for_again_when_it_fails_and_an_error_ends_the_list() {
    let page = r#"{"widgets": [{"id": "a"}], "next_cursor": "x", "has_more": true}"#;
    let script = [Reply::new(503, &[("retry-after", "0")], ""), Reply::json(200, page), Reply::new(404, &[], "")];
    let server = Server::start(script).await;
    let mut items = widgets(&server).by_cursor().items();
    assert_eq!(items.next().await.expect("an item").expect("a widget").id, "a");
    assert_eq!(items.next().await.expect("an error").expect_err("404").kind(), ErrorKind::Status);
    assert!(items.next().await.is_none());
    assert_eq!(queries(&server), ["", "", "cursor=x"]);
}

#[tokio::test]
async fn an_item_that_cannot_be_decoded_is_an_error_with_its_place() {
    let body = r#"{"widgets": [{"id": "a"}, {"id": 1}], "next_cursor": "x", "has_more": true}"#;
    let server = Server::start(pages(&[body])).await;
    let mut items = widgets(&server).by_cursor().items();
    let error = items.next().await.expect("an error").expect_err("no widget");
    assert_eq!(error.decode_error().expect("a place").path(), "widgets[1].id");
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn streams_of_pages_can_be_sent_to_other_threads() {
    fn sent<S: Send + 'static>(stream: S) -> S {
        stream
    }
    let server = Server::start(pages(&[r#"{"items": [1, 2]}"#])).await;
    let mut items = sent(widgets(&server).by_token().items());
    let sum = tokio::spawn(async move {
        let mut sum = 0;
        while let Some(item) = items.next().await {
            sum += item.expect("a number");
        }
        sum
    });
    assert_eq!(sum.await.expect("a sum"), 3);
}

#[test]
fn pages_can_be_waited_for_where_there_is_no_asynchronous_runtime() {
    let mock = pagination::testing::Mock::new();
    mock.expect("GET", "/by-token").body("application/json", r#"{"items": [1], "nextPageToken": "t"}"#);
    mock.expect("GET", "/by-token").body("application/json", r#"{"items": [2]}"#);
    let client = Client::builder().base_url("https://api.example.com").transport(mock).build().expect("a client");
    let mut items = client.widgets().by_token().items();
    let mut sum = 0;
    while let Some(item) = items.next_blocking() {
        sum += item.expect("a number");
    }
    assert_eq!(sum, 3);
}

#[tokio::test]
async fn waiting_for_pages_where_that_would_block_a_runtime_is_one_error() {
    let client = Client::builder().base_url("https://api.example.com").build().expect("a client");
    let mut items = client.widgets().by_token().items();
    assert_eq!(items.next_blocking().expect("an error").expect_err("a runtime").kind(), ErrorKind::Config);
    assert!(items.next().await.is_none(), "the end is the end");
}
