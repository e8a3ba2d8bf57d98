import type { Field, FieldKind } from './fields-of.ts';

const WORDS: Record<Exclude<FieldKind, 'file' | 'model' | 'other'>, string> = {
  prompt: 'Prompt',
  negative: 'Negative prompt',
  width: 'Width',
  height: 'Height',
  frames: 'Frames',
  count: 'Count',
  steps: 'Steps',
  cfg: 'CFG',
  seed: 'Seed',
};

const MODELS: Readonly<Record<string, string>> = {
  ckpt_name: 'Model',
  unet_name: 'Model',
  lora_name: 'LoRA',
  vae_name: 'VAE',
  control_net_name: 'ControlNet',
};

const MEDIA = { image: 'Picture', video: 'Film', audio: 'Sound' } as const;

/** `filename_prefix` → `Filename prefix` */
const spoken = (input: string): string => {
  const words = input.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What a field is called by itself. */
export function fieldWord({ kind, input, media }: Pick<Field, 'kind' | 'input' | 'media'>): string {
  switch (kind) {
    case 'file':
      return media === null ? 'File' : MEDIA[media];
    case 'model':
      return MODELS[input] ?? spoken(input);
    case 'other':
      return spoken(input);
    case 'prompt':
    case 'negative':
    case 'width':
    case 'height':
    case 'frames':
    case 'count':
    case 'steps':
    case 'cfg':
    case 'seed':
      return WORDS[kind];
  }
}

/**
 * The same of every field of a list; where two would be called alike, with the title of their nodes, and then their ids. What people look for keeps the short
 * name, if the others of that name are further settings only.
 */
export function fieldLabels(fields: readonly Field[]): string[] {
  const unlike = (labels: readonly string[], more: (field: Field) => string): string[] => {
    const often = new Map<string, number>();
    for (const label of labels) often.set(label, (often.get(label) ?? 0) + 1);
    return labels.map((label, at) => {
      const field = fields[at];
      return field && (often.get(label) ?? 0) > 1 ? `${label} · ${more(field)}` : label;
    });
  };
  const words = fields.map(fieldWord);
  const lookedFor = new Map<string, number>();
  for (const [at, { kind }] of fields.entries())
    if (kind !== 'other') lookedFor.set(words[at] ?? '', (lookedFor.get(words[at] ?? '') ?? 0) + 1);
  const isShort = (at: number): boolean => fields[at]?.kind !== 'other' && lookedFor.get(words[at] ?? '') === 1;
  const withTitles = unlike(words, ({ nodeTitle }) => nodeTitle).map((label, at) =>
    isShort(at) ? (words[at] ?? label) : label,
  );
  const withInputs = unlike(withTitles, ({ input }) => input);
  return unlike(withInputs, ({ nodeId }) => nodeId);
}
