//! As much of JSON as cargo's messages need.

/// The text that a member holds; nothing if there is no such member, or if it is no text.
pub(crate) fn text(json: &str, member: &str) -> Option<String> {
    let (_, value) = json.split_once(&format!(r#""{member}":""#))?;
    let mut text = String::new();
    let mut characters = value.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            // In the path of a file, only a backslash and a quotation mark are escaped.
            '\\' => text.push(characters.next()?),
            character => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found() {
        let metadata = r#"{"packages":[],"target_directory":"/a/b c/target","version":1}"#;
        assert_eq!(text(metadata, "target_directory").as_deref(), Some("/a/b c/target"));
    }

    #[test]
    fn escapes_are_undone() {
        let metadata = r#"{"target_directory":"C:\\x\\target"}"#;
        assert_eq!(text(metadata, "target_directory").as_deref(), Some(r"C:\x\target"));
    }

    #[test]
    fn a_cut_or_foreign_answer_is_none() {
        assert_eq!(text(r#"{"target_directory":"/a"#, "target_directory"), None);
        assert_eq!(text(r#"{"target_directory":null}"#, "target_directory"), None);
        assert_eq!(text("{}", "target_directory"), None);
    }
}
