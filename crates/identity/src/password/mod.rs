//! Passwords: hashed with argon2id off the async threads, as many at once as there are cores.

mod common;

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Fewest characters of a password (NIST SP 800-63B, 3.1.1.2).
pub const SHORTEST: usize = 8;
/// Most characters: far above any phrase, low enough that hashing stays cheap.
pub const LONGEST: usize = 200;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Among those that everybody tries first.
    TooCommon,
    /// The username, or the username with digits around it.
    SameAsUsername,
}

impl PasswordFault {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::TooCommon => "too-common",
            Self::SameAsUsername => "same-as-username",
        }
    }
}

/// Hashing failed for a reason of the machine's, not of the password's.
#[derive(Debug, thiserror::Error)]
#[error("password hashing: {0}")]
pub struct HashingError(String);

/// A password that keeps the rules, normalised: the same letters typed on two keyboards are one password.
#[derive(Clone)]
pub struct NewPassword(String);

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

impl NewPassword {
    /// Checks the rules.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn parse(text: &str, username: &str) -> Result<Self, PasswordFault> {
        let text = exchange::vietnamese::nfc(text);
        match text.chars().count() {
            0..SHORTEST => return Err(PasswordFault::TooShort),
            SHORTEST..=LONGEST => {}
            _ => return Err(PasswordFault::TooLong),
        }
        let plain = exchange::vietnamese::fold(&text);
        let username = username.to_lowercase();
        if plain == username || plain.trim_matches(|letter: char| letter.is_ascii_digit()) == username {
            return Err(PasswordFault::SameAsUsername);
        }
        if common::is_common(&plain) {
            return Err(PasswordFault::TooCommon);
        }
        Ok(Self(text))
    }

    /// A password we made ourselves.
    pub fn one_time(secret: &kernel::Secret) -> Self {
        Self(secret.reveal().to_owned())
    }

    /// Its argon2id hash in PHC format.
    ///
    /// # Errors
    /// [`HashingError`].
    pub async fn hash(&self) -> Result<String, HashingError> {
        let text = self.0.clone();
        bounded(move || hasher().hash_password(text.as_bytes()).map(|hash| hash.to_string()))
            .await?
            .map_err(|error| HashingError(error.to_string()))
    }
}

/// Whether a password is the one that was hashed. Without a hash it works as long and says no, so
/// that nobody learns from the time which accounts exist.
///
/// # Errors
/// [`HashingError`].
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool, HashingError> {
    let password = exchange::vietnamese::nfc(password);
    bounded(move || {
        if password.chars().count() > LONGEST {
            return Ok(false);
        }
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => nobodys_hash()?,
        };
        let parsed = PasswordHash::new(&hash).map_err(|error| HashingError(error.to_string()))?;
        Ok(hasher().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

fn nobodys_hash() -> Result<String, HashingError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let made = hasher().hash_password(b"nobody's password").map_err(|error| HashingError(error.to_string()))?.to_string();
    Ok(HASH.get_or_init(|| made).clone())
}

/// 19 MiB, 2 passes, 1 lane: OWASP's first choice for argon2id.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

async fn bounded<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingError> {
    static CORES: OnceLock<Arc<Semaphore>> = OnceLock::new();
    let cores = CORES.get_or_init(|| Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from))));
    let permit = Arc::clone(cores).acquire_owned().await.map_err(|error| HashingError(error.to_string()))?;
    // The permit goes with the work: a request that is given up keeps its core until the hash is done.
    tokio::task::spawn_blocking(move || {
        let result = work();
        drop(permit);
        result
    })
    .await
    .map_err(|error| HashingError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_rule_they_break() {
        let fault = |text: &str| NewPassword::parse(text, "dung.lg").err();
        assert_eq!(fault("bảy chữ"), Some(PasswordFault::TooShort));
        assert_eq!(fault("matkhau123"), Some(PasswordFault::TooCommon));
        assert_eq!(fault("Mật khẩu"), Some(PasswordFault::TooCommon));
        assert_eq!(fault("anhyeuem"), Some(PasswordFault::TooCommon));
        assert_eq!(fault("Dung.lg2011"), Some(PasswordFault::SameAsUsername));
        assert_eq!(fault(&"a".repeat(201)), Some(PasswordFault::TooLong));
        assert_eq!(fault("con mèo trèo cây cau"), None);
    }

    #[tokio::test]
    async fn a_password_typed_in_another_normal_form_still_opens() {
        let hash = NewPassword::parse("con mèo trèo cây cau", "x").unwrap().hash().await.unwrap();
        let decomposed = "con me\u{300}o tre\u{300}o ca\u{302}y cau";
        assert!(verify(decomposed, Some(hash.clone())).await.unwrap());
        assert!(!verify("con meo treo cay cau", Some(hash)).await.unwrap());
        assert!(!verify("nobody's password", None).await.unwrap());
    }
}
