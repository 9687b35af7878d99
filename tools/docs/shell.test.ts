import { describe, expect, it } from 'vitest';
import { commandsOf, shellBlocks } from './shell.ts';

const GUIDE = `# Guide

\`\`\`sh
first
\`\`\`

## Install

\`\`\`yaml
no: shell
\`\`\`

\`\`\`sh
# why
helm install a b \\
  --set c=d   # as it is
kubectl get '#1'
\`\`\`

### More

\`\`\`sh
last
\`\`\`
`;

describe('shell blocks', () => {
  it('are found in the whole document or in a section', () => {
    expect(shellBlocks(GUIDE)).toHaveLength(3);
    expect(shellBlocks(GUIDE, 'Install').map(commandsOf)).toEqual([['helm install a b --set c=d', "kubectl get '#1'"]]);
    expect(shellBlocks(GUIDE, 'More')).toEqual(['last']);
  });

  it('of a missing section are an error', () => {
    expect(() => shellBlocks(GUIDE, 'Instal')).toThrow('no section "Instal"');
  });
});
