import { PREVIEW_CLASSES } from '../workflow/outputs/preview-classes.ts';
import type { Catalogue } from './catalogue.ts';

/** Whether workers would refuse a graph with such a node. Some they replace by another, and those that only show something are sent as nodes that save. */
export const lacks = ({ classes, replaced }: Pick<Catalogue, 'classes' | 'replaced'>, name: string): boolean =>
  !classes.has(name) && !replaced.has(name) && !PREVIEW_CLASSES.has(name);
