//! A PostgreSQL server for these tests alone: in a folder of its own, reached by a socket in it, gone when the tests are over.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};

/// Where packages put the programs of the server, which is not on the path: a folder, how folders in it are called, and where in
/// those the programs are.
const PLACES: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
    ("/usr/lib64", "pgsql"),
];

const MISSING: &str = "no `initdb` of PostgreSQL on the path, or where packages put it: these tests start a server of their own. Install \
                       the server (Debian and Ubuntu: `apt-get install postgresql`; Homebrew: `brew install postgresql@17`), or let \
                       `cargo xtask test` do it";

/// The server; it ends with the pipe to it, so with this process, however that ends.
struct Server {
    folder: PathBuf,
    _guardian: Child,
}

/// A pool of connections to an empty schema of that name.
pub(crate) async fn pool(schema: &str) -> PgPool {
    let options = options(&server().folder);
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let options = options.options([("search_path", schema)]);
    PgPoolOptions::new().max_connections(2).connect_with(options).await.unwrap()
}

fn options(folder: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass().socket(folder).username("tollgate").database("postgres")
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        // A thread of its own: whoever asks may be within a runtime already.
        std::thread::scope(|scope| scope.spawn(start).join())
            .unwrap_or_else(|_| panic!("PostgreSQL did not start: see above"))
    })
}

fn start() -> Server {
    let programs = programs().unwrap_or_else(|| panic!("{MISSING}"));
    let user = user();
    // A path to a socket has at most some hundred bytes.
    let folder = PathBuf::from(format!("/tmp/tollgate-sql-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    if let Some(user) = user {
        run(Command::new("chown").arg(user).arg(&folder));
    }
    let data = folder.join("data");
    let mut initdb = as_user(user, &programs.join("initdb"));
    initdb
        .args(["--username=tollgate", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
        .arg(&data);
    run(initdb.current_dir(&folder));
    let guardian = guarded(user, &programs, &folder, &data);
    wait_for(&folder);
    Server { folder, _guardian: guardian }
}

/// A shell that ends the server, and takes away the folder, when nobody holds the other end of its input any more.
fn guarded(user: Option<&str>, programs: &Path, folder: &Path, data: &Path) -> Child {
    const SCRIPT: &str = "trap '' INT HUP
        \"$1/postgres\" -D \"$3\" -k \"$2\" -c listen_addresses= -c fsync=off -c autovacuum=off >\"$2/log\" 2>&1 &
        cat >/dev/null; kill -INT $!; wait; cd /; rm -rf \"$2\"";
    let mut shell = as_user(user, Path::new("sh"));
    shell.args(["-c", SCRIPT, "sh"]).arg(programs).arg(folder).arg(data).current_dir(folder);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
}

fn wait_for(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let is_ready = || runtime.block_on(PgConnection::connect_with(&options(folder))).is_ok();
    for _ in 0..600 {
        if is_ready() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("PostgreSQL does not answer: {}", fs::read_to_string(folder.join("log")).unwrap_or_default());
}

/// The server refuses to be run by root.
fn user() -> Option<&'static str> {
    let is_root = output(Command::new("id").arg("-u")).stdout.starts_with(b"0");
    let exists = |user: &&str| output(Command::new("id").args(["-u", user])).status.success();
    is_root.then(|| ["postgres", "nobody"].into_iter().find(exists).unwrap_or("nobody"))
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("runuser");
    command.args(["-u", user, "--"]).arg(program);
    command
}

fn run(command: &mut Command) {
    let output = output(command);
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn output(command: &mut Command) -> Output {
    match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("{command:?}: there is no such program; {MISSING}")
        }
        Err(error) => panic!("{command:?}: {error}"),
    }
}

/// The folder of the programs: on the path, or the newest of those that packages bring.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut on_path = std::env::split_paths(&path).filter(|folder| folder.join("initdb").is_file());
    on_path.next().or_else(|| {
        let all = PLACES.iter().flat_map(|(parent, prefix)| packaged(Path::new(parent), prefix));
        all.filter(|folder| folder.join("initdb").is_file()).max_by_key(|folder| version(folder))
    })
}

fn packaged(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let folders = entries.filter_map(Result::ok).map(|entry| entry.path());
    let is_named =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
    folders.filter(is_named).map(|path| path.join("bin")).collect()
}

/// What number a folder has in its path.
fn version(folder: &Path) -> u32 {
    let digits: String = folder.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}
