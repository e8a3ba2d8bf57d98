/** Hidden from screen readers, which would read every second; they get the end time once. */
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
