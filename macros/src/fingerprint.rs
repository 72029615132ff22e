//! What tells a function from what it was in another build, as far as its own text goes.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use crate::function::Function;

/// A number that is another one where the signature or the body of a function is. Blanks, comments and places do not count.
pub(crate) fn of(function: &Function) -> u64 {
    let Function { sig, body, .. } = function;
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.tokens(quote!(#sig #body));
    hash.0
}

/// FNV-1a, which needs no more than this and nobody attacks: its input is the program.
struct Fnv(u64);

impl Fnv {
    fn text(&mut self, text: &str) {
        // The end of a word counts, so that `a b` is not `ab`.
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                // An invisible group is how a `macro_rules!` hands on a fragment, and no text of the function's.
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    self.tokens(group.stream());
                }
                TokenTree::Group(group) => {
                    self.text(match group.delimiter() {
                        Delimiter::Brace => "{",
                        Delimiter::Bracket => "[",
                        Delimiter::Parenthesis | Delimiter::None => "(",
                    });
                    self.tokens(group.stream());
                    self.text(")");
                }
                other => self.text(&other.to_string()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(source: &str) -> u64 {
        of(&syn::parse_str(source).unwrap())
    }

    #[test]
    fn another_text_is_another_fingerprint_and_blanks_are_none() {
        let one = fingerprint("async fn f(a: A) -> B { b(a, 1) }");
        assert_eq!(one, fingerprint("async  fn f(a : A)->B{b(a,1)} // as before"));
        assert_eq!(one, fingerprint("/// Documented.\npub async fn f(a: A) -> B { b(a, 1) }"));
        for other in [
            "async fn f(a: A) -> B { b(a, 2) }",
            "async fn f(a: A) -> C { b(a, 1) }",
            "async fn f(a: A) -> B { b(a), 1 }",
            "async fn f(a: A) -> B { ba(1) }",
            "async fn f(a: A) -> B { b[a, 1] }",
        ] {
            assert_ne!(one, fingerprint(other), "{other}");
        }
    }
}
