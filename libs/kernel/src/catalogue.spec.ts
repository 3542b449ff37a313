import { describe, expect, it } from '@jest/globals';
import { recorded } from '#testing';
import { eventCatalogue, fromStore, toStore, unionOf, UnknownEvent, UnreadableEvent, type Event, type StoredEvent } from './index.js';

type DoorEvent = Event<'DoorOpened', { by: string; angle: number; unit: 'degree' }> | Event<'DoorShut', Record<string, never>>;

const doors = eventCatalogue<DoorEvent>({
  DoorOpened: {
    storedName: 'DoorWasOpened',
    upcasters: [(data: object) => ({ ...data, angle: 90 }), (data: object) => ({ ...data, unit: 'degree' })],
  },
  DoorShut: { storedName: 'DoorShut' },
});

describe('an event catalogue', () => {
  it('writes an event under its stored name and latest version', () => {
    expect(doors.storedForm('DoorOpened')).toEqual({ storedType: 'DoorWasOpened.v3', schemaVersion: 3 });
    expect(doors.storedForm('DoorShut')).toEqual({ storedType: 'DoorShut', schemaVersion: 1 });
  });

  it.each([
    ['DoorWasOpened', { by: 'Ada' }, { by: 'Ada', angle: 90, unit: 'degree' }],
    ['DoorWasOpened.v2', { by: 'Ada', angle: 45 }, { by: 'Ada', angle: 45, unit: 'degree' }],
    ['DoorWasOpened.v3', { by: 'Ada', angle: 1, unit: 'degree' }, { by: 'Ada', angle: 1, unit: 'degree' }],
  ])('lifts %s to the shape of today', (storedType, stored, data) => {
    expect(doors.read(storedType, stored)).toEqual({ type: 'DoorOpened', data });
  });

  it.each(['DoorOpened', 'DoorWasOpened.v4', 'DoorWasOpened.v1', 'constructor'])('does not know %s', (storedType) => {
    expect(() => doors.read(storedType, {})).toThrow(UnknownEvent);
  });

  it('has one event type to a stored name', () => {
    const twice = { One: { storedName: 'Same' }, Other: { storedName: 'Same' } };
    expect(() => eventCatalogue<Event<'One'> | Event<'Other'>>(twice)).toThrow('stored under the name Same');
    const versioned = { One: { storedName: 'A', upcasters: [(data: unknown) => data] }, Other: { storedName: 'A.v2' } };
    expect(() => eventCatalogue<Event<'One'> | Event<'Other'>>(versioned)).toThrow('stored under the name A.v2');
  });
});

describe('a union of catalogues', () => {
  const windows = eventCatalogue<Event<'WindowOpened'>>({ WindowOpened: { storedName: 'WindowOpened' } });
  const house = unionOf<Event>(doors, windows);

  it('knows the words of all of them', () => {
    expect(house.storedTypes).toEqual(['DoorWasOpened', 'DoorWasOpened.v2', 'DoorWasOpened.v3', 'DoorShut', 'WindowOpened']);
    expect(house.storedForm('WindowOpened')).toEqual({ storedType: 'WindowOpened', schemaVersion: 1 });
    expect(house.read('DoorWasOpened', {})).toMatchObject({ type: 'DoorOpened' });
  });

  it('knows no others', () => {
    expect(() => house.storedForm('RoofOpened')).toThrow(UnknownEvent);
    expect(() => house.read('RoofOpened', {})).toThrow(UnknownEvent);
  });

  it('has one event type to a stored name, too', () => {
    expect(() => unionOf<Event>(windows, windows)).toThrow('stored under the name WindowOpened');
  });
});

describe('a stored event', () => {
  const [opened] = recorded<DoorEvent>([{ type: 'DoorOpened', data: { by: 'Ada', angle: 90, unit: 'degree' } }]);
  const { id, streamName, revision, position, recordedAt, metadata } = opened as NonNullable<typeof opened>;
  const stored: StoredEvent = {
    ...{ id, streamName, revision, position, recordedAt, metadata },
    storedType: 'DoorWasOpened',
    data: { by: 'Ada' },
  };

  it('is read as today means it, at its place', () => {
    expect(fromStore(doors, stored)).toEqual(opened);
  });

  it('happened when it was recorded, or when its metadata says', () => {
    const occurredAt = '2025-12-24T18:00:00.000Z';
    expect(fromStore(doors, stored).occurredAt).toBe(recordedAt);
    expect(fromStore(doors, { ...stored, metadata: { ...metadata, occurredAt } })).toMatchObject({ occurredAt, recordedAt });
  });

  it('carries the version it is written in', () => {
    const { schemaVersion: _, ...withoutVersion } = metadata;
    const toAppend = toStore(doors, { id, event: { type: 'DoorOpened', data: {} }, metadata: withoutVersion });
    expect(toAppend).toMatchObject({ id, storedType: 'DoorWasOpened.v3', metadata: { schemaVersion: 3 } });
  });

  it.each([
    ['of a name that nobody knows', { storedType: 'RoofOpened' }, 'No event is stored under the name RoofOpened'],
    ['without metadata', { metadata: undefined }, 'DoorWasOpened has no metadata of ours'],
    ['with metadata of others', { metadata: new Uint8Array([1]) }, 'DoorWasOpened has no metadata of ours'],
  ])('%s says where it stands', (_, fault, reason) => {
    const read = () => fromStore(doors, { ...stored, ...fault });
    expect(read).toThrow(UnreadableEvent);
    expect(read).toThrow(`Event 0 of incident-1 cannot be read: ${reason}`);
  });
});
