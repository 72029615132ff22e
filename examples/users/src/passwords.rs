//! Passwords: read once, hashed on a thread that may block, and never shown.

use std::fmt;
use std::sync::Arc;
use std::thread::available_parallelism;

use argon2::password_hash::{self, PasswordHasher};
use argon2::{Argon2, PasswordVerifier};
use garde::Validate;
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::{AcquireError, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

/// What only its owner knows, between the request and the hash.
#[derive(Clone, Deserialize, Validate)]
#[garde(transparent)]
#[serde(transparent)]
pub struct Password(#[garde(length(chars, min = 8, max = 128))] String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// What the database keeps of a password: a text in the PHC format, with its salt and its parameters.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The text, for the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it was made of this password.
    #[must_use]
    pub fn is_of(&self, Password(password): &Password) -> bool {
        Argon2::default().verify_password(password.as_bytes(), self.expose()).is_ok()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

impl From<String> for PasswordHash {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Why a password could not be hashed.
#[derive(Debug, Error)]
pub enum HashError {
    /// The function itself failed, as without a source of randomness.
    #[error("cannot hash: {0}")]
    Hash(#[from] password_hash::Error),
    /// The thread ended before its time.
    #[error("cannot finish hashing: {0}")]
    Thread(#[from] JoinError),
    /// Nobody hashes any longer.
    #[error("cannot begin hashing: {0}")]
    Closed(#[from] AcquireError),
}

/// Hashes with Argon2id, as many passwords at once as there are processors: each takes one, and 19 MiB, for a while.
#[derive(Clone, Debug)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        // Where the number is not known, one after the other is safe.
        let processors = available_parallelism().map_or(1, Into::into);
        Self(Arc::new(Semaphore::new(processors)))
    }
}

impl Hasher {
    /// Hashes with a salt of its own, elsewhere than on the threads that serve requests.
    pub async fn hash(&self, Password(password): Password) -> Result<PasswordHash, HashError> {
        let permit = Arc::clone(&self.0).acquire_owned().await?;
        // A client who leaves does not stop the thread, so the permit stays with it.
        let hashing = spawn_blocking(move || {
            let _permit = permit;
            Argon2::default().hash_password(password.as_bytes()).map(|hash| PasswordHash(hash.to_string()))
        });
        Ok(hashing.await??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password(text.to_owned())
    }

    #[tokio::test]
    async fn a_hash_is_of_one_password_and_salted() {
        let hasher = Hasher::default();
        let hash = hasher.hash(password("correct horse")).await.unwrap();
        assert!(hash.is_of(&password("correct horse")));
        assert!(!hash.is_of(&password("correct hors")));
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.expose());
        let again = hasher.hash(password("correct horse")).await.unwrap();
        assert_ne!(hash.expose(), again.expose());
        assert!(!PasswordHash::from("none".to_owned()).is_of(&password("")));
    }

    #[tokio::test]
    async fn whoever_leaves_gives_the_place_back() {
        let hasher = Hasher(Arc::new(Semaphore::new(1)));
        for _ in 0..3 {
            tokio::select! {
                biased;
                _ = hasher.hash(password("12345678")) => panic!("hashing waits for another thread"),
                () = std::future::ready(()) => {}
            }
        }
        hasher.hash(password("12345678")).await.unwrap();
    }

    #[test]
    fn nothing_is_shown() {
        let hash = PasswordHash::from("secret".to_owned());
        assert_eq!(format!("{:?} {hash:?}", password("secret")), "Password(..) PasswordHash(..)");
    }
}
