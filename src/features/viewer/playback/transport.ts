import { END, type Film, known, SyncedFilms } from './synced-films.ts';
import { frameAt, frameCount, middleOf } from './timecode.ts';

export type TransportState = {
  readonly playing: boolean;
  readonly time: number;
  /** Of the longest film; 0 until it is known. */
  readonly duration: number;
  /** Of the next or the present playing; the way it goes is `backwards`. */
  readonly rate: number;
  readonly backwards: boolean;
  /** What is played, in seconds; null = from the start, or to the end. */
  readonly from: number | null;
  readonly to: number | null;
  readonly loop: boolean;
  readonly muted: boolean;
};

export const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2, 4] as const;

/** At the end of a range the next picture is a frame of the screen away. */
const RANGE_END = 0.01;

const NO_RANGE = { from: null, to: null } as const;

/** Plays one or several films in sync, all of them or a range. `tick` wants to be called for every frame of the screen while it plays. */
export class Transport {
  readonly #films = new SyncedFilms();
  readonly #listeners = new Set<() => void>();
  #state: TransportState = {
    ...{ playing: false, time: 0, duration: 0, rate: 1, backwards: false, loop: true, muted: false },
    ...NO_RANGE,
  };
  /** The speed that was chosen: shuttling goes back to it when it stops. */
  #chosenRate = 1;
  /** Of the last tick while it goes backwards. */
  #lastTick: number | null = null;

  readonly state = (): TransportState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Controls a film; returns a function that releases it. */
  readonly attach = (film: Film): (() => void) => {
    this.#films.add(film, this.#state.muted);
    this.measured();
    return () => {
      this.#films.remove(film);
      if (this.#films.size === 0) this.#set({ playing: false, backwards: false, time: 0, ...NO_RANGE });
      this.measured();
    };
  };

  /** The duration of a film is known. */
  measured(): void {
    const leader = this.#films.leader();
    this.#set({ duration: leader && known(leader) ? leader.duration : 0 });
  }

  play(): void {
    const { time, duration, from, to } = this.#state;
    if (this.#films.size === 0) return;
    const isPast = to === null ? duration > 0 && time >= duration - END * 2 : time >= to - RANGE_END;
    if (isPast || (from !== null && time < from)) this.#send(from ?? 0);
    this.#set({ playing: true, backwards: false });
    this.#films.play(this.#state.time, this.#state.rate, this.#refused);
  }

  pause(): void {
    this.#films.pause();
    const { playing, backwards } = this.#state;
    if (!playing) return;
    const time = backwards ? this.#state.time : (this.#films.leader()?.currentTime ?? this.#state.time);
    this.#set({ playing: false, backwards: false, time, rate: this.#chosenRate });
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
    this.#chosenRate = rate;
    this.#applyRate(rate);
  }

  faster(steps: number): void {
    this.setRate(this.#rateAfter(steps));
  }

  /** As J (-1) and L (1) do in editing software: plays that way; each further press of the same key is faster. */
  shuttle(way: 1 | -1): void {
    const { playing, backwards } = this.#state;
    if (playing && backwards === (way === -1)) {
      this.#applyRate(this.#rateAfter(1));
      return;
    }
    this.pause();
    if (way === 1) {
      this.play();
      return;
    }
    if (this.#films.size === 0 || this.#state.time <= (this.#state.from ?? 0)) return;
    this.#lastTick = null;
    this.#set({ playing: true, backwards: true });
  }

  /** What is played begins here, with this picture. */
  setIn(fps: number | null): void {
    const { time, to } = this.#state;
    const from = fps === null ? time : middleOf(frameAt(time, fps), fps);
    this.#set({ from, ...(to !== null && to <= from && { to: null }) });
  }

  /** What is played ends here, this picture included. */
  setOut(fps: number | null): void {
    const { time, duration, from } = this.#state;
    const to = Math.min(duration, fps === null ? time : (frameAt(time, fps) + 1) / fps);
    this.#set({ to, ...(from !== null && from >= to && { from: null }) });
  }

  clearRange(): void {
    this.#set(NO_RANGE);
  }

  setLoop(loop: boolean): void {
    this.#set({ loop });
  }

  setMuted(muted: boolean): void {
    this.#films.setMuted(muted);
    this.#set({ muted });
  }

  /** `now` in milliseconds, as screens give it with each frame. */
  tick(now: number): void {
    const leader = this.#films.leader();
    if (!this.#state.playing || !leader) return;
    if (this.#state.backwards) {
      this.#stepBack(now);
      return;
    }
    if (this.#films.isWaiting(this.#state.time, this.#refused)) return;
    const time = leader.currentTime;
    const { to } = this.#state;
    if ((known(leader) && time >= leader.duration - END) || (to !== null && time >= to - RANGE_END)) this.#ended();
    else {
      this.#films.follow(time, this.#state.rate);
      this.#set({ time });
    }
  }

  /** Browsers play no film backwards: it is sent back by what has passed. While one is still on its way, the others wait. */
  #stepBack(now: number): void {
    const passed = this.#lastTick === null ? 0 : (now - this.#lastTick) / 1000;
    const { time, rate, from } = this.#state;
    if (this.#films.isSeeking()) return;
    this.#lastTick = now;
    const start = from ?? 0;
    this.#send(Math.max(start, time - passed * rate));
    if (this.#state.time <= start) this.pause();
  }

  #applyRate(rate: number): void {
    this.#films.setRate(rate);
    this.#set({ rate });
  }

  #rateAfter(steps: number): number {
    const at = RATES.findLastIndex((rate) => rate <= this.#state.rate);
    return RATES[Math.min(RATES.length - 1, Math.max(0, at + steps))] ?? 1;
  }

  /** Without a press before, a browser plays nothing that has sound. What was stopped before it began was not refused. */
  readonly #refused = (error: unknown): void => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) this.pause();
  };

  #ended(): void {
    const { loop, from, to, duration } = this.#state;
    if (!loop) {
      this.pause();
      this.#set({ time: to ?? duration });
      return;
    }
    this.#send(from ?? 0);
    this.play();
  }

  #send(time: number): void {
    this.#films.seek(time);
    this.#set({ time });
  }

  #set(change: Partial<TransportState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
