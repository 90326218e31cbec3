use super::error::MetafileError;

/// Little-endian values at places of a record.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

const SHORT: MetafileError = MetafileError::Broken("bản ghi ngắn hơn nội dung");

impl<'a> Bytes<'a> {
    fn array<const N: usize>(self, at: usize) -> Result<[u8; N], MetafileError> {
        let end = at.checked_add(N).ok_or(SHORT)?;
        self.0.get(at..end).and_then(|bytes| bytes.try_into().ok()).ok_or(SHORT)
    }

    pub(super) fn u8(self, at: usize) -> Result<u8, MetafileError> {
        self.0.get(at).copied().ok_or(SHORT)
    }

    pub(super) fn u16(self, at: usize) -> Result<u16, MetafileError> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub(super) fn i16(self, at: usize) -> Result<i16, MetafileError> {
        self.array(at).map(i16::from_le_bytes)
    }

    pub(super) fn u32(self, at: usize) -> Result<u32, MetafileError> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub(super) fn i32(self, at: usize) -> Result<i32, MetafileError> {
        self.array(at).map(i32::from_le_bytes)
    }

    /// A 32-bit number as a place or a count.
    pub(super) fn size(self, at: usize) -> Result<usize, MetafileError> {
        self.u32(at).map(|size| usize::try_from(size).unwrap_or(usize::MAX))
    }

    pub(super) fn f32(self, at: usize) -> Result<f64, MetafileError> {
        self.array(at).map(|bytes| f64::from(f32::from_le_bytes(bytes)))
    }

    /// A short number as a coordinate.
    pub(super) fn x16(self, at: usize) -> Result<f64, MetafileError> {
        self.i16(at).map(f64::from)
    }

    /// A long number as a coordinate.
    pub(super) fn x32(self, at: usize) -> Result<f64, MetafileError> {
        self.i32(at).map(f64::from)
    }

    pub(super) fn part(self, at: usize, length: usize) -> Result<Bytes<'a>, MetafileError> {
        let end = at.checked_add(length).ok_or(SHORT)?;
        self.0.get(at..end).map(Self).ok_or(SHORT)
    }

    pub(super) fn rest(self, at: usize) -> Result<Bytes<'a>, MetafileError> {
        self.0.get(at..).map(Self).ok_or(SHORT)
    }

    /// Red, green, blue.
    pub(super) fn colour(self, at: usize) -> Result<[u8; 3], MetafileError> {
        self.array::<4>(at).map(|[red, green, blue, _]| [red, green, blue])
    }
}
