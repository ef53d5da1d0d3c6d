//! A frame: content that is known to be whole.

use std::io::{self, Read};

/// Bytes before the content: its length and its checksum.
pub(super) const BEFORE: usize = 8;

/// Most bytes of content. A length above it is no length.
const MOST: u32 = 1 << 28;

/// Room for the frame of most records.
const USUAL: usize = 1024;

/// The frame whose content `write` appends to what it is given.
///
/// # Errors
/// Those of `write`.
pub(super) fn of<E>(write: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, E>) -> Result<Vec<u8>, E> {
    let mut start = Vec::with_capacity(USUAL);
    start.resize(BEFORE, 0);
    let mut frame = write(start)?;
    let (before, content) = frame.split_at_mut(BEFORE);
    let length = (content.len() as u32).to_le_bytes();
    before[..4].copy_from_slice(&length);
    before[4..].copy_from_slice(&checksum(length, content).to_le_bytes());
    Ok(frame)
}

/// Reads a frame's content into `content`; false where there is no whole frame.
pub(super) fn take(from: &mut dyn Read, content: &mut Vec<u8>) -> io::Result<bool> {
    let mut before = [0; BEFORE];
    if !fill(from, &mut before)? {
        return Ok(false);
    }
    let [a, b, c, d, e, f, g, h] = before;
    let (length, sum) = ([a, b, c, d], u32::from_le_bytes([e, f, g, h]));
    let count = u32::from_le_bytes(length);
    if count > MOST {
        return Ok(false);
    }
    content.clear();
    from.take(count.into()).read_to_end(content)?;
    Ok(content.len() == count as usize && checksum(length, content) == sum)
}

/// Reads as many bytes as `buffer` has room for; false where there aren't so many.
fn fill(from: &mut dyn Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// The checksum covers the length too: one that was damaged is no length by chance.
fn checksum(length: [u8; 4], content: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&length);
    sum.update(content);
    sum.finalize()
}
