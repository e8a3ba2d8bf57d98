import type { Preview } from '../../nodes/node.ts';
import type { Sockets } from '../http/sockets.ts';
import type { JsonObject } from '../python.ts';

/** Sends clients the progress of one prompt's nodes; every message repeats all nodes that have started. */
export class Progress {
  private readonly nodes: JsonObject = {};
  private readonly sockets: Sockets;
  private readonly promptId: string;
  private readonly clientId: string | null;

  constructor(sockets: Sockets, promptId: string, clientId: string | null) {
    this.sockets = sockets;
    this.promptId = promptId;
    this.clientId = clientId;
  }

  private report(id: string, value: number, max: number, state: 'running' | 'finished'): void {
    this.nodes[id] = {
      value,
      max,
      state,
      node_id: id,
      prompt_id: this.promptId,
      display_node_id: id,
      parent_node_id: null,
      real_node_id: id,
    };
    this.maxima.set(id, max);
    this.sockets.send('progress_state', { prompt_id: this.promptId, nodes: this.nodes }, this.clientId);
  }

  private readonly maxima = new Map<string, number>();

  start(id: string): void {
    this.report(id, 0, 1, 'running');
  }

  finish(id: string): void {
    const max = this.maxima.get(id) ?? 1;
    this.report(id, max, max, 'finished');
  }

  step(id: string, value: number, max: number, preview: Preview | null): void {
    this.report(id, value, max, 'running');
    const withMetadata = preview !== null && this.sockets.wantsPreviewMetadata(this.clientId);
    if (preview && withMetadata) {
      const metadata = {
        node_id: id,
        prompt_id: this.promptId,
        display_node_id: id,
        parent_node_id: null,
        real_node_id: id,
        image_type: preview.type === 'PNG' ? 'image/png' : 'image/jpeg',
      };
      this.sockets.previewWithMetadata(metadata, preview.bytes, this.clientId);
    }
    this.sockets.send('progress', { value, max, prompt_id: this.promptId, node: id }, this.clientId);
    if (preview && !withMetadata) this.sockets.preview(preview.type, preview.bytes, this.clientId);
  }
}
