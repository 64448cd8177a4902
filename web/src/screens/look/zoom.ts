/** How a picture lies in its frame: `scale` 1 fits it in; `x` and `y` move its middle, in CSS pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FIT: View = { scale: 1, x: 0, y: 0 };

/** Pixels of a picture become at most this many CSS pixels wide. */
const CLOSEST = 8;

/** The size of a picture that is fitted into a frame. Small ones stay as they are. */
export function fitted(picture: Size, frame: Size): Size {
  const ratio = Math.min(1, frame.width / picture.width, frame.height / picture.height);
  return { width: picture.width * ratio, height: picture.height * ratio };
}

/** The scale at which a pixel of the picture is a CSS pixel. At least 2, so that zooming does something. */
export function actualScale(picture: Size, frame: Size): number {
  return Math.max(2, picture.width / fitted(picture, frame).width);
}

/** Zooms by a factor while the point (from the middle of the frame) stays where it is. */
export function zoomed(
  view: View,
  factor: number,
  point: { x: number; y: number },
  picture: Size,
  frame: Size,
): View {
  const most = Math.max(2, (picture.width / fitted(picture, frame).width) * CLOSEST);
  const scale = Math.min(most, Math.max(1, view.scale * factor));
  const by = scale / view.scale;
  return kept(
    { scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by },
    picture,
    frame,
  );
}

/** Keeps the picture over its frame: no edge comes further in than it must. */
export function kept(view: View, picture: Size, frame: Size): View {
  const size = fitted(picture, frame);
  const room = (of: number, within: number) => Math.max(0, (of * view.scale - within) / 2);
  const clamp = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value)) + 0;
  return {
    scale: view.scale,
    x: clamp(view.x, room(size.width, frame.width)),
    y: clamp(view.y, room(size.height, frame.height)),
  };
}
