import { expect, it } from '@jest/globals';
import { wallText } from './wall-text.js';
import { knownZone } from './zone.js';

it.each([
  ['Europe/Berlin', '2026-03-29T00:59:59.999Z', 'sunday 2026-03-29 01:59'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 'sunday 2026-03-29 03:00'],
  ['America/New_York', '2026-01-01T04:30:00Z', 'wednesday 2025-12-31 23:30'],
  ['UTC', '1969-12-31T23:05:00Z', 'wednesday 1969-12-31 23:05'],
])('in %s, %s is %s', (zone, instant, text) => expect(wallText(knownZone(zone), Date.parse(instant))).toBe(text));
