import { expect, it } from 'vitest';
import { program } from '../program.ts';

const COLUMNS = 80;

it('the help of every command fits a terminal of 80 columns', () => {
  const root = program();
  for (const command of [root, ...root.commands]) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => COLUMNS }).outputHelp();
    expect(help).toContain('Usage:');
    expect(help.split('\n').filter((line) => line.length > COLUMNS)).toEqual([]);
  }
});
