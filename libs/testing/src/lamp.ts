import { eventCatalogue, type Decider, type Event } from '#kernel';

/** The smallest thing that has a history: for tests that are about the machinery and not about incidents. */
export type LampEvent = Event<'LampLit', { watts: number; note?: string }> | Event<'LampPutOut', Record<string, never>>;

export type Lamp = Readonly<{ isLit: boolean; timesLit: number }>;

/** Its first lamps were lit in candles: the log has two shapes of that event. */
export const lampCatalogue = eventCatalogue<LampEvent>({
  LampLit: { storedName: 'LampLit', upcasters: [({ candles }: { candles: number }) => ({ watts: candles * 8 })] },
  LampPutOut: { storedName: 'LampPutOut' },
});

export const lampDecider: Decider<Lamp, LampEvent> = {
  initialState: { isLit: false, timesLit: 0 },
  evolve: (lamp, event) => {
    switch (event.type) {
      case 'LampLit':
        return { isLit: true, timesLit: lamp.timesLit + 1 };
      case 'LampPutOut':
        return { ...lamp, isLit: false };
      default:
        return event satisfies never;
    }
  },
};

export const lit = (watts: number, note?: string): LampEvent => ({ type: 'LampLit', data: { watts, ...(note && { note }) } });
export const putOut: LampEvent = { type: 'LampPutOut', data: {} };

/** Lights it, unless it is lit. */
export const light =
  (watts: number) =>
  ({ isLit }: Lamp): LampEvent[] =>
    isLit ? [] : [lit(watts)];

/** Lights it or puts it out, whatever it is now. */
export const toggle = ({ isLit }: Lamp): LampEvent[] => (isLit ? [putOut] : [lit(40)]);
