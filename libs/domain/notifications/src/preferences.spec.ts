import { describe, expect, it } from '@jest/globals';
import { WEEKDAYS } from '#domain/local-time';
import { faultyFields } from '#testing';
import { DEFAULT_NOTICE_PREFERENCES, parseNoticePreferences } from './preferences.js';

const NIGHTS = [{ days: WEEKDAYS, from: '22:00', to: '07:00' }];

it('who has said nothing has the default preferences', () => expect(parseNoticePreferences({})).toEqual(DEFAULT_NOTICE_PREFERENCES));

describe('preferences that are none', () => {
  const faults = (input: object) => faultyFields('NOTICE_PREFERENCES_INVALID', () => parseNoticePreferences(input));
  const all = (from: string, to: string) => [{ days: WEEKDAYS, from, to }];

  it.each([
    [{}, []],
    [{ channels: ['webhook', 'email'], quietHours: NIGHTS, digestAt: ['09:00'] }, []],
    [{ channels: [] }, ['channels']],
    [{ channels: ['email', 'email'] }, ['channels']],
    [{ channels: ['pigeon'] }, ['channels']],
    [{ colour: 'red' }, ['colour']],
    [{ quietHours: 'nights' }, ['quietHours']],
    [{ quietHours: [{ from: '22:00', to: '07:00' }] }, ['quietHours[0].days']],
    [{ quietHours: [{ days: [], from: '22:00', to: '07:00' }] }, ['quietHours[0].days']],
    [{ quietHours: [{ days: ['mon'], from: '22', to: '7' }] }, ['quietHours[0].days', 'quietHours[0]']],
    [{ quietHours: [{ days: ['monday', 'monday'], from: '22:00', to: '07:00', why: 'x' }] }, ['quietHours[0].why', 'quietHours[0].days']],
    [{ quietHours: all('24:00', '07:00') }, ['quietHours[0]']],
    [{ quietHours: Array(15).fill(NIGHTS[0]) }, ['quietHours']],
    [{ quietHours: all('00:00', '24:00') }, ['quietHours']],
    [{ quietHours: [...all('07:00', '19:00'), ...all('19:00', '07:00')] }, ['quietHours']],
    [{ quietHours: [...all('07:00', '19:00'), ...all('19:01', '07:00')] }, []],
    [{ digestAt: '09:00' }, ['digestAt']],
    [{ digestAt: ['09:00', '9', '24:00', '09:00'] }, ['digestAt[1]', 'digestAt[2]', 'digestAt[3]']],
    [{ digestAt: Array(25).fill('09:00') }, ['digestAt']],
  ])('%j is told what is wrong with it', (input, expected) => expect(faults(input)).toEqual(expected));
});
