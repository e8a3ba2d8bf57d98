let context: AudioContext | undefined;

const LOUDNESS = 0.05;
/** Two notes, a fifth apart: upwards when something is done, downwards when not. */
const NOTES = [523.25, 783.99];
const NOTE_S = 0.16;
const FADE_S = 0.7;

/** Browsers make no sound before the person has pressed something: to be called from such a press. */
export async function allowSound(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
}

export const canSound = (): boolean => context?.state === 'running';

/** A short, soft sound. Where the browser allows none, there is none. */
export function chime(isFailure: boolean): void {
  if (context?.state !== 'running') return;
  const notes = isFailure ? NOTES.toReversed() : NOTES;
  for (const [index, frequency] of notes.entries()) {
    const at = context.currentTime + index * NOTE_S;
    const tone = new OscillatorNode(context, { frequency });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + FADE_S);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + FADE_S);
  }
}
