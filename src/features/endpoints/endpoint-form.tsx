import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { LISTENING_MODES } from '#src/domain/endpoints/listening.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { SelectField, TextField } from '#src/ui/forms/field.tsx';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { type Endpoint, useEndpoints } from './use-endpoints.ts';

type EndpointFormProps = {
  endpoint: Endpoint | null;
  onSaved: (id: string) => void;
  onClose: () => void;
};

export function EndpointForm({ endpoint, onSaved, onClose }: EndpointFormProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const currency = useEndpoints().settings.data?.currency ?? '';
  const save = useMutation(
    trpc.admin.endpoints.upsert.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.admin.endpoints.list.queryFilter());
        onSaved(id);
      },
    }),
  );
  const fixed = endpoint?.origin === 'environment';

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (key: string): string => String(form.get(key) ?? '').trim();
    const price = text('pricePerHour');
    const listening = LISTENING_MODES.find((mode) => mode === text('listening')) ?? 'auto';
    const may = {
      pricePerHour: price === '' ? null : Number(price),
      deployment: text('deployment') || null,
      listening,
    };
    if (endpoint && fixed) {
      const { id, name, url, gpu, pricing, capacity, apiKeyVariable } = endpoint;
      save.mutate({ id, name, url, gpu, pricing, capacity, apiKeyVariable, ...may });
      return;
    }
    save.mutate({
      // A new one gets no jobs before it has been tested.
      ...(endpoint ? { id: endpoint.id } : { enabled: false }),
      name: text('name'),
      url: text('url'),
      gpu: text('gpu'),
      pricing: text('pricing') === 'spot' ? 'spot' : 'on-demand',
      capacity: Number(text('capacity')),
      apiKeyVariable: text('apiKeyVariable') || null,
      ...may,
    });
  };

  return (
    <Dialog
      wide
      title={endpoint ? `Edit ${endpoint.name}` : 'Add an endpoint'}
      {...(fixed && {
        description: 'Defined in ENDPOINTS. Greyed-out fields are read from there at startup.',
      })}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <fieldset disabled={fixed} className="contents disabled:[&_input]:opacity-60">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Name"
              name="name"
              required
              maxLength={60}
              autoFocus={!fixed}
              defaultValue={endpoint?.name}
            />
            <TextField
              label="Address"
              name="url"
              type="url"
              required
              placeholder="https://"
              hint="The URL of ComfyUI’s own page."
              defaultValue={endpoint?.url}
            />
          </div>
          <div className="grid gap-4 sm:grid-cols-3">
            <TextField label="GPU" name="gpu" maxLength={60} placeholder="H200" defaultValue={endpoint?.gpu} />
            <SelectField label="Pricing" name="pricing" defaultValue={endpoint?.pricing ?? 'spot'}>
              <option value="spot">spot</option>
              <option value="on-demand">on-demand</option>
            </SelectField>
            <TextField
              label="Capacity"
              name="capacity"
              type="number"
              required
              min={1}
              max={1000}
              hint="Concurrent jobs, usually one per replica."
              defaultValue={endpoint?.capacity ?? 1}
            />
          </div>
          <TextField
            label="API key variable"
            name="apiKeyVariable"
            pattern="[A-Za-z_][A-Za-z0-9_]*"
            hint="Name of an environment variable on this server. Never enter the key itself. Leave empty if no key is needed."
            defaultValue={endpoint?.apiKeyVariable ?? ''}
          />
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField
            label={`Price per hour (${currency})`}
            name="pricePerHour"
            type="number"
            min={0}
            max={10_000}
            step="any"
            hint="Per GPU."
            autoFocus={fixed}
            defaultValue={endpoint?.pricePerHour ?? ''}
          />
          <TextField
            label="Verda deployment"
            name="deployment"
            maxLength={100}
            hint="Its name, if this endpoint runs on Verda."
            defaultValue={endpoint?.deployment ?? ''}
          />
          <SelectField
            label="Live progress"
            name="listening"
            hint="Steps and previews of running jobs. Automatic is off on Verda; test it in the details."
            defaultValue={endpoint?.listening ?? 'auto'}
          >
            <option value="auto">Automatic</option>
            <option value="on">On</option>
            <option value="off">Off</option>
          </SelectField>
        </div>
        <p role="alert" className="text-failed empty:hidden">
          {save.isError && failureOf(save.error).sentence}
        </p>
        <Button type="submit" tone="accent" className="self-end" disabled={save.isPending}>
          {endpoint ? 'Save' : 'Add'}
        </Button>
      </form>
    </Dialog>
  );
}
