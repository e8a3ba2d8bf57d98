/** A picture frame whose lower right corner is still being drawn. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" className="shrink-0">
      <path
        d="M20 10V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h5"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="17.5" cy="17.5" r="3.5" fill="var(--color-accent)" />
    </svg>
  );
}

export function Wordmark({ large = false }: { large?: boolean }) {
  return (
    <span className={`inline-flex items-center gap-2 font-semibold ${large ? 'text-28' : 'text-15'}`}>
      <Mark size={large ? 32 : 20} />
      comfyume
    </span>
  );
}
