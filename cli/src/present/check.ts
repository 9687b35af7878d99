/** Result of one check of `doctor`. */
export interface Check {
  readonly name: string;
  /** A `Problem` keeps jobs from running; an `Advice` is about what makes them slow or likely to fail. */
  readonly verdict: 'Ok' | 'Advice' | 'Problem';
  /** What was found. */
  readonly found: string;
  /** Unless `Ok`: what to do, if possible as a command. */
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
