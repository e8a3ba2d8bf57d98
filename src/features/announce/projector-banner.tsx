import { Countdown } from './countdown.tsx';
import { useAnnouncement } from './use-announcement.ts';

/** What the operator tells everybody, large enough for the back row. */
export function ProjectorLine() {
  const told = useAnnouncement();
  const words = told ? [told.eyesOnMe ? 'Please look up' : '', told.text].filter((part) => part !== '').join(': ') : '';
  return (
    <div role="status" aria-label="Announcement" className="absolute inset-x-6 top-6 z-10 flex justify-center">
      {told && (words !== '' || told.countdown !== null) && (
        <p className="flex flex-wrap items-baseline justify-center gap-x-6 rounded bg-black/80 px-6 py-3 text-center text-28">
          {words !== '' && <span className="break-words">{words}</span>}
          {told.countdown !== null && <Countdown until={told.until} left={told.countdown} />}
        </p>
      )}
    </div>
  );
}
