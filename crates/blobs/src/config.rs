use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;

use crate::error::BlobError;

/// Where objects are kept.
#[derive(Clone)]
pub enum BlobsConfig {
    /// A folder of this machine; made when it is missing.
    Local(PathBuf),
    /// A bucket that exists already, of Amazon's service or of any other that speaks S3.
    S3 {
        /// `https://…`, or `http://…` inside a closed network; `None` for Amazon's own.
        endpoint: Option<String>,
        /// Such as `us-east-1`; most other servers accept any.
        region: String,
        /// The bucket's name.
        bucket: String,
        /// The access key's id.
        access_key: String,
        /// The access key's secret.
        secret_key: String,
        /// Whether the bucket is named in the path (most own servers) or in the host name.
        path_style: bool,
    },
}

impl std::fmt::Debug for BlobsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Local(folder) => write!(f, "Local({})", folder.display()),
            // Neither key is shown: this ends in logs.
            Self::S3 { endpoint, bucket, .. } => write!(f, "S3({endpoint:?}, {bucket})"),
        }
    }
}

impl BlobsConfig {
    pub(crate) fn open(&self) -> Result<Arc<dyn ObjectStore>, BlobError> {
        Ok(match self {
            Self::Local(folder) => {
                std::fs::create_dir_all(folder).map_err(BlobError::from_io)?;
                // fsync: what was acknowledged survives a power cut, as the database's rows do.
                Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true))
            }
            Self::S3 { endpoint, region, bucket, access_key, secret_key, path_style } => {
                let mut builder = AmazonS3Builder::new()
                    .with_region(region)
                    .with_bucket_name(bucket)
                    .with_access_key_id(access_key)
                    .with_secret_access_key(secret_key)
                    .with_virtual_hosted_style_request(!path_style);
                if let Some(endpoint) = endpoint {
                    builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
                }
                Arc::new(builder.build()?)
            }
        })
    }
}
