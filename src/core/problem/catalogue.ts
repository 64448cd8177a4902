/** One kind of problem: what its page at `/problems/<slug>` says. */
export interface ProblemKind {
  /** HTTP status code. */
  readonly status: number;
  readonly title: string;
  /** What happened, for a person who has never seen it. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Every problem the server answers, by the stable last segment of its `type`. */
export const CATALOGUE = {
  'invalid-path': {
    status: 400,
    title: 'The path cannot name a file',
    meaning:
      'The path in the URL has a "." or ".." segment, two slashes in a row, an encoded slash or NUL, or is not UTF-8. Or something was to be written under a name that the storage cannot keep, or that is hidden.',
    remedy:
      'Send the path as it stands in a listing, each segment percent-encoded as UTF-8. Names to be written have at most 255 bytes.',
  },
  'digest-mismatch': {
    status: 400,
    title: 'The content is not what its digest says',
    meaning:
      'The bytes that arrived have another digest than Content-Digest or Repr-Digest announced: they were damaged on the way, or the digest belongs to another file. Nothing was changed.',
    remedy: 'Compute the digest of what you send, and send both again.',
  },
  'length-mismatch': {
    status: 400,
    title: 'The content has another length than announced',
    meaning: 'More or fewer bytes arrived than the request said there would be. Nothing was changed.',
    remedy: 'Send the whole content again.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request is malformed',
    meaning:
      'The request breaks the syntax of HTTP, for example by two Host fields, an invalid header line or a body that is broken off.',
    remedy: 'Check the client or the proxy in front of the server; `detail` says which part was refused.',
  },
  'validation-failed': {
    status: 400,
    title: 'Some parameters are wrong',
    meaning:
      'A parameter of the query or a member of the body has a value that is not allowed, or a name that is not known.',
    remedy: 'Correct what `errors` names; the API is described at /docs.',
  },
  unauthenticated: {
    status: 401,
    title: 'Log in first',
    meaning:
      'The server does not know who asks, or name and password are wrong, and it does not say which of the two.',
    remedy: 'Send name and password by Basic authentication, or log in at `/api/v1/session`.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    meaning:
      'The server itself may not read the file, or this client may read here but not do what it asked for.',
    remedy:
      'Give the account that runs the server read permission on the file and the folders above it; or give the user the permission that `detail` names, by a rule in the settings.',
  },
  'link-invalid': {
    status: 403,
    title: 'The link opens nothing',
    meaning:
      'The link was not made here, is not for this path, has been revoked, or who made it may not read this any more. It is not said which, nor whether there is a file.',
    remedy: 'Check that the link is whole. Otherwise ask for a new one.',
  },
  'link-expired': {
    status: 403,
    title: 'The link has expired',
    meaning: 'The link was good until the moment that was chosen when it was made.',
    remedy: 'Ask for a new one.',
  },
  'cross-site-request': {
    status: 403,
    title: 'The request comes from another site',
    meaning:
      'A request that changes something was made by a page of another site, or has a session cookie and does not say where it comes from.',
    remedy:
      'Make it from a page of this server. A program that uses the session cookie sends `Origin` with the address of the server. Behind a proxy, set `trustedProxies` so that its X-Forwarded-Host counts.',
  },
  'not-found': {
    status: 404,
    title: 'Nothing here',
    meaning:
      'No file has this path. Hidden files, and links that lead out of the served folder, look the same.',
    remedy: 'Check spelling and letter case. For a folder, `listing` names the URL that lists it.',
  },
  'no-thumbnail': {
    status: 404,
    title: 'There is no picture of it',
    meaning:
      'Small pictures are made of pictures, of those in the tags of sound and films, and of those beside them. None of these is here, or it is of a kind that is not drawn, such as SVG and HEIC.',
    remedy:
      'Ask only where `links.thumbnail` says that there is one. Show an SVG by its file, which comes sandboxed.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    meaning:
      'The resource exists but does not support this method. On a server that nobody may write to, all that changes something is missing.',
    remedy: 'Use one of the methods in the Allow header.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long',
    meaning:
      'The client did not send the header of its request in time, or the body came to a halt or too slowly.',
    remedy: 'Send the request again, without pauses.',
  },
  conflict: {
    status: 409,
    title: 'Something is in the way',
    meaning:
      'The name is taken by what is not to be replaced, a folder would come to be inside itself, a file stands where a folder is needed, or what was being copied changed meanwhile. Nothing was changed.',
    remedy:
      'Choose another name or say what is to become of the file that has it; `detail` says which it is.',
  },
  'upload-offset-mismatch': {
    status: 409,
    title: 'The upload is elsewhere',
    meaning:
      'The bytes were to go where the upload does not end: an earlier request has brought more or fewer of them than the client knows.',
    remedy: 'Go on from `offset`, which is how many bytes have arrived; HEAD tells it too.',
  },
  'unsupported-tus-version': {
    status: 412,
    title: 'The version of the protocol is missing or unknown',
    meaning:
      'A request to a resumable upload says by Tus-Resumable which version of tus it speaks. This one does not say 1.0.0.',
    remedy: 'Send `Tus-Resumable: 1.0.0`, or use a client for version 1 of tus.',
  },
  'too-many-links': {
    status: 409,
    title: 'There are too many links',
    meaning: 'As many links are live as the server keeps, of one person or of all together.',
    remedy: 'Revoke links that are not needed any more, by `DELETE /api/v1/links/{id}`.',
  },
  'precondition-failed': {
    status: 412,
    title: 'A precondition failed',
    meaning:
      'The file is not the version that If-Match or If-Unmodified-Since asked for: it has changed. Or it is there, and If-None-Match asked that it is not.',
    remedy: 'Fetch the file anew, without the condition.',
  },
  'content-too-large': {
    status: 413,
    title: 'The content is too large',
    meaning: 'The request has more bytes than the server accepts in one file. Nothing was changed.',
    remedy: 'Send a smaller file, or have the limit raised.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The content has a form that is not taken',
    meaning:
      'The body has a type that cannot be sent here, or it is a file with a Content-Encoding. Nothing was changed.',
    remedy:
      'Send what `detail` names; the bytes of a file go by PUT as they are to be stored, several as multipart/form-data.',
  },
  'uri-too-long': {
    status: 414,
    title: 'The URL is too long',
    meaning: 'The request line is longer than the server accepts.',
    remedy: 'Send a shorter URL.',
  },
  'misdirected-request': {
    status: 421,
    title: 'The request belongs elsewhere',
    meaning:
      'The request target is an https URL, and this connection is not secured; or a browser came over plain http by a name that the server does not know for its own. A page elsewhere could have its own name lead here.',
    remedy:
      'Use the http URL, or a proxy that ends TLS and forwards the path alone. For the name: use an address of the server, or https; or whoever runs it adds the name to the setting `hosts`.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'The range lies outside the file',
    meaning:
      'None of the byte ranges asked for begins within the file. A finished download that is resumed gets this answer.',
    remedy: 'Ask for a range below `size`, which is the length of the file in bytes.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The expectation cannot be met',
    meaning: 'The Expect header asks for something other than 100-continue.',
    remedy: 'Leave the Expect header out.',
  },
  'not-inspectable': {
    status: 422,
    title: 'The file is no media',
    meaning: 'The bytes of the file are in no media container that the server knows, whatever its name says.',
    remedy: 'Check that the file is what its name says, and whole.',
  },
  'no-subtitles': {
    status: 422,
    title: 'The file is no subtitle file',
    meaning:
      'What was asked for as WebVTT has not the name of a subtitle file in a form that the server knows, or is larger than subtitles ever are.',
    remedy:
      'Ask for .srt, .vtt, .ass or .ssa files. Subtitles within a film, and pictures of text, are not told.',
  },
  'not-optimizable': {
    status: 422,
    title: 'There is nothing to rewrite',
    meaning:
      'The file is in its playable form already, or no media; or none of the repairs that it needs can be made.',
    remedy:
      'Nothing, or what `repairs` says of each repair. `/api/v1/inspections` tells how the file plays as it is.',
  },
  'picture-unusable': {
    status: 422,
    title: 'The picture cannot be made small',
    meaning: 'The picture is broken, is not what its name says, or is too large to be looked into here.',
    remedy: 'Use the picture itself, if it is whole. `detail` says what the bounds are.',
  },
  'archive-too-large': {
    status: 422,
    title: 'Too much for one archive',
    meaning:
      'The folder holds more files and folders than one archive may have, or they are nested too deep.',
    remedy: 'Take folders below it one by one, or name some of its entries by `entry` in the query.',
  },
  'upload-locked': {
    status: 423,
    title: 'Another request works on the upload',
    meaning:
      'Bytes of this upload arrive by another connection, or its file is just being made. Or another request has gone on with it while none came by this one.',
    remedy: 'Try again in a moment, beginning with HEAD. What has arrived is kept.',
  },
  'too-many-uploads': {
    status: 429,
    title: 'Too many unfinished uploads',
    meaning: 'As many uploads were begun and not finished as one user, or one address, may have.',
    remedy:
      'Finish them, or end them by DELETE; `/api/v1/uploads` lists those of who is logged in. They expire, too.',
  },
  'checksum-mismatch': {
    status: 460,
    title: 'The bytes are not what their checksum says',
    meaning:
      'The bytes of one request have another checksum than Upload-Checksum announced: they were damaged on the way. None of them were kept.',
    remedy: 'Send the same bytes again.',
  },
  'too-many-attempts': {
    status: 429,
    title: 'Too many wrong passwords',
    meaning:
      'From this address, or for this name, too many wrong passwords have come. None is looked at for a while.',
    remedy: 'Wait for as many seconds as `Retry-After` says. Who is logged in already is not concerned.',
  },
  'header-fields-too-large': {
    status: 431,
    title: 'The request header is too large',
    meaning: 'The request line and header fields together are longer than the server accepts.',
    remedy: 'Send fewer or shorter header fields; cookies are the usual reason.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong in the server',
    meaning: 'The server met an error it did not expect. Nothing about it is shown here, it is in the log.',
    remedy: 'Look up the request id in `instance` in the server log.',
  },
  'not-implemented': {
    status: 501,
    title: 'Not implemented',
    meaning:
      'The request uses a method or a transfer coding that the server does not know, or asks for what its storage cannot do.',
    remedy: 'Use GET or HEAD, and no transfer coding other than chunked.',
  },
  'thumbnails-unavailable': {
    status: 501,
    title: 'No small pictures can be made here',
    meaning: 'The library that reads pictures cannot be loaded on the platform of the server.',
    remedy:
      'Use the pictures themselves; or run the server where sharp has a binary, and install it with its optional packages.',
  },
  'insufficient-storage': {
    status: 507,
    title: 'There is no room',
    meaning:
      'The disk is full, or the quota of the account that runs the server is used up. Nothing was changed.',
    remedy: 'Remove what is not needed, or give the server more room; then send the file again.',
  },
  'storage-unavailable': {
    status: 503,
    title: 'The storage does not answer',
    meaning:
      'The folder that is served cannot be read at the moment: it may be unmounted, or too many files are open.',
    remedy: 'Try again in a moment; the log says what is missing.',
  },
  'links-unavailable': {
    status: 503,
    title: 'No links can be made here',
    meaning:
      'What the server must remember of links, and the key that signs them, cannot be kept: it may write neither to the folder that is served nor to a state folder.',
    remedy:
      'Set `stateDir` to a folder that the account of the server may write to. For playlists alone, `linkKey` is enough.',
  },
  'archives-busy': {
    status: 503,
    title: 'Too many archives are being sent',
    meaning: 'Each archive reads a whole folder from the disk, so only a few are sent at the same time.',
    remedy: 'Try again after the seconds that Retry-After names, or when another download has ended.',
  },
  'thumbnails-busy': {
    status: 503,
    title: 'Too many small pictures are being made',
    meaning:
      'Two pictures are made at a time and some hundreds may wait, those asked for last first. This one has waited longest.',
    remedy: 'Try again after the seconds that Retry-After names, and ask for those alone that are seen.',
  },
  'too-many-jobs': {
    status: 503,
    title: 'Too many jobs are waiting',
    meaning: 'Files are rewritten one after the other, and only so many may wait for it.',
    remedy: 'Try again after the seconds that Retry-After names, or when some of the jobs have ended.',
  },
  'too-many-listeners': {
    status: 503,
    title: 'Too many listeners',
    meaning: 'As many clients listen to events as the server allows at the same time.',
    remedy: 'Try again after the time in Retry-After, or list the folder now and then instead.',
  },
  'http-version-not-supported': {
    status: 505,
    title: 'HTTP version not supported',
    meaning: 'The request line names a version other than HTTP/1.0 or HTTP/1.1.',
    remedy: 'Use HTTP/1.1. For HTTP/2 or HTTP/3 put a proxy in front.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemSlug = keyof typeof CATALOGUE;
