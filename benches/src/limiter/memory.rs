//! Bytes of one key.

use std::{env, fs, process::Command};

use super::{
    Sizes, address,
    subject::{Governor, Subject, Tollgate},
};
use crate::{Failure, markdown::Table};

/// How often the memory is looked at on the way to the largest number of clients.
const LOOKS: u32 = 200;
/// Before this part of the clients is there, the process's own memory is too large a part of the whole.
const FIRST: u32 = 10;

/// What a limiter took for so many clients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// How many clients there were.
    pub clients: u32,
    /// The memory that the process had grown by.
    pub bytes: u64,
}

impl Fill {
    /// Of one client.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "far fewer bytes than 2^52")]
    pub fn bytes_each(self) -> f64 {
        self.bytes as f64 / f64::from(self.clients)
    }
}

/// Fills the limiter of that name, and looks at this process's memory from time to time.
pub fn fill(name: &str, clients: u32) -> Result<Vec<Fill>, Failure> {
    match name {
        Tollgate::NAME => fill_up::<Tollgate>(clients),
        Governor::NAME => fill_up::<Governor>(clients),
        _ => Err(format!("no limiter is called {name}").into()),
    }
}

fn fill_up<S: Subject>(clients: u32) -> Result<Vec<Fill>, Failure> {
    let before = resident()?;
    let subject = S::new(clients as usize * 2);
    let mut fills = Vec::with_capacity(LOOKS as usize);
    for client in 1..=clients {
        if !subject.admit(address(client)) {
            return Err(format!("{} refused a client", S::NAME).into());
        }
        if client.is_multiple_of(clients.div_ceil(LOOKS)) {
            fills.push(Fill { clients: client, bytes: resident()?.saturating_sub(before) });
        }
    }
    Ok(fills)
}

/// This process's memory in bytes.
fn resident() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB"));
    Ok(kilobytes.ok_or("no VmRSS in /proc/self/status")?.trim().parse::<u64>()? * 1024)
}

/// The fills of tollgate and of governor, each in a process of its own.
pub fn measure_memory(sizes: Sizes) -> Result<[Vec<Fill>; 2], Failure> {
    Ok([fill_apart(Tollgate::NAME, sizes.many)?, fill_apart(Governor::NAME, sizes.many)?])
}

fn fill_apart(name: &str, clients: u32) -> Result<Vec<Fill>, Failure> {
    let mut child = Command::new(env::current_exe()?);
    let output = child.args(["--fill", name, &clients.to_string()]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    String::from_utf8(output.stdout)?.lines().map(parse).collect()
}

/// A line that `--fill` printed.
fn parse(line: &str) -> Result<Fill, Failure> {
    let (clients, bytes) = line.split_once(' ').ok_or("a line of --fill has two numbers")?;
    Ok(Fill { clients: clients.parse()?, bytes: bytes.parse()? })
}

/// The fill at which a client takes the most, not counting the first few.
pub(super) fn worst(fills: &[Fill]) -> Option<Fill> {
    let last = fills.last()?.clients;
    let counted = fills.iter().copied().filter(|fill| fill.clients >= last / FIRST);
    counted.max_by(|a, b| a.bytes_each().total_cmp(&b.bytes_each()))
}

/// The table that is printed: the first fill that counts, the last one and the worst.
#[must_use]
pub fn memory_table(measured: &[Vec<Fill>; 2]) -> Table<4> {
    let mut table = Table::new(["limiter", "clients", "bytes each", ""]);
    for (name, fills) in [Tollgate::NAME, Governor::NAME].into_iter().zip(measured) {
        let last = fills.last().copied();
        let first =
            last.and_then(|last| fills.iter().copied().find(|fill| fill.clients >= last.clients / FIRST));
        for (fill, what) in [(first, ""), (last, ""), (worst(fills), "the most at any fill between")] {
            let Some(fill) = fill else { continue };
            let cells = [name, &fill.clients.to_string(), &format!("{:.1}", fill.bytes_each()), what];
            table.push(cells.map(str::to_owned));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{super::tests::SMALL, *};

    #[test]
    fn both_are_looked_at_until_they_are_full() {
        for name in ["tollgate", "governor"] {
            let fills = fill(name, SMALL.many).unwrap();
            assert_eq!((fills.len(), fills.last().unwrap().clients), (200, SMALL.many), "{name}");
        }
        assert!(fill("nobody", 1).is_err());
    }

    #[test]
    fn the_first_few_clients_do_not_count() {
        let fills = [(1, 900), (10, 500), (20, 1_200), (100, 4_000)];
        let fills = fills.map(|(clients, bytes)| Fill { clients, bytes });
        assert_eq!(worst(&fills), Some(fills[2]));
        assert_eq!(worst(&[]), None);
    }

    #[test]
    fn a_line_is_two_numbers() {
        assert_eq!(parse("10 640").unwrap(), Fill { clients: 10, bytes: 640 });
        assert!(parse("10").is_err());
    }
}
