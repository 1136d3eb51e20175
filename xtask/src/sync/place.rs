//! What stands on disk where a file of the output belongs.

use std::io::ErrorKind;
use std::path::Path;

use crate::Failure;

/// What stands at a path of the output folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing.
    Free,
    /// A file, with its content.
    File(Vec<u8>),
    /// A symbolic link; it is never followed.
    Link,
    /// A folder.
    Folder,
    /// A file stands at this path, where the path in question needs a folder.
    UnderFile(String),
    /// A symbolic link stands at this path, where the path in question needs a folder; it is never followed.
    UnderLink(String),
}

/// Looks at `path`, relative to `out` and with `/` between its parts. The folder `out` itself may be a symbolic link.
pub(super) fn look(out: &Path, path: &str) -> Result<Place, Failure> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    for parent in ends.map(|end| &path[..end]) {
        match kind(&out.join(parent))? {
            None => return Ok(Place::Free),
            Some(kind) if kind.is_dir() => {}
            Some(kind) if kind.is_symlink() => return Ok(Place::UnderLink(parent.to_owned())),
            Some(_) => return Ok(Place::UnderFile(parent.to_owned())),
        }
    }
    let whole = out.join(path);
    Ok(match kind(&whole)? {
        None => Place::Free,
        Some(kind) if kind.is_dir() => Place::Folder,
        Some(kind) if kind.is_symlink() => Place::Link,
        Some(_) => Place::File(std::fs::read(&whole).map_err(|error| Failure::io("read", &whole, &error))?),
    })
}

fn kind(path: &Path) -> Result<Option<std::fs::FileType>, Failure> {
    match path.symlink_metadata() {
        Ok(metadata) => Ok(Some(metadata.file_type())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_stand_there_is_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path();
        std::fs::create_dir_all(out.join("a/b")).expect("created");
        std::fs::write(out.join("a/c"), "text").expect("written");
        for (path, place) in [
            ("a/b", Place::Folder),
            ("a/c", Place::File(b"text".to_vec())),
            ("a/d", Place::Free),
            ("x/y/z", Place::Free),
            ("a/c/d", Place::UnderFile("a/c".to_owned())),
        ] {
            assert_eq!(look(out, path).expect("looked"), place, "{path}");
        }
        assert_eq!(look(&out.join("gone"), "a").expect("looked"), Place::Free);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path();
        std::fs::create_dir(out.join("real")).expect("created");
        std::os::unix::fs::symlink("real", out.join("link")).expect("linked");
        assert_eq!(look(out, "link").expect("looked"), Place::Link);
        assert_eq!(look(out, "link/a").expect("looked"), Place::UnderLink("link".to_owned()));
        assert_eq!(look(&out.join("link"), "a").expect("looked"), Place::Free);
    }
}
