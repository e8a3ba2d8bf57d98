import { AppError } from '#src/domain/errors.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Workflow, WorkflowStore } from '#src/ports/workflows.ts';
import type { Database } from '../connection.ts';

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
      if (await db.workflow.findUnique({ where: { name }, select: { id: true } }))
        throw new AppError('conflict', `A workflow named ${name} already exists.`);
      await db.workflow.create({ data: { id, name, workflow, prompt, createdAt: new Date(now) } });
      announce();
    },
    async setOffered(workflowId, offered) {
      const { count } = await db.workflow.updateMany({ where: { id: workflowId }, data: { offered } });
      announce();
      return count > 0;
    },
    async remove(workflowId) {
      const { count } = await db.workflow.deleteMany({ where: { id: workflowId } });
      announce();
      return count > 0;
    },
  };
}
