//! Where in a JSON document something is.
//!
//! What serde or a validation call a field need not be there under that name: an array may stand for a struct, a
//! name may be written in another way. So a path is looked up in the document that was sent, in one pass, and is worth as
//! much as was found of it.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A path, and what the document has of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    wanted: Vec<String>,
    /// The same steps in letters alone.
    letters: Vec<String>,
    found: Vec<String>,
    /// Whether what was found is an object, so that what was not is a member that it lacks.
    is_object: bool,
}

impl Place {
    /// To be found.
    pub(super) fn of(wanted: Vec<String>) -> Self {
        let letters = wanted.iter().map(|step| letters(step).collect()).collect();
        Self { wanted, letters, found: Vec::new(), is_object: false }
    }

    /// As much of it as there is, as the document spells it.
    pub(super) fn found(self) -> Vec<String> {
        self.found
    }

    /// The same with the last step where it alone is not there: a member that an object lacks.
    #[cfg(feature = "garde")]
    pub(super) fn or_missing(mut self) -> Vec<String> {
        if self.is_object && self.wanted.len() == self.found.len() + 1 {
            self.found.extend(self.wanted.pop());
        }
        self.found
    }

    /// Whether all of it is there.
    pub(super) const fn is_complete(&self) -> bool {
        self.found.len() == self.wanted.len()
    }

    /// Goes on to this member or item, at this depth, if it is on the way.
    fn follow(&mut self, depth: usize, step: &str) -> bool {
        // Of a long array every item comes by: nothing is made of its number.
        if self.letters.get(depth).is_none_or(|wanted| !letters(step).eq(wanted.chars())) {
            return false;
        }
        let wanted = self.wanted.get(depth);
        // The very name that was wanted is there already, and this is one of the same letters.
        let is_worse = self.found.get(depth) == wanted && wanted.is_some_and(|wanted| wanted != step);
        if !is_worse {
            self.found.truncate(depth);
            self.found.push(step.to_owned());
            self.is_object = false;
        }
        !is_worse
    }
}

/// Whether two names differ in how their words are put together alone: `first_name`, `firstName`, `FIRST-NAME`.
#[cfg(feature = "garde")]
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// What such names have in common.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| !matches!(letter, '_' | '-')).flat_map(char::to_lowercase)
}

/// Looks for all of the places in one pass through the text. An error says that it is no JSON.
pub(super) fn find(text: &str, places: &mut [Place]) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let here = (0..places.len()).collect();
    Level { places, here, depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end()
}

/// A value within the document, and the places that may be in it. It is as deep as the paths at most.
struct Level<'p> {
    places: &'p mut [Place],
    here: Vec<usize>,
    depth: usize,
}

impl Level<'_> {
    /// Those that go on there.
    fn follow(&mut self, step: &str) -> Level<'_> {
        let (depth, places) = (self.depth, &mut *self.places);
        let mut follow = |&place: &usize| {
            places.get_mut(place).is_some_and(|place| place.follow(depth, step)).then_some(place)
        };
        let here = self.here.iter().filter_map(&mut follow).collect();
        Level { places, here, depth: depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let deeper = |place: &Place| place.wanted.len() > self.depth;
        if self.here.iter().any(|&place| self.places.get(place).is_some_and(deeper)) {
            deserializer.deserialize_any(self)
        } else {
            IgnoredAny::deserialize(deserializer).map(drop)
        }
    }
}

/// The next item of an array, if there is one.
struct Item<'l, 'p> {
    array: &'l mut Level<'p>,
    number: usize,
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.array.follow(itoa::Buffer::new().format(self.number)).deserialize(deserializer)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        for &place in &self.here {
            self.places.get_mut(place).into_iter().for_each(|place| place.is_object = true);
        }
        while let Some(name) = map.next_key::<String>()? {
            map.next_value_seed(self.follow(&name))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut number = 0_usize;
        while items.next_element_seed(Item { array: &mut self, number })?.is_some() {
            number += 1;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(steps: &[&str]) -> Place {
        Place::of(steps.iter().map(|&step| step.to_owned()).collect())
    }

    fn found(text: &str, steps: &[&str]) -> Vec<String> {
        let mut places = [place(steps)];
        find(text, &mut places).unwrap();
        let [place] = places;
        place.found()
    }

    #[test]
    fn a_path_is_found_as_far_as_it_goes() {
        let text = r#"{"skip": [{}, "x"], "seats": [{"row": 1}, {"row": "a"}], "end": null}"#;
        assert_eq!(found(text, &["seats", "1", "row"]), ["seats", "1", "row"]);
        assert_eq!(found(text, &["seats", "1", "column"]), ["seats", "1"]);
        assert_eq!(found(text, &["seats", "2"]), ["seats"]);
        assert_eq!(found(text, &["seats", "row"]), ["seats"]);
        assert_eq!(found(text, &["seats", "1", "row", "x"]), ["seats", "1", "row"]);
        assert_eq!(found(text, &["nothing"]), [""; 0]);
        assert_eq!(found("5", &["x"]), [""; 0]);
        assert_eq!(found("[[]]", &[]), [""; 0]);
    }

    #[test]
    fn a_name_is_found_however_its_words_are_put_together_and_the_same_one_first() {
        for text in ["{\"firstName\": 1}", "{\"first-name\": 1}", "{\"FIRST_NAME\": 1}", "{\"FirstName\": 1}"]
        {
            assert_eq!(found(text, &["first_name"]), [text.split('"').nth(1).unwrap()]);
        }
        assert_eq!(
            found(r#"{"firstName": 1, "first_name": 2, "FirstName": 3}"#, &["first_name"]),
            ["first_name"]
        );
    }

    #[test]
    fn several_places_are_found_at_once() {
        let mut places = [place(&["a", "b"]), place(&["a"]), place(&["c"])];
        find(r#"{"a": {"b": 1}, "d": 2}"#, &mut places).unwrap();
        assert_eq!(places.map(Place::found), [vec!["a", "b"], vec!["a"], vec![]]);
    }

    #[test]
    fn what_is_no_json_is_an_error_wherever_it_is_wrong() {
        for text in ["", "{", r#"{"a": 1,}"#, r#"{"b": [1, x], "a": 1}"#, r#"{"a": 1} x"#] {
            assert!(find(text, &mut [place(&["a"])]).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_that_is_on_nobodys_way_is_passed_over() {
        let text = format!(r#"{{"a": {}{}, "b": 1}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(found(&text, &["b"]), ["b"]);
    }

    proptest! {
        #[test]
        fn what_is_found_is_the_beginning_of_what_was_wanted(text in "[\\[{\"a:,1}\\]]{0,20}", steps in prop::collection::vec("[a1]", 0..3)) {
            let mut places = [Place::of(steps.clone())];
            if find(&text, &mut places).is_ok() {
                let [place] = places;
                prop_assert!(steps.starts_with(&place.found()));
            }
        }
    }
}
