//! How a command ends badly: called wrongly (exit code 2), or something it ran failed (exit code 1).

use std::process::ExitCode;

pub(crate) type Outcome = Result<(), Failure>;

#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line makes no sense.
    Usage(String),
    /// Something that was run or checked failed.
    Broken(String),
    /// As `Broken`, but the command has already said so: its last line must stay the last.
    Reported,
}

impl Failure {
    pub(crate) fn broken(message: impl Into<String>) -> Self {
        Self::Broken(message.into())
    }

    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Broken(message) => Some(message),
            Self::Reported => None,
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Broken(_) | Self::Reported => ExitCode::FAILURE,
        }
    }

    /// Puts the name of the step in front, so that the end of a long log says where it stopped.
    pub(crate) fn in_step(self, name: &str) -> Self {
        match self {
            Self::Broken(message) => Self::Broken(format!("step `{name}`: {message}")),
            other @ (Self::Usage(_) | Self::Reported) => other,
        }
    }
}
