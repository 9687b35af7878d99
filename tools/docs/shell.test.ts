import { describe, expect, it } from 'vitest';
import { commandsOf, fencedShell, shellBlocks } from './shell.ts';

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

  it('say what they take that tests do not have', () => {
    const marked = '# Cloud\n\n```sh cloud\nmake nodes\n```\n\ntext\n\n```sh\nuse them\n```\n';
    expect(fencedShell(marked)).toEqual([
      { code: 'make nodes', heading: 'Cloud', lacking: 'cloud' },
      { code: 'use them', heading: 'Cloud', lacking: undefined },
    ]);
  });

  it('of a missing section are an error', () => {
    expect(() => shellBlocks(GUIDE, 'Instal')).toThrow('no section "Instal"');
  });
});
