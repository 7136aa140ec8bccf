//! Texts that come again and again are read once.

use std::collections::HashMap;

/// What was made of each distinct text.
#[derive(Debug)]
pub(super) struct Cache<T> {
    last: Option<(String, usize)>,
    places: HashMap<String, usize>,
    made: Vec<T>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { last: None, places: HashMap::new(), made: Vec::new() }
    }
}

impl<T> Cache<T> {
    /// What was made of the text, and its number; made now if it is new. The text of the row before is found at once.
    pub(super) fn of(&mut self, text: &str, make: impl FnOnce(&str) -> T) -> (usize, &T) {
        let place = match &self.last {
            Some((last, place)) if last == text => *place,
            _ => {
                let place = match self.places.get(text) {
                    Some(place) => *place,
                    None => {
                        self.made.push(make(text));
                        self.places.insert(text.to_owned(), self.made.len() - 1);
                        self.made.len() - 1
                    }
                };
                let mut last = self.last.take().map(|(last, _)| last).unwrap_or_default();
                last.clear();
                last.push_str(text);
                self.last = Some((last, place));
                place
            }
        };
        (place, &self.made[place])
    }

    /// What was made of the text with a number.
    pub(super) fn at(&self, number: usize) -> Option<&T> {
        self.made.get(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_once() {
        let mut cache = Cache::default();
        let mut made = 0;
        for text in ["a", "a", "b", "a", "b"] {
            let length = *cache
                .of(text, |text| {
                    made += 1;
                    text.len()
                })
                .1;
            assert_eq!(length, 1);
        }
        assert_eq!(made, 2);
        assert_eq!((cache.of("a", |_| 9).0, cache.of("b", |_| 9).0), (0, 1));
        assert_eq!((cache.at(1), cache.at(2)), (Some(&1), None));
    }
}
