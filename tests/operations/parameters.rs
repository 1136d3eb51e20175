//! Parameters: every style in every place, byte for byte.

use parameter_styles::types::{Point, WidgetsListFormat};
use parameter_styles::{Client, ErrorKind};

use crate::server::{Reply, Server};

fn client(server: &Server) -> Client {
    Client::builder().base_url(server.url()).build().expect("a client")
}

#[tokio::test]
async fn every_style_is_written_as_the_specification_has_it() {
    let server = Server::start([Reply::new(204, &[], "")]).await;
    let point = Point::default().x(1).y(2);
    let request = client(&server).widgets().list([1, 2], &point, ["a b", "c"], "x/y", true, WidgetsListFormat::Csv);
    let request = request
        .colors(["red", "gr een"])
        .sizes([1, 2])
        .words(["a", "b"])
        .within(&point.clone().tags(vec!["t".to_owned()]));
    let request = request
        .next("/a?b=c&d#e")
        .filter(&point)
        .near(&point.clone().tags(vec!["t".to_owned(), "u".to_owned()]))
        .x_tags(["a", "b c"])
        .x_point(&point);
    request.session("a;b").raw("a=b").await.expect("nothing");

    let request = server.request();
    let (path, query) = request.line().split_once('?').expect("a query");
    assert_eq!(path, "GET /widgets/1,2.x=1.y=2;matrix=a%20b,c/x%2Fytrue/files.csv");
    let query: Vec<&str> = query.strip_suffix(" HTTP/1.1").expect("a version").split('&').collect();
    assert_eq!(
        query,
        [
            "colors=red,gr%20een",
            "sizes=1%7C2",
            "words=a%20b",
            "within%5Bx%5D=1",
            "within%5By%5D=2",
            "within%5Btags%5D%5B0%5D=t",
            "next=/a?b=c%26d%23e",
            "filter=%7B%22x%22%3A1%2C%22y%22%3A2%7D",
            "x=1",
            "y=2",
            "tags=t",
            "tags=u",
        ]
    );
    assert_eq!(request.headers("x-tags"), ["a,b c"]);
    assert_eq!(request.headers("x-point"), ["x=1,y=2"]);
    assert_eq!(request.headers("cookie"), ["session=a%3Bb; raw=a=b"]);
}

#[tokio::test]
async fn a_setter_that_is_called_again_replaces_what_it_set() {
    let server = Server::start([Reply::new(204, &[], "")]).await;
    // What is a number or a text is taken as either.
    let list = || client(&server).widgets().list([1], &Point::default().x(1), ["a"], "b", true, WidgetsListFormat::Csv);
    let request = list().sizes([1]).near(&Point::default().x(1).y(2)).next("n").count("1").session("a").x_tags(["a"]);
    let request = request.query_parameter("more", 1).query_parameter("more", 2);
    let request = request.sizes([2, 3]).near(&Point::default().x(3)).count(2).counts([3, 4]).session("b").x_tags(["b"]);
    request.await.expect("nothing");
    let request = server.request();
    let (_, query) = request.line().split_once('?').expect("a query");
    assert_eq!(query, "next=n&more=1&more=2&sizes=2%7C3&x=3&count=2&counts=3&counts=4 HTTP/1.1");
    assert_eq!((request.headers("cookie"), request.headers("x-tags")), (vec!["session=b"], vec!["b"]));
}

#[tokio::test]
async fn a_query_can_be_one_value() {
    let server = Server::start([Reply::new(204, &[], "")]).await;
    client(&server)
        .widgets()
        .search(&Point::default().x(1).tags(["a", "b"].map(str::to_owned).to_vec()))
        .await
        .expect("nothing");
    assert_eq!(server.request().line(), "GET /search?x=1&tags=a&tags=b HTTP/1.1");
}

#[tokio::test]
async fn what_would_lead_to_another_path_is_not_sent() {
    let server = Server::start([Reply::new(204, &[], "")]).await;
    let point = Point::default().x(1);
    for (ids, a) in [(vec![], "a"), (vec![1], "")] {
        let request = client(&server).widgets().list(ids, &point, ["m"], a, true, WidgetsListFormat::Csv);
        assert_eq!(request.await.expect_err("no such path").kind(), ErrorKind::Config);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_name_that_stands_for_several_segments_keeps_its_slashes() {
    let nothing = || Reply::new(204, &[], "");
    let server = Server::start([nothing(), nothing(), nothing(), nothing()]).await;
    let client = path_names::Client::builder().base_url(server.url()).build().expect("a client");
    client.shelves().get("shelves/1 a?#:é").await.expect("nothing");
    client.shelves().rest("a/b", "d/e", "b/c").await.expect("nothing");
    client.shelves().tagged("arn:a:shelf/b", "c/d").await.expect("nothing");
    client.shelves().tree("a/b c").await.expect("nothing");
    for path in ["..", "a/../../b", "a/."] {
        let error = client.files().read(path).await.expect_err("another path");
        assert_eq!(error.kind(), path_names::ErrorKind::Config);
    }
    let requests = server.requests();
    let lines: Vec<&str> = requests.iter().map(|request| request.line()).collect();
    let sent = [
        "GET /v1/shelves/1%20a%3F%23%3A%C3%A9 HTTP/1.1",
        "GET /v1/a%2Fb/d/e/b/c HTTP/1.1",
        "GET /v1/arn%3Aa%3Ashelf%2Fb/tags/c%2Fd HTTP/1.1",
        "GET /v1/trees/a/b%20c HTTP/1.1",
    ];
    assert_eq!(lines, sent);
}
