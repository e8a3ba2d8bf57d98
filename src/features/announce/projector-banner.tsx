import { Countdown } from './countdown.tsx';
import { useAnnouncement } from './use-announcement.ts';

/** The current announcement, large enough for the back row. */
export function ProjectorBanner() {
  const announcement = useAnnouncement();
  const words = announcement
    ? [announcement.eyesOnMe ? 'Please look up' : '', announcement.text].filter((part) => part !== '').join(': ')
    : '';
  return (
    <div role="status" aria-label="Announcement" className="absolute inset-x-6 top-6 z-10 flex justify-center">
      {announcement && (words !== '' || announcement.countdown !== null) && (
        <p className="flex flex-wrap items-baseline justify-center gap-x-6 rounded bg-black/80 px-6 py-3 text-center text-28">
          {words !== '' && <span className="break-words">{words}</span>}
          {announcement.countdown !== null && <Countdown until={announcement.until} left={announcement.countdown} />}
        </p>
      )}
    </div>
  );
}
