import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../browser/copy-text.ts';
import { notifyFailure } from '../toasts/notify.ts';
import { Button, IconButton, type Tone } from './button.tsx';

type CopyButtonProps = { text: string; label: string; compact?: boolean; tone?: Tone };

/** Copies `text`; says so for two seconds by turning into a tick. */
export function CopyButton({ text, label, compact = false, tone = 'plain' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () =>
    copyText(text).then(
      () => setCopied(true),
      (error: Error) => notifyFailure(error.message),
    );

  const icon = copied ? Check : Copy;
  const words = copied ? 'Copied' : label;
  return compact ? (
    <IconButton icon={icon} label={words} onClick={copy} />
  ) : (
    <Button tone={tone} icon={icon} onClick={copy}>
      {words}
    </Button>
  );
}
