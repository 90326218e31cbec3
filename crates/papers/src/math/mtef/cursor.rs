use super::error::MtefError;

/// Bytes read one after another.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], MtefError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| MtefError::Broken("kết thúc giữa chừng".to_owned()))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, MtefError> {
        self.take(1).map(|taken| taken.first().copied().unwrap_or_default())
    }

    pub(super) fn word(&mut self) -> Result<u16, MtefError> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// One byte, or two after 255.
    pub(super) fn count(&mut self) -> Result<u16, MtefError> {
        match self.byte()? {
            255 => self.word(),
            small => Ok(u16::from(small)),
        }
    }

    /// Letters up to a zero.
    pub(super) fn name(&mut self) -> Result<String, MtefError> {
        let end = self.rest.iter().position(|byte| *byte == 0).ok_or_else(|| MtefError::Broken("tên không kết thúc".to_owned()))?;
        let name = String::from_utf8_lossy(self.take(end)?).into_owned();
        self.byte()?;
        Ok(name)
    }

    /// How far something was moved by hand: two bytes, or four more.
    pub(super) fn nudge(&mut self) -> Result<(), MtefError> {
        if self.take(2)? == [128, 128] {
            self.take(4)?;
        }
        Ok(())
    }
}
