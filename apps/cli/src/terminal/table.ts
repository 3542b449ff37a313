/** A column: its heading, and on which side its cells stand. */
export type Column = Readonly<{ heading: string; align?: 'left' | 'right' }>;

const pad = (text: string, width: number, align: Column['align']) => (align === 'right' ? text.padStart(width) : text.padEnd(width));

/** Rows under their headings, each column as wide as its widest cell. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map(({ heading }, n) => Math.max(heading.length, ...rows.map((row) => (row[n] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, n) => pad(cell, widths[n] as number, columns[n]?.align))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ heading }) => heading)), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
};

/** What is called what: labels of one width, each with its value. */
export const labelled = (pairs: readonly (readonly [label: string, value: string])[], indent = ''): string => {
  const width = Math.max(...pairs.map(([label]) => label.length));
  return pairs.map(([label, value]) => `${indent}${label.padEnd(width)}  ${value}`.trimEnd()).join('\n');
};

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** Seconds as a person reads them: the two largest units that say something, `3 d 4 h`; less than a unit is cut off. */
export const duration = (seconds: number): string => {
  const parts: string[] = [];
  let rest = Math.floor(seconds);
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    if (parts.length > 0 && (parts.length === 2 || count === 0)) break;
  }
  return parts.join(' ') || '0 s';
};

/** A whole number with its thousands apart. */
export const grouped = (value: number | bigint): string => value.toLocaleString('en');

/** What a person reads in one line: an instant without its milliseconds where it has none. */
export const instant = (text: string): string => text.replace('.000Z', 'Z');
