/** As large as a card shows it, twice as sharp. */
const MAX_SIDE = 640;
const QUALITIES = [0.85, 0.6, 0.4];
/** The server takes no more, as base64. */
const MAX_LENGTH = 200_000;

const UNREADABLE = 'This browser cannot show that picture. Choose a PNG, JPEG or WebP file.';

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(new Error(UNREADABLE));
    reader.onload = () => {
      const address = String(reader.result);
      resolve(address.slice(address.indexOf(',') + 1));
    };
    reader.readAsDataURL(blob);
  });
}

/** A picture made small enough to be sent with a call. Throws an Error with a message to show. */
export async function pictureData(picture: Blob): Promise<string> {
  const bitmap = await createImageBitmap(picture).catch(() => {
    throw new Error(UNREADABLE);
  });
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    const text = blob === null ? '' : await base64Of(blob);
    if (text !== '' && text.length <= MAX_LENGTH) return text;
  }
  throw new Error(UNREADABLE);
}
