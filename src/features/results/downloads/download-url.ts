import type { ResultView } from '#src/api/views.ts';

export const downloadUrl = ({ url }: Pick<ResultView, 'url'>): string => `${url}?download=1`;
