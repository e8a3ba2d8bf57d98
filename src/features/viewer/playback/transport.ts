import { frameAt, frameCount, middleOf } from './timecode.ts';

/** The part of a media element that a transport uses. */
export type Film = Pick<HTMLMediaElement, 'play' | 'pause' | 'paused' | 'readyState' | 'seeking'> & {
  currentTime: number;
  duration: number;
  playbackRate: number;
  muted: boolean;
};

export type TransportState = {
  readonly playing: boolean;
  readonly time: number;
  /** Of the longest film; 0 until it is known. */
  readonly duration: number;
  readonly rate: number;
  readonly loop: boolean;
  readonly muted: boolean;
};

export const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2, 4] as const;

/** `HTMLMediaElement.HAVE_FUTURE_DATA` */
const CAN_GO_ON = 3;
/** Smaller drifts are corrected by playback speed, larger ones by seeking. */
const DRIFT_TO_SEEK = 0.3;
/** The tolerance: a third of a frame at 60 per second. */
const DRIFT_TO_BEAR = 0.006;
const END = 0.02;

const known = ({ duration }: Film): boolean => Number.isFinite(duration) && duration > 0;

/**
 * Plays one or several films in sync: the longest leads, the others follow; a shorter one stays on its last frame until all start over.
 * `tick` wants to be called for every frame of the screen while it plays.
 */
export class Transport {
  readonly #films = new Set<Film>();
  readonly #listeners = new Set<() => void>();
  #state: TransportState = { playing: false, time: 0, duration: 0, rate: 1, loop: true, muted: false };

  readonly state = (): TransportState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Controls a film; returns a function that releases it. */
  readonly attach = (film: Film): (() => void) => {
    this.#films.add(film);
    film.muted = this.#state.muted || this.#films.size > 1;
    this.measured();
    return () => {
      this.#films.delete(film);
      if (this.#films.size === 0) this.#set({ playing: false, time: 0 });
      this.measured();
    };
  };

  /** The duration of a film is known. */
  measured(): void {
    const leader = this.#leader();
    this.#set({ duration: leader && known(leader) ? leader.duration : 0 });
  }

  play(): void {
    const { time, duration } = this.#state;
    const films = [...this.#films];
    if (films.length === 0) return;
    if (duration > 0 && time >= duration - END * 2) this.#send(0);
    this.#set({ playing: true });
    // Without a press before, a browser plays nothing that has sound.
    const refused = (): void => this.pause();
    for (const film of films) {
      film.playbackRate = this.#state.rate;
      if (!this.#isOver(film)) film.play().catch(refused);
    }
  }

  pause(): void {
    for (const film of this.#films) film.pause();
    if (!this.#state.playing) return;
    const time = this.#leader()?.currentTime ?? this.#state.time;
    this.#set({ playing: false, time });
    // While paused, all show the same moment.
    if (this.#films.size > 1) this.#send(time);
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }

  seek(time: number): void {
    this.#send(Math.max(0, Math.min(time, this.#state.duration)));
  }

  /** Pauses and moves by this many frames, within the film. */
  step(frames: number, fps: number): void {
    this.pause();
    const last = frameCount(this.#state.duration, fps) - 1;
    const at = Math.min(last, frameAt(this.#state.time, fps));
    const to = Math.min(last, Math.max(0, at + frames));
    this.#send(middleOf(to, fps));
  }

  setRate(rate: number): void {
    for (const film of this.#films) film.playbackRate = rate;
    this.#set({ rate });
  }

  faster(steps: number): void {
    const at = RATES.findLastIndex((rate) => rate <= this.#state.rate);
    this.setRate(RATES[Math.min(RATES.length - 1, Math.max(0, at + steps))] ?? 1);
  }

  setLoop(loop: boolean): void {
    this.#set({ loop });
  }

  /** With several films only the first one has sound. */
  setMuted(muted: boolean): void {
    for (const [index, film] of [...this.#films].entries()) film.muted = muted || index > 0;
    this.#set({ muted });
  }

  tick(): void {
    const leader = this.#leader();
    if (!this.#state.playing || !leader) return;
    if (this.#isWaiting()) return;
    const time = leader.currentTime;
    if (known(leader) && time >= leader.duration - END) this.#ended();
    else {
      for (const film of this.#films) if (film !== leader) this.#follow(film, time);
      this.#set({ time });
    }
  }

  /** Pauses all until each has buffered its next frames. */
  #isWaiting(): boolean {
    const films = [...this.#films].filter((film) => !this.#isOver(film));
    const waits = films.some((film) => film.readyState < CAN_GO_ON);
    for (const film of films)
      if (waits && film.readyState >= CAN_GO_ON) film.pause();
      else if (!waits && film.paused) film.play().catch(() => this.pause());
    return waits;
  }

  #follow(film: Film, time: number): void {
    if (known(film) && time >= film.duration - END) {
      film.pause();
      return;
    }
    const drift = film.currentTime - time;
    const { rate } = this.#state;
    if (Math.abs(drift) > DRIFT_TO_SEEK) {
      if (!film.seeking) film.currentTime = time;
      film.playbackRate = rate;
    } else
      film.playbackRate =
        Math.abs(drift) < DRIFT_TO_BEAR ? rate : rate * (1 - Math.max(-0.2, Math.min(0.2, drift * 2)));
  }

  #ended(): void {
    if (!this.#state.loop) {
      this.pause();
      this.#set({ time: this.#state.duration });
      return;
    }
    this.#send(0);
    this.play();
  }

  #isOver(film: Film): boolean {
    return film !== this.#leader() && known(film) && this.#state.time >= film.duration - END;
  }

  #leader(): Film | undefined {
    const films = [...this.#films];
    return (
      films
        .filter(known)
        .reduce<Film | undefined>(
          (longest, film) => (longest && longest.duration >= film.duration ? longest : film),
          undefined,
        ) ?? films[0]
    );
  }

  #send(time: number): void {
    for (const film of this.#films) film.currentTime = known(film) ? Math.min(time, film.duration - END / 2) : time;
    this.#set({ time });
  }

  #set(change: Partial<TransportState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
