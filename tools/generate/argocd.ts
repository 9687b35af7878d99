import { readFileSync } from 'node:fs';
import { API_VERSION, KIND } from '@distillation/api/words';
import { dump } from 'js-yaml';

/**
 * Argo CD's ConfigMap with only the health check of our kind, so that server-side apply adds it to the existing settings (docs/gitops.md).
 */
export function argoSettingsText(): string {
  const script = readFileSync(new URL('../../manifests/argocd/health.lua', import.meta.url), 'utf8');
  const [group = ''] = API_VERSION.split('/');
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: 'argocd' },
    data: { [`resource.customizations.health.${group}_${KIND}`]: script },
  };
  return `# Generated from health.lua by \`npm run generate\`. Do not edit.\n${dump(settings, { lineWidth: 140 })}`;
}
