import { dump } from 'js-yaml';

/** What a program reads, in the format that it asks for. */
export const documentText = (value: object, format: 'json' | 'yaml'): string =>
  format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : dump(value, { lineWidth: 120 });
