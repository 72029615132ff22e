//! The program `limited`: a process of its own, which is asked over a socket.

use std::process::Stdio;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tollgate_tests::Answer;

use crate::service::{Sent, store_errors};

/// No answer takes longer: else something hangs.
const DEADLINE: Duration = Duration::from_secs(20);

/// A running one. It ends with this.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    address: String,
}

impl Program {
    pub(crate) async fn start(url: &str, timeout: &str, seconds_ahead: u32) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_limited"));
        command.args([url, timeout, &seconds_ahead.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).await.unwrap();
        Self { child, address: address.trim().to_owned() }
    }

    /// Several of one service; each one's clock is so many seconds ahead.
    pub(crate) async fn several(url: &str, timeout: &str, seconds_ahead: &[u32]) -> Vec<Self> {
        let mut all = Vec::new();
        for seconds in seconds_ahead {
            all.push(Self::start(url, timeout, *seconds).await);
        }
        all
    }

    /// What a client is answered, in time.
    pub(crate) async fn ask(&self, path: &str, client: &str) -> Answer {
        ask(&self.address, path, client).await
    }

    /// Holds that it runs on.
    pub(crate) fn is_well(&mut self) {
        assert_eq!(self.child.try_wait().unwrap(), None);
    }
}

async fn ask(address: &str, path: &str, client: &str) -> Answer {
    let exchange = async {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: a\r\nx-client: {client}\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = tokio::time::timeout(DEADLINE, exchange).await;
    parsed(&answer.unwrap_or_else(|_| panic!("{path} hangs")))
}

fn parsed(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer}"));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap();
    let field = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    };
    Answer {
        status: status.parse::<StatusCode>().unwrap(),
        headers: lines.map(field).collect::<HeaderMap>(),
        body: body.to_owned(),
    }
}

/// So many requests of a client at once, dealt out to the processes.
pub(crate) async fn crowd(programs: &[Program], path: &'static str, client: &str, count: usize) -> Sent {
    let mut requests = JoinSet::new();
    for program in programs.iter().cycle().take(count) {
        let (address, client) = (program.address.clone(), client.to_owned());
        requests.spawn(async move { ask(&address, path, &client).await });
    }
    let mut sent = Sent::default();
    for answer in requests.join_all().await {
        sent.note(&answer);
    }
    sent
}

/// How often all processes together count that outcome of a site, as their `/metrics` say.
pub(crate) async fn outcome(programs: &[Program], site: &str, outcome: &str) -> u64 {
    let name =
        format!("tollgate_decisions_total{{site=\"{site}\",policy=\"rate_limited\",outcome=\"{outcome}\"}} ");
    let mut sum = 0;
    for program in programs {
        let metrics = program.ask("/metrics", "the collector").await.body;
        let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
        sum += line.unwrap_or_else(|| panic!("no {name} in {metrics}")).parse::<u64>().unwrap();
    }
    sum
}

/// How often their stores could not be asked.
pub(crate) async fn all_store_errors(programs: &[Program]) -> u64 {
    let mut sum = 0;
    for program in programs {
        sum += store_errors(&program.ask("/metrics", "the collector").await.body);
    }
    sum
}
