import { describe, expect, it } from '@jest/globals';
import { duration, grouped, instant, labelled, table } from './table.js';

describe('what a person reads', () => {
  it('stands in columns', () => {
    const rows = [
      ['Network', '7'],
      ['Service Desk', '1,204'],
    ];
    expect(table([{ heading: 'team' }, { heading: 'open', align: 'right' }], rows)).toBe(
      ['team           open', '────────────  ─────', 'Network           7', 'Service Desk  1,204'].join('\n'),
    );
    expect(table([{ heading: 'team' }], [])).toBe('team\n────');
  });

  it('stands behind labels of one width', () => {
    expect(
      labelled(
        [
          ['open', '3'],
          ['position', ''],
        ],
        '  ',
      ),
    ).toBe('  open      3\n  position');
  });

  it.each([
    [0, '0 s'],
    [0.9, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3_661, '1 h 1 min'],
    [3_605, '1 h'],
    [86_400, '1 d'],
    [90_061, '1 d 1 h'],
    [86_460, '1 d'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('groups thousands, of positions too', () => {
    expect(grouped(1_234_567)).toBe('1,234,567');
    expect(grouped(12_345_678_901_234_567n)).toBe('12,345,678,901,234,567');
  });

  it('leaves out milliseconds that say nothing', () => {
    expect(instant('2026-01-31T08:00:00.000Z')).toBe('2026-01-31T08:00:00Z');
    expect(instant('2026-01-31T08:00:00.001Z')).toBe('2026-01-31T08:00:00.001Z');
  });
});
