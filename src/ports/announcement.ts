import type { Announcement } from '#src/domain/classes/announcement.ts';

export interface AnnouncementStore {
  /** As it was made, though its time may be over. */
  read(): Promise<Announcement | null>;
  write(announcement: Announcement | null): Promise<void>;
}
