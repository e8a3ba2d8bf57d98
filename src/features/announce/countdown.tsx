/** Seen, but not said each second; the time it counts to is said once. */
export function Countdown({ until, left }: { until: string | null; left: string }) {
  return (
    <>
      <span aria-hidden className="font-semibold tabular-nums">
        {left}
      </span>
      {until !== null && (
        <span className="sr-only">
          until {new Date(until).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}
        </span>
      )}
    </>
  );
}
