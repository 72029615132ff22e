//! A shell that starts, stops and ends one server, and takes it away when nobody holds the other end of its input any more.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// It answers every word with a line, when what the word asks for is done. `$1` is the folder, the rest the server's command.
const SCRIPT: &str = r#"
trap '' INT HUP TERM
folder=$1; shift; cd "$folder" || exit
server=
while read -r word; do
    case $word in
        start) "$@" </dev/null >>log 2>&1 & server=$! ;;
        kill) kill -KILL "$server"; wait "$server" ;;
        stop) kill -STOP "$server" ;;
        resume) kill -CONT "$server" ;;
    esac
    echo done
done
[ -n "$server" ] && kill -KILL "$server"
wait
cd /; rm -rf "$folder"
"#;

/// The shell.
#[derive(Debug)]
pub(crate) struct Guardian {
    ends: Mutex<Ends>,
}

#[derive(Debug)]
struct Ends {
    shell: Child,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Guardian {
    /// For the server that `command` starts, which runs in that folder. It does not run yet.
    pub(crate) fn new<Word: AsRef<OsStr>>(folder: &Path, command: impl IntoIterator<Item = Word>) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "sh"]).arg(folder).args(command);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut shell = shell.spawn().unwrap();
        let (words, answers) = (shell.stdin.take(), BufReader::new(shell.stdout.take().unwrap()));
        Self { ends: Mutex::new(Ends { shell, words, answers }) }
    }

    /// Starts the server, which may take a while until it can be reached.
    pub(crate) fn start(&self) {
        self.say("start");
    }

    /// Ends the server with SIGKILL, also where it was stopped; it is gone when this returns.
    pub(crate) fn kill(&self) {
        self.say("kill");
    }

    /// SIGSTOP: the server keeps its connections, and answers nothing.
    pub(crate) fn stop(&self) {
        self.say("stop");
    }

    /// SIGCONT.
    pub(crate) fn resume(&self) {
        self.say("resume");
    }

    fn say(&self, word: &str) {
        let mut ends = self.ends();
        let mut answer = String::new();
        writeln!(ends.words.as_mut().unwrap(), "{word}").unwrap();
        ends.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n", "the shell that guards a server has ended");
    }

    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        let mut ends = self.ends();
        drop(ends.words.take());
        let _ = ends.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait_until;

    fn is_running(id: &str) -> bool {
        Command::new("kill").args(["-0", id]).stderr(Stdio::null()).status().unwrap().success()
    }

    #[test]
    fn a_server_ends_with_its_guardian_and_its_folder_goes() {
        let folder = std::env::temp_dir().join(format!("tollgate-guardian-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let id = || std::fs::read_to_string(folder.join("id")).unwrap_or_default();
        let command = ["sh", "-c", "echo $$ >id; exec sleep 600"];
        let guardian = Guardian::new(&folder, command);
        guardian.start();
        wait_until("the first start", || id().ends_with('\n'));
        let first = id();
        assert!(is_running(first.trim()));
        guardian.kill();
        assert!(!is_running(first.trim()));
        guardian.start();
        wait_until("the second start", || id().ends_with('\n') && id() != first);
        let second = id();
        guardian.stop();
        drop(guardian);
        assert!(!is_running(second.trim()) && !folder.exists());
    }
}
