//! Functions of traits: their own `async fn`, defaults, and those that `#[async_trait]` has boxed.

use async_trait::async_trait;
use tollgate::call;

use crate::support::{Answer, CallError, tollgate};

trait Weather {
    fn name(&self) -> &str;

    #[allow(async_fn_in_trait)]
    async fn required(&self, station: &str) -> Answer<String>;

    #[call::rate_limited("1/minute", key = "{station}")]
    #[allow(async_fn_in_trait)]
    async fn provided(&self, station: &str) -> Answer<String> {
        Ok(format!("{} {station}", self.name()))
    }
}

struct Real;
struct Fake;

impl Weather for Real {
    fn name(&self) -> &'static str {
        "real"
    }

    #[call::rate_limited("1/minute")]
    async fn required(&self, station: &str) -> Answer<String> {
        Ok(station.to_owned())
    }
}

impl Weather for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    #[call::rate_limited("1/minute")]
    async fn required(&self, _: &str) -> Answer<String> {
        Ok(self.name().to_owned())
    }
}

#[async_trait]
trait Boxed: Send + Sync {
    async fn fetch(&self, station: &str, number: u32) -> Result<&str, CallError>;

    #[call::rate_limited("1/minute", key = "{station}")]
    async fn provided(&self, station: &str) -> Result<usize, CallError> {
        Ok(station.len())
    }
}

struct Service {
    name: String,
}

#[async_trait]
impl Boxed for Service {
    #[call::rate_limited("2/minute", key = "{station}:{number}", cost = 2)]
    async fn fetch(&self, station: &str, number: u32) -> Result<&str, CallError> {
        let _: u8 = station.parse()?;
        let _ = number;
        Ok(&self.name)
    }
}

#[async_trait(?Send)]
trait Local {
    async fn fetch<T: AsRef<str>>(&mut self, text: T) -> Result<usize, CallError>;
}

#[async_trait(?Send)]
impl Local for Service {
    #[call::rate_limited("1/minute")]
    async fn fetch<T: AsRef<str>>(&mut self, text: T) -> Result<usize, CallError> {
        self.name.push_str(text.as_ref());
        Ok(self.name.len())
    }
}

#[tokio::test]
async fn each_implementation_has_a_budget_of_its_own() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(Real.required("a").await.unwrap(), "a");
            assert_eq!(Fake.required("a").await.unwrap(), "fake");
            assert!(Real.required("a").await.is_err());
            assert!(Fake.required("a").await.is_err());
        })
        .await;
}

#[tokio::test]
async fn a_default_has_one_for_all_that_do_not_replace_it() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(Real.provided("a").await.unwrap(), "real a");
            assert!(Fake.provided("a").await.is_err());
            assert_eq!(Fake.provided("b").await.unwrap(), "fake b");
        })
        .await;
}

#[tokio::test]
async fn a_boxed_method_is_limited_like_any_other() {
    let (tollgate, _clock) = tollgate();
    let service: Box<dyn Boxed> = Box::new(Service { name: "a".to_owned() });
    tollgate
        .scope(async {
            assert_eq!(service.fetch("7", 1).await.unwrap(), "a");
            assert!(service.fetch("7", 1).await.unwrap_err().to_string().contains("try again"));
            assert!(matches!(service.fetch("x", 1).await, Err(CallError::NoNumber(_))));
            assert_eq!(service.provided("abc").await.unwrap(), 3);
            assert!(service.provided("abc").await.is_err());
        })
        .await;
}

#[tokio::test]
async fn a_boxed_method_may_stay_on_its_thread() {
    let (tollgate, _clock) = tollgate();
    let mut service = Service { name: "a".to_owned() };
    tollgate
        .scope(async {
            assert_eq!(Local::fetch(&mut service, "b").await.unwrap(), 2);
            assert!(Local::fetch(&mut service, "b").await.is_err());
        })
        .await;
    assert_eq!(service.name, "ab", "a refused call never ran");
}
