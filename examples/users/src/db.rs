//! The state of the service: all users, in an `SQLite` database.

use std::path::Path;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use tollgate::{Page, Pagination};

use crate::errors::{ChangeError, DatabaseError, FindError, SaveError};
use crate::passwords::{Hasher, PasswordHash};
use crate::users::{NewUser, User, UserChange};

const SCHEMA: &str = include_str!("../schema.sql");

/// All users, cheap to clone for every request.
#[derive(Clone, Debug)]
pub struct Db {
    pool: SqlitePool,
    hasher: Hasher,
}

impl Db {
    /// Opens the file, which is made if it is not there, or a database in memory that ends with the service.
    pub async fn open(path: Option<&Path>) -> sqlx::Result<Self> {
        let pool = match path {
            Some(path) => in_file(path).await?,
            None => in_memory().await?,
        };
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self { pool, hasher: Hasher::default() })
    }

    /// Makes an account, and gives it with its id.
    pub async fn create(&self, NewUser { email, name, password }: NewUser) -> Result<User, SaveError> {
        let hash = self.hasher.hash(password).await?;
        let insert = sqlx::query_as(
            "INSERT INTO users (email, name, password_hash) VALUES (?1, ?2, ?3)
             RETURNING id, email, name, created_at",
        );
        Ok(insert.bind(email).bind(name).bind(hash.expose()).fetch_one(&self.pool).await?)
    }

    /// The user of that id.
    pub async fn user(&self, id: i64) -> Result<User, FindError> {
        let user = sqlx::query_as("SELECT id, email, name, created_at FROM users WHERE id = ?1").bind(id);
        user.fetch_optional(&self.pool).await?.ok_or(FindError::NotFound { id })
    }

    /// Changes an account, and gives what has become of it.
    pub async fn change(&self, id: i64, change: UserChange) -> Result<User, ChangeError> {
        let changed = self.save(id, change).await?;
        Ok(changed.ok_or(FindError::NotFound { id })?)
    }

    async fn save(&self, id: i64, change: UserChange) -> Result<Option<User>, SaveError> {
        let UserChange { email, name, password } = change;
        let hash = match password {
            Some(password) => Some(self.hasher.hash(password).await?),
            None => None,
        };
        let update = sqlx::query_as(
            "UPDATE users
             SET email = coalesce(?2, email), name = coalesce(?3, name),
                 password_hash = coalesce(?4, password_hash)
             WHERE id = ?1 RETURNING id, email, name, created_at",
        );
        let hash = hash.as_ref().map(PasswordHash::expose);
        Ok(update.bind(id).bind(email).bind(name).bind(hash).fetch_optional(&self.pool).await?)
    }

    /// Deletes an account.
    pub async fn delete(&self, id: i64) -> Result<(), FindError> {
        let delete = sqlx::query("DELETE FROM users WHERE id = ?1").bind(id);
        match delete.execute(&self.pool).await?.rows_affected() {
            0 => Err(FindError::NotFound { id }),
            _ => Ok(()),
        }
    }

    /// A page of users, and how many there are.
    pub async fn page(&self, pagination: &Pagination<User>) -> Result<Page<User>, DatabaseError> {
        let users = pagination.select("SELECT id, email, name, created_at FROM users");
        Ok(users.fetch(&self.pool).await?)
    }
}

/// With a log written ahead, so that readers and a writer do not wait for each other.
async fn in_file(path: &Path) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    SqlitePool::connect_with(options).await
}

/// Every connection to `:memory:` has a database of its own, which ends with it: so there is one, and it never ends.
async fn in_memory() -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new().filename(":memory:");
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    pool.connect_with(options).await
}

#[cfg(test)]
mod tests {
    use crate::passwords::Password;

    use super::*;

    fn new_user(email: &str, name: &str, password: &str) -> NewUser {
        let json = serde_json::json!({ "email": email, "name": name, "password": password });
        serde_json::from_value(json).unwrap()
    }

    fn change(json: serde_json::Value) -> UserChange {
        serde_json::from_value(json).unwrap()
    }

    async fn hash(db: &Db, id: i64) -> PasswordHash {
        let hash = sqlx::query_scalar::<_, String>("SELECT password_hash FROM users WHERE id = ?1").bind(id);
        hash.fetch_one(&db.pool).await.unwrap().into()
    }

    fn password(text: &str) -> Password {
        serde_json::from_value(text.into()).unwrap()
    }

    #[tokio::test]
    async fn a_user_is_kept_with_a_hash_of_the_password() {
        let db = Db::open(None).await.unwrap();
        let ada = db.create(new_user("Ada@example.com", "Ada", "correct horse")).await.unwrap();
        assert_eq!((ada.id, ada.email.as_str(), ada.name.as_str()), (1, "Ada@example.com", "Ada"));
        assert_eq!((ada.created_at.len(), &ada.created_at[10..11], &ada.created_at[19..]), (20, "T", "Z"));
        assert_eq!(db.user(1).await.unwrap(), ada);
        assert!(hash(&db, 1).await.is_of(&password("correct horse")));
    }

    #[tokio::test]
    async fn an_address_is_one_users_in_whatever_case() {
        let db = Db::open(None).await.unwrap();
        db.create(new_user("ada@example.com", "Ada", "12345678")).await.unwrap();
        let again = db.create(new_user("ADA@Example.com", "Ada", "12345678")).await;
        assert!(matches!(again, Err(SaveError::EmailTaken)), "{again:?}");
        let grace = db.create(new_user("grace@example.com", "Grace", "12345678")).await.unwrap();
        let taken = db.change(grace.id, change(serde_json::json!({ "email": "Ada@example.com" }))).await;
        assert!(matches!(taken, Err(ChangeError::Save(SaveError::EmailTaken))), "{taken:?}");
        let own = db.change(grace.id, change(serde_json::json!({ "email": "GRACE@example.com" }))).await;
        assert_eq!(own.unwrap().email, "GRACE@example.com");
    }

    #[tokio::test]
    async fn a_change_leaves_the_rest() {
        let db = Db::open(None).await.unwrap();
        let ada = db.create(new_user("ada@example.com", "Ada", "12345678")).await.unwrap();
        assert_eq!(db.change(ada.id, UserChange::default()).await.unwrap(), ada);
        let changed = db.change(ada.id, change(serde_json::json!({ "name": "Ada King" }))).await.unwrap();
        assert_eq!(changed, User { name: "Ada King".to_owned(), ..ada });
        assert!(hash(&db, 1).await.is_of(&password("12345678")));
        db.change(1, change(serde_json::json!({ "password": "battery staple" }))).await.unwrap();
        assert!(hash(&db, 1).await.is_of(&password("battery staple")));
    }

    #[tokio::test]
    async fn whoever_is_gone_is_not_found_and_leaves_no_id_behind() {
        let db = Db::open(None).await.unwrap();
        db.create(new_user("ada@example.com", "Ada", "12345678")).await.unwrap();
        db.delete(1).await.unwrap();
        assert!(matches!(db.user(1).await, Err(FindError::NotFound { id: 1 })));
        assert!(matches!(db.delete(1).await, Err(FindError::NotFound { id: 1 })));
        let changed = db.change(1, UserChange::default()).await;
        assert!(matches!(changed, Err(ChangeError::Find(FindError::NotFound { id: 1 }))));
        assert_eq!(db.create(new_user("ada@example.com", "Ada", "12345678")).await.unwrap().id, 2);
    }
}
