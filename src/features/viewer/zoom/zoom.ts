export type Size = { readonly width: number; readonly height: number };
export type Point = { readonly x: number; readonly y: number };
/** Screen pixels per picture pixel, and where the picture's upper left corner is on the stage. */
export type View = { readonly scale: number; readonly x: number; readonly y: number };

const MAX_BYTES = 16;

export function fitted(picture: Size, stage: Size): View {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
  return {
    scale,
    x: (stage.width - picture.width * scale) / 2,
    y: (stage.height - picture.height * scale) / 2,
  };
}

function settle(offset: number, length: number, room: number): number {
  return length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));
}

/** Keeps the picture on the stage: centred where it is smaller, without a gap at its edges where it is larger. */
export function keepOnStage({ scale, x, y }: View, picture: Size, stage: Size): View {
  return {
    scale,
    x: settle(x, picture.width * scale, stage.width),
    y: settle(y, picture.height * scale, stage.height),
  };
}

/** Zooms to `scale` so that what is under `point` stays there, from the fit (or real pixels, if that is smaller) to 16 times. */
export function zoomTo(view: View, scale: number, point: Point, picture: Size, stage: Size): View {
  const least = Math.min(fitted(picture, stage).scale, 1);
  const next = Math.min(MAX_BYTES, Math.max(least, scale));
  const ratio = next / view.scale;
  const moved = { scale: next, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio };
  return keepOnStage(moved, picture, stage);
}

/** The visible part of a picture, whatever its size: the zoom factor relative to the whole, and the point in the middle (0 to 1). */
export type Lens = { readonly zoom: number; readonly u: number; readonly v: number };

/** Where a picture has to lie on a stage to be seen through the lens; `null` shows the whole of it. */
export function viewThrough(lens: Lens | null, picture: Size, stage: Size): View {
  const whole = fitted(picture, stage);
  if (lens === null) return whole;
  const scale = whole.scale * lens.zoom;
  return keepOnStage(
    {
      scale,
      x: stage.width / 2 - lens.u * picture.width * scale,
      y: stage.height / 2 - lens.v * picture.height * scale,
    },
    picture,
    stage,
  );
}

/** The lens through which a view is seen; `null` for the whole picture. */
export function lensOf({ scale, x, y }: View, picture: Size, stage: Size): Lens | null {
  const zoom = scale / fitted(picture, stage).scale;
  if (Math.abs(zoom - 1) < 1e-9) return null;
  return {
    zoom,
    u: (stage.width / 2 - x) / (picture.width * scale),
    v: (stage.height / 2 - y) / (picture.height * scale),
  };
}
