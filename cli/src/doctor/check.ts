/** One thing that `doctor` looked at. */
export interface Check {
  readonly name: string;
  /** `Problem` keeps jobs from running, `Advice` makes them slow or likely to fail. */
  readonly verdict: 'Ok' | 'Advice' | 'Problem';
  /** What was found. */
  readonly found: string;
  /** With anything but `Ok`: what to do, a command where there is one. */
  readonly remedy?: string;
}

export const ok = (name: string, found: string): Check => ({ name, verdict: 'Ok', found });
export const advice = (name: string, found: string, remedy: string): Check => ({
  name,
  verdict: 'Advice',
  found,
  remedy,
});
export const problem = (name: string, found: string, remedy: string): Check => ({
  name,
  verdict: 'Problem',
  found,
  remedy,
});
