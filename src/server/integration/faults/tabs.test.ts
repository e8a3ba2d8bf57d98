import { z } from 'zod';
import { OPERATOR, type ProductUnderTest, signIn } from '../testing/product-under-test.ts';
import { APART, atTabs, pathOf, tabOf } from '../testing/tab-of.ts';
import { refusal, type Visitor } from '../testing/visitor.ts';
import { type FaultStage, openStage, tryFaults } from './stage.testing.ts';
import { TABS, type ToldNo } from './table.testing.ts';

const leadsTo = (answer: Response): string => pathOf(answer.headers.get('location'));

async function plain(answer: Response): Promise<{ told: ToldNo }> {
  return { told: { refused: null, http: answer.status, message: (await answer.text()).trim() } };
}

/** Where the gallery sends a browser that begins at the tabs' origin. */
async function begin(tab: Visitor): Promise<string> {
  return leadsTo(await tab.fetch('/open/comfy/'));
}
const wayIn = async (tab: Visitor, gallery: Visitor): Promise<string> => leadsTo(await gallery.fetch(await begin(tab)));

async function operatorOf({ product }: { product: ProductUnderTest }): Promise<Visitor> {
  const teacher = product.visitor();
  await signIn(teacher, OPERATOR);
  return teacher;
}
tryFaults(TABS, (): Promise<FaultStage> => openStage({ fleet: null, config: APART }), {
  async 'somebody takes the way into a tab in another browser than the one that asked'({ product, anna }) {
    const way = await wayIn(atTabs(product), anna);
    return plain(await atTabs(product).fetch(way));
  },

  async 'the way into a tab is taken twice'({ product, anna }) {
    const tab = atTabs(product);
    const way = await wayIn(tab, anna);
    await tab.fetch(way);
    return plain(await tab.fetch(way));
  },

  async 'the session in the gallery ends on the way into a tab'({ product }) {
    const cara = await product.participant('Cara');
    const tab = atTabs(product);
    const way = await wayIn(tab, cara);
    await cara.api.session.logout.mutate();
    return plain(await tab.fetch(way));
  },

  async 'an operator opens a tab'(stage) {
    const teacher = await operatorOf(stage);
    return plain(await teacher.fetch(await begin(atTabs(stage.product))));
  },

  async 'somebody opens a tab for whom ComfyUI is turned off'({ product }) {
    const cara = await product.participant('Cara without ComfyUI');
    await product.operator.api.admin.participants.setComfyui.mutate({ id: cara.id, on: false });
    return plain(await cara.fetch(await begin(atTabs(product))));
  },

  async 'a script in the gallery takes the way into a tab unseen'({ product, anna }) {
    const way = await begin(atTabs(product));
    return plain(await anna.fetch(way, { headers: { 'sec-fetch-dest': 'empty' } }));
  },

  async 'a script in a tab uses its session in the gallery'({ product, anna }) {
    const tab = atTabs(product);
    const entered = await tab.fetch(await wayIn(tab, anna));
    const [, token] = /^comfyume_tab=([^;]+)/.exec(entered.headers.getSetCookie()[0] ?? '') ?? [];
    if (token === undefined) throw new Error('The tab has no session.');
    const thief = product.visitor({ cookie: `comfyume_session=${token}` });
    return { told: await refusal(thief.api.jobs.list.query({})) };
  },

  async 'a script in a tab creates a token'({ product, anna }) {
    const tab = await tabOf(product, anna);
    return { told: await refusal(tab.api.session.createToken.mutate({ name: 'mine' })) };
  },

  async 'a tab asks for what the gallery has'({ product, anna }) {
    const answer = await (await tabOf(product, anna)).fetch('/takehome', { method: 'POST' });
    const { error } = z.object({ error: z.object({ message: z.string() }) }).parse(await answer.json());
    return { told: { refused: null, http: answer.status, message: error.message } };
  },
});
