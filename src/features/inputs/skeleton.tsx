export const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(min(100%,13rem),1fr))] gap-2 max-sm:grid-cols-2';

/** The shape of what comes. */
export function Skeleton() {
  return (
    <div aria-busy className={GRID}>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((place) => (
        <div key={place} className="aspect-4/5 rounded bg-raised" />
      ))}
    </div>
  );
}
