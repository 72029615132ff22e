//! Scripts that the server runs, and what they are given.

use std::sync::OnceLock;

use ::redis::Cmd;

/// The text of a Lua script, which the server knows by its SHA-1.
#[derive(Debug)]
pub(crate) struct Script {
    code: &'static str,
    hash: OnceLock<String>,
}

/// One of a script's `ARGV`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Arg<'a> {
    Text(&'a str),
    Number(u64),
    Fraction(f64),
    Bytes(&'a [u8]),
}

impl Script {
    pub(crate) const fn new(code: &'static str) -> Self {
        Self { code, hash: OnceLock::new() }
    }

    fn hash(&self) -> &str {
        self.hash.get_or_init(|| ::redis::Script::new(self.code).get_hash().to_owned())
    }

    /// The call of a script that the server knows.
    pub(super) fn call(&self, keys: &[String], args: &[Arg<'_>]) -> Cmd {
        command("EVALSHA", self.hash(), keys, args)
    }

    /// The same with the text, from which the server learns it.
    pub(super) fn teach(&self, keys: &[String], args: &[Arg<'_>]) -> Cmd {
        command("EVAL", self.code, keys, args)
    }
}

fn command(name: &str, script: &str, keys: &[String], args: &[Arg<'_>]) -> Cmd {
    const DIGITS: usize = 20;
    let words: usize = keys.iter().map(String::len).sum();
    let long = |arg: &Arg<'_>| if let Arg::Bytes(bytes) = arg { bytes.len() } else { 0 };
    let bytes =
        name.len() + script.len() + words + (args.len() + 1) * DIGITS + args.iter().map(long).sum::<usize>();
    let mut command = Cmd::with_capacity(3 + keys.len() + args.len(), bytes);
    command.arg(name).arg(script).arg(keys.len());
    for key in keys {
        command.arg(key.as_str());
    }
    for arg in args {
        match arg {
            Arg::Text(text) => command.arg(*text),
            Arg::Number(number) => command.arg(*number),
            Arg::Fraction(number) => command.arg(*number),
            Arg::Bytes(bytes) => command.arg(*bytes),
        };
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_called_by_its_sha1_and_taught_by_its_text() {
        static ONE: Script = Script::new("return 1");
        let packed = |command: Cmd| String::from_utf8(command.get_packed_command()).unwrap();
        let (keys, args) = (["a".to_owned()], [Arg::Number(7), Arg::Text("b")]);
        let expected = "$1\r\n1\r\n$1\r\na\r\n$1\r\n7\r\n$1\r\nb\r\n";
        let sha1 = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";
        assert_eq!(
            packed(ONE.call(&keys, &args)),
            format!("*6\r\n$7\r\nEVALSHA\r\n$40\r\n{sha1}\r\n{expected}")
        );
        assert_eq!(
            packed(ONE.teach(&keys, &args)),
            format!("*6\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n{expected}")
        );
    }

    #[test]
    fn bytes_are_sent_as_they_are() {
        static ONE: Script = Script::new("return 1");
        let packed = ONE.teach(&[], &[Arg::Bytes(&[0, 255, b'\r', b'\n'])]).get_packed_command();
        assert!(packed.ends_with(b"$1\r\n0\r\n$4\r\n\x00\xff\r\n\r\n"));
    }
}
