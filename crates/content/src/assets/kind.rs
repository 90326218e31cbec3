use exchange::kind::FileKind;
use kernel::UnknownWord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file is, told from its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// Moving pictures.
    Video,
    /// Sound alone.
    Audio,
    /// A picture.
    Picture,
    /// A PDF.
    Pdf,
    /// A file of an office program.
    Office,
    /// Plain text.
    Text,
    /// Anything else; kept for download.
    Other,
}

impl AssetKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Picture => "picture",
            Self::Pdf => "pdf",
            Self::Office => "office",
            Self::Text => "text",
            Self::Other => "other",
        }
    }

    /// As far as the first bytes tell; whether an MP4 is video or sound is found when it is probed.
    pub fn of(kind: FileKind) -> Self {
        use FileKind as K;
        match kind {
            K::Docx | K::Pptx | K::Xlsx | K::Odt | K::Odp | K::Ods | K::OleDoc | K::OlePpt | K::OleXls | K::EncryptedOffice | K::Rtf => {
                Self::Office
            }
            K::Pdf => Self::Pdf,
            K::Png | K::Jpeg | K::Gif | K::Webp => Self::Picture,
            K::Vtt | K::Srt | K::Text => Self::Text,
            K::Mp3 | K::Ogg | K::Wav | K::Flac => Self::Audio,
            K::Mp4 | K::Matroska | K::Avi | K::Mpeg => Self::Video,
            _ => Self::Other,
        }
    }
}

impl TryFrom<String> for AssetKind {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        Ok(match word.as_str() {
            "video" => Self::Video,
            "audio" => Self::Audio,
            "picture" => Self::Picture,
            "pdf" => Self::Pdf,
            "office" => Self::Office,
            "text" => Self::Text,
            "other" => Self::Other,
            _ => return Err(UnknownWord { what: "kind of file", word }),
        })
    }
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssetState {
    /// All bytes are here; what they are is being found out.
    Checking,
    /// It is being made ready to be shown.
    Processing,
    /// It can be shown.
    Ready,
    /// It cannot be used; the reason is beside it.
    Failed,
}

impl AssetState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}

impl TryFrom<String> for AssetState {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        Ok(match word.as_str() {
            "checking" => Self::Checking,
            "processing" => Self::Processing,
            "ready" => Self::Ready,
            "failed" => Self::Failed,
            _ => return Err(UnknownWord { what: "state of a file", word }),
        })
    }
}
