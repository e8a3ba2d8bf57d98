import { tidyRate } from './timecode.ts';

/** The number of frames that are measured. */
const FRAMES = 60;

/** Frames per second as the file's own index tells, null when it cannot be read. Reads only what it needs of the file. */
export async function readFrameRate(url: string): Promise<number | null> {
  const { Input, MATROSKA, MP4, QTFF, UrlSource, WEBM } = await import('mediabunny');
  const input = new Input({ source: new UrlSource(url), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    const track = await input.getPrimaryVideoTrack();
    const rate = (await track?.computePacketStats(FRAMES))?.averagePacketRate;
    return rate && Number.isFinite(rate) && rate > 0 ? tidyRate(rate) : null;
  } catch {
    // A container that the library does not know: then there are seconds, but no frames.
    return null;
  } finally {
    input.dispose();
  }
}
