/** Calls `act` at once, then at most once each `ms`; calls that come in between end in one at the end. */
export function throttle(act: () => void, ms: number): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = (): void => {
    again = false;
    act();
    waiting = setTimeout(() => {
      waiting = undefined;
      if (again) run();
    }, ms);
  };
  return () => {
    if (waiting === undefined) run();
    else again = true;
  };
}
