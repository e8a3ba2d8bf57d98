import { AppError } from '#src/domain/errors.ts';
import { preset } from '#src/domain/fields/preset.ts';
import type { Workflow, WorkflowStore } from '#src/ports/classes.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

type Row = {
  id: string;
  name: string;
  prompt: string | null;
  offered: boolean;
  createdAt: Date;
  makes: string | null;
  preset: string | null;
  pictureVersion: string | null;
};

const toWorkflow = ({ id, name, prompt, offered, createdAt, makes, preset: set, pictureVersion }: Row): Workflow => ({
  id,
  name,
  canRun: prompt !== null,
  offered,
  createdAt: createdAt.getTime(),
  makes,
  preset: set === null ? null : preset.parse(JSON.parse(set)),
  pictureVersion,
});

export function createWorkflowStore(db: Database, bus: Bus): WorkflowStore {
  const announce = () => bus.announce({ type: 'workflows.changed' });
  const change = async (work: (tx: Transaction) => Promise<{ count: number }>): Promise<boolean> => {
    const isChanged = await db.transaction(async (tx) => {
      const { count } = await work(tx);
      if (count > 0) await recordAction(tx);
      return count > 0;
    });
    announce();
    return isChanged;
  };
  return {
    async list() {
      const rows = await db.workflow.findMany({
        omit: { workflow: true, picture: true },
        orderBy: [{ place: 'asc' }, { name: 'asc' }],
      });
      return rows.map(toWorkflow);
    },
    async find(workflowId) {
      const row = await db.workflow.findUnique({ where: { id: workflowId }, omit: { picture: true } });
      return row && { ...toWorkflow(row), workflow: row.workflow, prompt: row.prompt };
    },
    async add({ id, name, workflow, prompt, now }) {
      await db.transaction(async (tx) => {
        if (await tx.workflow.findUnique({ where: { name }, select: { id: true } }))
          throw new AppError('conflict', `A workflow named ${name} already exists.`);
        const { _max: last } = await tx.workflow.aggregate({ _max: { place: true } });
        // Until somebody orders them they are all in the first place, by name.
        const place = (last.place ?? 0) === 0 ? 0 : (last.place ?? 0) + 1;
        await tx.workflow.create({ data: { id, name, workflow, prompt, createdAt: new Date(now), place } });
        await recordAction(tx);
      });
      announce();
    },
    setOffered: (workflowId, offered) =>
      change((tx) => tx.workflow.updateMany({ where: { id: workflowId }, data: { offered } })),
    present: (workflowId, { makes, preset: set }) =>
      change((tx) =>
        tx.workflow.updateMany({
          where: { id: workflowId },
          data: { makes, preset: set === null ? null : JSON.stringify(set) },
        }),
      ),
    setPicture: (workflowId, picture) =>
      change((tx) =>
        tx.workflow.updateMany({
          where: { id: workflowId },
          data:
            picture === null
              ? { picture: null, pictureVersion: null }
              : { picture: new Uint8Array(picture.bytes), pictureVersion: picture.version },
        }),
      ),
    async picture(workflowId) {
      const row = await db.workflow.findUnique({
        where: { id: workflowId },
        select: { picture: true, pictureVersion: true },
      });
      return row?.picture && row.pictureVersion !== null ? { version: row.pictureVersion, bytes: row.picture } : null;
    },
    async order(workflowIds) {
      await db.transaction(async (tx) => {
        await tx.workflow.updateMany({ data: { place: workflowIds.length + 1 } });
        for (const [at, id] of workflowIds.entries())
          await tx.workflow.updateMany({ where: { id }, data: { place: at + 1 } });
        await recordAction(tx);
      });
      announce();
    },
    remove: (workflowId) => change((tx) => tx.workflow.deleteMany({ where: { id: workflowId } })),
  };
}
