import { beforeEach, describe, expect, test } from 'vitest';
import type { Film } from './synced-films.ts';
import { frameAt } from './timecode.ts';
import { Transport } from './transport.ts';

type Reel = Film & { run(seconds: number): void };

/** A film whose clock is turned by hand; `drift` makes it run faster or slower than it should. */
function reel(duration: number, drift = 1): Reel {
  const film: Reel = {
    currentTime: 0,
    duration,
    playbackRate: 1,
    muted: false,
    paused: true,
    readyState: 4,
    seeking: false,
    play: async () => void Object.assign(film, { paused: false }),
    pause: () => void Object.assign(film, { paused: true }),
    run: (seconds) => {
      if (!film.paused) film.currentTime = Math.min(duration, film.currentTime + seconds * film.playbackRate * drift);
    },
  };
  return film;
}

const FPS = 24;
let transport: Transport;
let now = 0;
beforeEach(() => {
  transport = new Transport();
});

function run(films: readonly Reel[], seconds: number): void {
  for (let i = 0; i < seconds * 60; i++) {
    for (const film of films) film.run(1 / 60);
    now += 1000 / 60;
    transport.tick(now);
  }
}

describe('one film', () => {
  test('plays, stops and goes frame by frame, never past an end', () => {
    const film = reel(2);
    transport.attach(film);
    transport.play();
    run([film], 0.5);
    expect(transport.state().time).toBeCloseTo(0.5, 1);
    transport.step(1, FPS);
    const frame = frameAt(film.currentTime, FPS);
    expect(film.paused).toBe(true);
    transport.step(1, FPS);
    expect(frameAt(film.currentTime, FPS)).toBe(frame + 1);
    transport.step(-2, FPS);
    expect(frameAt(film.currentTime, FPS)).toBe(frame - 1);
    transport.step(-1000, FPS);
    expect(frameAt(film.currentTime, FPS)).toBe(0);
    transport.step(1000, FPS);
    expect(frameAt(film.currentTime, FPS)).toBe(47);
    transport.seek(2);
    transport.step(-1, FPS);
    expect(frameAt(film.currentTime, FPS)).toBe(46);
  });

  test('at its end it begins again, or stays there', () => {
    const film = reel(1);
    transport.attach(film);
    transport.play();
    run([film], 1.5);
    expect(transport.state()).toMatchObject({ playing: true });
    expect(transport.state().time).toBeLessThan(0.6);
    transport.setLoop(false);
    run([film], 1);
    expect(transport.state()).toMatchObject({ playing: false, time: 1 });
    transport.play();
    expect(film.currentTime).toBe(0);
  });

  test('a browser that refuses to play leaves it standing', async () => {
    const film = { ...reel(1), play: () => Promise.reject(new Error('not allowed')) };
    transport.attach(film);
    transport.play();
    await expect.poll(() => transport.state().playing).toBe(false);
  });

  test('speeds go up and down in steps and stay within their ends', () => {
    const film = reel(1);
    transport.attach(film);
    transport.faster(-1);
    expect(film.playbackRate).toBe(0.5);
    transport.faster(-9);
    expect(transport.state().rate).toBe(0.1);
    transport.faster(99);
    expect(transport.state().rate).toBe(4);
  });
});

describe('J, K and L', () => {
  test('L plays, faster with each press, and stopping goes back to the chosen speed', () => {
    const film = reel(60);
    transport.attach(film);
    transport.shuttle(1);
    expect(transport.state()).toMatchObject({ playing: true, backwards: false, rate: 1 });
    transport.shuttle(1);
    transport.shuttle(1);
    expect(film.playbackRate).toBe(2);
    for (let presses = 0; presses < 9; presses++) transport.shuttle(1);
    expect(film.playbackRate).toBe(4);
    transport.pause();
    expect(transport.state()).toMatchObject({ playing: false, rate: 1 });
    transport.setRate(0.5);
    transport.shuttle(1);
    expect(film.playbackRate).toBe(0.5);
  });

  test('J goes back as fast, faster with each press, and stops at the start', () => {
    const film = reel(60);
    transport.attach(film);
    transport.seek(30);
    transport.shuttle(-1);
    run([film], 1);
    expect(film.currentTime).toBeCloseTo(29, 1);
    transport.shuttle(-1);
    transport.shuttle(-1);
    run([film], 1);
    expect(film.currentTime).toBeCloseTo(27, 1);
    expect(film.paused).toBe(true);
    run([film], 60);
    expect(transport.state()).toMatchObject({ playing: false, backwards: false, time: 0, rate: 1 });
  });

  test('each turns the other around', () => {
    const film = reel(60);
    transport.attach(film);
    transport.seek(30);
    transport.shuttle(1);
    transport.shuttle(1);
    transport.shuttle(-1);
    expect(transport.state()).toMatchObject({ playing: true, backwards: true, rate: 1 });
    expect(film.paused).toBe(true);
    transport.shuttle(1);
    expect(transport.state()).toMatchObject({ playing: true, backwards: false, rate: 1 });
    expect(film.paused).toBe(false);
  });

  test('turned around before it began to play, it goes the other way', async () => {
    const film = reel(60);
    transport.attach(film);
    transport.seek(30);
    film.play = () => Promise.reject(new DOMException('', 'AbortError'));
    transport.shuttle(1);
    transport.shuttle(-1);
    await Promise.resolve();
    expect(transport.state()).toMatchObject({ playing: true, backwards: true });
  });

  test('while a film is still on its way back, it is not sent again', () => {
    const film = reel(60);
    transport.attach(film);
    transport.seek(30);
    transport.shuttle(-1);
    run([film], 0.5);
    Object.assign(film, { seeking: true });
    const at = film.currentTime;
    run([film], 0.5);
    expect(film.currentTime).toBe(at);
    Object.assign(film, { seeking: false });
    run([film], 0.5);
    expect(film.currentTime).toBeCloseTo(28.5, 1);
  });
});

describe('a range', () => {
  const frames = (film: Reel): number => frameAt(film.currentTime, FPS);
  /** From the 25th frame to the 36th. */
  function ranged(): Reel {
    const film = reel(4);
    transport.attach(film);
    transport.seek(1.01);
    transport.setIn(FPS);
    transport.seek(1.47);
    transport.setOut(FPS);
    return film;
  }

  test('is played over and over, both of its ends included', () => {
    const film = ranged();
    expect(transport.state()).toMatchObject({ from: 24.5 / FPS, to: 1.5 });
    transport.play();
    const seen = new Set<number>();
    for (let n = 0; n < 120; n++) {
      seen.add(frames(film));
      run([film], 1 / 60);
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);
  });

  test('without the loop it stops at its end, and playing begins at its start', () => {
    const film = ranged();
    transport.setLoop(false);
    transport.play();
    run([film], 2);
    expect(transport.state()).toMatchObject({ playing: false, time: 1.5 });
    transport.seek(3);
    transport.play();
    expect(frames(film)).toBe(24);
    transport.seek(0);
    transport.play();
    expect(frames(film)).toBe(24);
    transport.seek(1.4);
    transport.shuttle(-1);
    run([film], 2);
    expect(frames(film)).toBe(24);
  });

  test('an end on the wrong side of the other takes its place', () => {
    ranged();
    transport.seek(2);
    transport.setIn(FPS);
    expect(transport.state()).toMatchObject({ to: null });
    transport.seek(0.5);
    transport.setOut(FPS);
    expect(transport.state()).toMatchObject({ from: null, to: 13 / FPS });
    transport.clearRange();
    expect(transport.state()).toMatchObject({ from: null, to: null });
  });

  test('belongs to the film', () => {
    const release = transport.attach(reel(4));
    transport.seek(1);
    transport.setIn(null);
    release();
    transport.attach(reel(4));
    expect(transport.state()).toMatchObject({ from: null, to: null });
  });
});

describe('several films', () => {
  test.each([0.9, 0.99, 1, 1.01, 1.1])('one that runs at %s is kept in step', (drift) => {
    const [a, b] = [reel(60), reel(60, drift)];
    transport.attach(a);
    transport.attach(b);
    transport.play();
    run([a, b], 20);
    expect(Math.abs(a.currentTime - b.currentTime)).toBeLessThan(0.06);
  });

  test('go frame by frame together', () => {
    const films = [reel(2), reel(3), reel(3)];
    for (const film of films) transport.attach(film);
    transport.seek(1);
    transport.step(5, FPS);
    expect(films.map(({ currentTime }) => frameAt(currentTime, FPS))).toEqual([29, 29, 29]);
  });

  test('the shorter one waits on its last frame until all begin again', () => {
    const [short, long] = [reel(1), reel(2)];
    transport.attach(short);
    transport.attach(long);
    expect(transport.state().duration).toBe(2);
    transport.play();
    run([short, long], 1.5);
    expect(short.paused).toBe(true);
    expect(short.currentTime).toBeGreaterThan(0.9);
    run([short, long], 0.7);
    expect(short.paused).toBe(false);
    expect(short.currentTime).toBeLessThan(0.5);
    expect(Math.abs(short.currentTime - long.currentTime)).toBeLessThan(0.05);
  });

  test('wait for the one that has nothing to show yet', () => {
    const [a, b] = [reel(5), reel(5)];
    transport.attach(a);
    transport.attach(b);
    transport.play();
    Object.assign(b, { readyState: 2 });
    run([a], 1);
    expect(a.currentTime).toBeLessThan(0.1);
    Object.assign(b, { readyState: 4 });
    run([a, b], 1);
    expect(a.currentTime).toBeGreaterThan(0.9);
  });

  test('only the first is heard', () => {
    const [a, b] = [reel(1), reel(1)];
    transport.attach(a);
    transport.attach(b);
    expect([a.muted, b.muted]).toEqual([false, true]);
    transport.setMuted(true);
    transport.setMuted(false);
    expect([a.muted, b.muted]).toEqual([false, true]);
  });
});
