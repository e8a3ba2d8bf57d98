const LINES_SHOWN = 10;

/** What is wrong with a workflow, fault by fault. */
export function FaultLines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 border-l-2 border-failed pl-2">
      {lines.slice(0, LINES_SHOWN).map((line) => (
        <li key={line}>{line}</li>
      ))}
      {lines.length > LINES_SHOWN && <li className="text-quiet">and {lines.length - LINES_SHOWN} more</li>}
    </ul>
  );
}
