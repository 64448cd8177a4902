/** The picture is none, is broken, or costs too much. The message is for clients. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}
