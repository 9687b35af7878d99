import type { BackendSignature } from '../formats/plan.ts';

/** Numbers in words, the same in the terminal and in the report. What was not measured is called so, never shown as zero. */

export const NOT_MEASURED = 'not measured';

const finite = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/** A fraction of 1 as a percentage: 0.7783 is "77.83 %". */
export function percent(fraction: number | undefined, digits = 2): string {
  return finite(fraction) ? `${(100 * fraction).toFixed(digits)} %` : NOT_MEASURED;
}

/** A difference of two fractions in points, with a sign: "−2.07 points". */
export function points(difference: number | undefined): string {
  return finite(difference) ? `${signed(100 * difference, 2)} points` : NOT_MEASURED;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return `±${text}`;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** Made when a number first needs it: it takes 30 to 50 ms, as much as the start of Node. */
let withSeparators: Intl.NumberFormat | undefined;

/** A whole number with separators: 922074 is "922,074". */
export function count(value: number): string {
  const whole = Math.round(value);
  if (Math.abs(whole) < 1000) return `${whole}`;
  withSeparators ??= new Intl.NumberFormat('en-US');
  return withSeparators.format(whole);
}

/** "1 epoch", "1,200 epochs", "1 class": a whole number and what it counts. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** As many of the names as a message should hold, and the number of the rest: "a, b and 3 more". */
export function someOf(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}`;
}

/** All of so many, as the subject of a sentence: "All 3 blocks", "The only block". */
export function allOf(n: number, one: string): string {
  return n === 1 ? `The only ${one}` : `All ${plural(n, one)}`;
}

/** None of so many, as the subject of a sentence: "None of the 3 blocks", "Not even the only block". */
export function noneOf(n: number, one: string): string {
  return n === 1 ? `Not even the only ${one}` : `None of the ${plural(n, one)}`;
}

/** A number to three figures with a letter for its size: 19910000 is "19.9 M". */
export function short(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const text = unit === 0 && Number.isInteger(scaled) ? String(scaled) : scaled.toPrecision(3);
  return `${text}${units[unit] ?? ''}`;
}

/** A size on disk: "3.71 MB". */
export function bytes(value: number): string {
  return value < 1000 ? `${value} B` : `${short(value)}B`;
}

/** How many times the first is the second: "3.90×"; undefined when there is nothing to divide by. */
export function ratio(before: number | undefined, after: number | undefined): string | undefined {
  if (!finite(before) || !finite(after) || after <= 0) return undefined;
  const value = before / after;
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)}×`;
}

/** Milliseconds: "12.3 ms". */
export function milliseconds(value: number | undefined): string {
  return finite(value) ? `${value < 100 ? value.toPrecision(3) : value.toFixed(0)} ms` : NOT_MEASURED;
}

/** Seconds as people write them: "8.4 s", "3 min 20 s", "1 h 02 min", "2 d 3 h". */
export function duration(seconds: number | undefined): string {
  if (!finite(seconds)) return NOT_MEASURED;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Joules in the unit in which energy is billed: "12.3 Wh", "1.23 kWh". */
export function wattHours(joules: number): string {
  const hours = joules / 3600;
  return hours < 999.5 ? `${Number(hours.toPrecision(3))} Wh` : `${Number((hours / 1000).toPrecision(3))} kWh`;
}

/** A loss or another small positive number to three figures: "0.0123", "4.56e-7". */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : 'not a number';
  if (value === 0) return '0';
  return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5
    ? value.toExponential(2)
    : String(Number(value.toPrecision(3)));
}

/** The backend in words: "TensorFlow 2.9.1 on the CPU, 2 threads". When a faster one could be used, it says so. */
export function backendWords({ name, tensorflow, cpuThreads }: BackendSignature): string {
  switch (name) {
    case 'native-gpu':
      return `TensorFlow ${tensorflow} on the GPU`;
    case 'native-cpu':
      return `TensorFlow ${tensorflow} on the CPU, ${plural(cpuThreads, 'thread')} a process`;
    case 'wasm':
      return `TensorFlow.js ${tensorflow} in WebAssembly, 1 thread a process, some ten times slower than the native library`;
    case 'cpu':
      return `TensorFlow.js ${tensorflow} in plain JavaScript, some thousand times slower than the native library`;
    default:
      return `${name} ${tensorflow}`;
  }
}
