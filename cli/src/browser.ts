import { spawn } from 'node:child_process';

/** What opens a page in the user's browser, by platform; the page is the last argument. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
const ELSEWHERE = ['xdg-open'] as const;

/** An opener that runs longer than this is the browser itself, milliseconds. */
const PATIENCE_MS = 3000;

/** Opens a page in the browser. @returns false where nothing can: no opener, or one that finds no browser */
export async function openInBrowser(path: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const [program, ...args] = OPENERS[platform] ?? ELSEWHERE;
  const child = spawn(program, [...args, path], { stdio: 'ignore', detached: true });
  const opened = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => {
      resolve(true);
    }, PATIENCE_MS);
    const settle = (well: boolean): void => {
      clearTimeout(timer);
      resolve(well);
    };
    child.once('error', () => {
      settle(false);
    });
    child.once('exit', (code) => {
      settle(code === 0);
    });
  });
  child.unref();
  return opened;
}

/** Opens a page and says where it is. */
export async function showPage(path: string): Promise<void> {
  const opened = await openInBrowser(path);
  process.stdout.write(opened ? `Opened ${path}\n` : `Nothing here opens a browser; the page is ${path}\n`);
}
