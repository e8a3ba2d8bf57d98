import type { Announcement } from '#src/domain/classes/announcement.ts';
import type { Preset } from '#src/domain/fields/preset.ts';
import type { NewUser, User } from './users.ts';

export interface AnnouncementStore {
  /** As it was made, though its time may be over. */
  read(): Promise<Announcement | null>;
  write(announcement: Announcement | null): Promise<void>;
}

export type JoinCode = {
  readonly id: string;
  readonly code: string;
  readonly seats: number;
  readonly taken: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly closedAt: number | null;
};

/** What a whole class joins by. */
export interface JoinCodes {
  add(code: Omit<JoinCode, 'taken' | 'closedAt'>): Promise<void>;
  /** Newest first. */
  list(): Promise<JoinCode[]>;
  byCode(code: string): Promise<JoinCode | null>;
  /** `false` when there is no such code, or it is closed already. */
  close(id: string, now: number): Promise<boolean>;
  /** Who joined by it and has not left, with how many jobs each sent; null = there is no such code. */
  joined(id: string): Promise<{ readonly id: string; readonly jobs: number }[] | null>;
  /** Makes the user if a seat is free; null = none is. AppError `conflict` when the name is taken. */
  takeSeat(codeId: string, user: NewUser): Promise<User | null>;
}

/** A workflow that operators offer to the class. */
export type Workflow = {
  readonly id: string;
  readonly name: string;
  /** Whether it is known in the API format too: only then can it be sent to a GPU. */
  readonly canRun: boolean;
  readonly offered: boolean;
  readonly createdAt: number;
  /** In a line; null = nobody has said. */
  readonly makes: string | null;
  /** Null = the form has what people usually look for. */
  readonly preset: Preset | null;
  /** Of its sample picture; null = it has none. */
  readonly pictureVersion: string | null;
};

export type WorkflowFile = { readonly workflow: string; readonly prompt: string | null };

/** A workflow in the editor's own JSON, on its way to its owner's ComfyUI tab. */
export type HandedWorkflow = { readonly id: string; readonly name: string; readonly workflow: string };

export interface HandedWorkflows {
  /** Keeps it for a while; gives its id. */
  give(userId: string, workflow: Omit<HandedWorkflow, 'id'>): string;
  find(userId: string, id: string): HandedWorkflow | null;
}

export interface WorkflowStore {
  /** As they were ordered, else by name. */
  list(): Promise<Workflow[]>;
  find(workflowId: string): Promise<(Workflow & WorkflowFile) | null>;
  /** AppError `conflict` when the name is taken. */
  add(workflow: WorkflowFile & { id: string; name: string; now: number }): Promise<void>;
  setOffered(workflowId: string, offered: boolean): Promise<boolean>;
  present(workflowId: string, shown: Pick<Workflow, 'makes' | 'preset'>): Promise<boolean>;
  /** Null removes it. */
  setPicture(workflowId: string, picture: { version: string; bytes: Uint8Array } | null): Promise<boolean>;
  /** Null = there is none. */
  picture(workflowId: string): Promise<{ version: string; bytes: Uint8Array } | null>;
  /** The others come after these. */
  order(workflowIds: readonly string[]): Promise<void>;
  remove(workflowId: string): Promise<boolean>;
}
