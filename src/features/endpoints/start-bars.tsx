import { startsWords } from './endpoint-words.ts';

type Start = { readonly at: string; readonly ms: number; readonly cold: boolean };

const WIDTH = 4;
const GAP = 2;

/** One bar for each start, oldest at the left, cold ones in their own colour. The same is said in words beside it. */
export function StartBars({ starts, height }: { starts: readonly Start[]; height: number }) {
  const longest = Math.max(1, ...starts.map(({ ms }) => ms));
  return (
    <svg
      aria-hidden="true"
      width={Math.max(1, starts.length * (WIDTH + GAP) - GAP)}
      height={height}
      className="inline-block align-middle"
    >
      {starts.toReversed().map(({ at, ms, cold }, index) => {
        const tall = Math.max(2, Math.round((ms / longest) * height));
        return (
          <rect
            key={at}
            x={index * (WIDTH + GAP)}
            y={height - tall}
            width={WIDTH}
            height={tall}
            className={cold ? 'fill-waking' : 'fill-done'}
          />
        );
      })}
    </svg>
  );
}

/** The same with words, where there is space. */
export function StartHistory({ starts }: { starts: readonly Start[] }) {
  return (
    <section aria-labelledby="starts" className="flex flex-col gap-2">
      <h3 id="starts" className="font-semibold">
        Start times (sent to first activity)
      </h3>
      {starts.length > 0 && <StartBars starts={starts} height={48} />}
      <p className="text-quiet">{startsWords(starts)}</p>
    </section>
  );
}
