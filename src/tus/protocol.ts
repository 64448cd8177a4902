/** The version of the protocol, https://tus.io/protocols/resumable-upload, and what of it this server speaks. */
export const TUS_VERSION = '1.0.0';
export const TUS_EXTENSIONS =
  'creation,creation-with-upload,creation-defer-length,checksum,expiration,termination';
/** By the names that `node:crypto` has for them too. */
export const CHECKSUM_ALGORITHMS = ['sha1', 'md5', 'sha256'] as const;
/** The media type of bytes that are appended. */
export const CHUNK_TYPE = 'application/offset+octet-stream';
/** Where uploads are. */
export const UPLOADS = '/api/v1/uploads';
