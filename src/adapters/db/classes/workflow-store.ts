import { AppError } from '#src/domain/errors.ts';
import type { Workflow, WorkflowStore } from '#src/ports/classes.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

type Row = { id: string; name: string; prompt: string | null; offered: boolean; createdAt: Date };

const toWorkflow = ({ id, name, prompt, offered, createdAt }: Row): Workflow => ({
  id,
  name,
  canRun: prompt !== null,
  offered,
  createdAt: createdAt.getTime(),
});

export function createWorkflowStore(db: Database, bus: Bus): WorkflowStore {
  const announce = () => bus.announce({ type: 'workflows.changed' });
  const change = (work: (tx: Transaction) => Promise<{ count: number }>) =>
    db.$transaction(async (tx) => {
      const { count } = await work(tx);
      if (count > 0) await recordAction(tx);
      return count > 0;
    });
  return {
    async list() {
      const rows = await db.workflow.findMany({ omit: { workflow: true }, orderBy: { name: 'asc' } });
      return rows.map(toWorkflow);
    },
    async find(workflowId) {
      const row = await db.workflow.findUnique({ where: { id: workflowId } });
      return row && { ...toWorkflow(row), workflow: row.workflow, prompt: row.prompt };
    },
    async add({ id, name, workflow, prompt, now }) {
      await db.$transaction(async (tx) => {
        if (await tx.workflow.findUnique({ where: { name }, select: { id: true } }))
          throw new AppError('conflict', `A workflow named ${name} already exists.`);
        await tx.workflow.create({ data: { id, name, workflow, prompt, createdAt: new Date(now) } });
        await recordAction(tx);
      });
      announce();
    },
    async setOffered(workflowId, offered) {
      const isChanged = await change((tx) => tx.workflow.updateMany({ where: { id: workflowId }, data: { offered } }));
      announce();
      return isChanged;
    },
    async remove(workflowId) {
      const isGone = await change((tx) => tx.workflow.deleteMany({ where: { id: workflowId } }));
      announce();
      return isGone;
    },
  };
}
