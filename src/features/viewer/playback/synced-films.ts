/** The part of a media element that a transport uses. */
export type Film = Pick<HTMLMediaElement, 'play' | 'pause' | 'paused' | 'readyState' | 'seeking'> & {
  currentTime: number;
  duration: number;
  playbackRate: number;
  muted: boolean;
};

/** `HTMLMediaElement.HAVE_FUTURE_DATA` */
const CAN_GO_ON = 3;
/** Smaller drifts are corrected by playback speed, larger ones by seeking. */
const DRIFT_TO_SEEK = 0.3;
/** The tolerance: a third of a frame at 60 per second. */
const DRIFT_TO_BEAR = 0.006;
export const END = 0.02;

export const known = ({ duration }: Film): boolean => Number.isFinite(duration) && duration > 0;

/** One film or several: the longest leads, the others follow; a shorter one stays on its last frame. */
export class SyncedFilms {
  readonly #films = new Set<Film>();

  get size(): number {
    return this.#films.size;
  }

  add(film: Film, muted: boolean): void {
    this.#films.add(film);
    film.muted = muted || this.#films.size > 1;
  }

  remove(film: Film): void {
    this.#films.delete(film);
  }

  leader(): Film | undefined {
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

  isSeeking(): boolean {
    return [...this.#films].some(({ seeking }) => seeking);
  }

  play(time: number, rate: number, refused: (error: unknown) => void): void {
    this.setRate(rate);
    for (const film of this.#films) if (!this.#isOver(film, time)) film.play().catch(refused);
  }

  pause(): void {
    for (const film of this.#films) film.pause();
  }

  setRate(rate: number): void {
    for (const film of this.#films) film.playbackRate = rate;
  }

  /** With several films only the first one has sound. */
  setMuted(muted: boolean): void {
    for (const [index, film] of [...this.#films].entries()) film.muted = muted || index > 0;
  }

  seek(time: number): void {
    for (const film of this.#films) film.currentTime = known(film) ? Math.min(time, film.duration - END / 2) : time;
  }

  /** Pauses all until each has buffered its next frames. */
  isWaiting(time: number, refused: (error: unknown) => void): boolean {
    const films = [...this.#films].filter((film) => !this.#isOver(film, time));
    const waits = films.some((film) => film.readyState < CAN_GO_ON);
    for (const film of films)
      if (waits && film.readyState >= CAN_GO_ON) film.pause();
      else if (!waits && film.paused) film.play().catch(refused);
    return waits;
  }

  /** Keeps the others where the leader is. */
  follow(time: number, rate: number): void {
    const leader = this.leader();
    for (const film of this.#films) if (film !== leader) follow(film, time, rate);
  }

  #isOver(film: Film, time: number): boolean {
    return film !== this.leader() && known(film) && time >= film.duration - END;
  }
}

function follow(film: Film, time: number, rate: number): void {
  if (known(film) && time >= film.duration - END) {
    film.pause();
    return;
  }
  const drift = film.currentTime - time;
  if (Math.abs(drift) > DRIFT_TO_SEEK) {
    if (!film.seeking) film.currentTime = time;
    film.playbackRate = rate;
  } else
    film.playbackRate = Math.abs(drift) < DRIFT_TO_BEAR ? rate : rate * (1 - Math.max(-0.2, Math.min(0.2, drift * 2)));
}
