/** The age of an object as kubectl shows it: "79s", "5m49s", "3h5m", "2d3h". */
export function age(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const [m, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86_400)];
  const and = (rest: number, unit: string): string => (rest === 0 ? '' : `${rest}${unit}`);
  if (s < 120) return `${s}s`;
  if (m < 10) return `${m}m${and(s % 60, 's')}`;
  if (m < 180) return `${m}m`;
  if (h < 8) return `${h}h${and(m % 60, 'm')}`;
  if (h < 48) return `${h}h`;
  if (d < 8) return `${d}d${and(h % 24, 'h')}`;
  return `${d}d`;
}
