import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type ICruiseResult, type IViolation } from 'dependency-cruiser';

const require = createRequire(import.meta.url);
const { forbidden, options } = require('../../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
  options: Record<string, unknown>;
};

/** For each rule, an import that it forbids, and one that it does not: who imports whom. */
const CASES: Readonly<Record<string, Readonly<{ forbidden: readonly [string, string]; allowed: readonly [string, string] }>>> = {
  'no-circular': {
    forbidden: ['libs/testing/src/a.ts', 'libs/testing/src/b.ts'],
    allowed: ['libs/testing/src/c.ts', 'libs/testing/src/a.ts'],
  },
  'kernel-imports-nothing': {
    forbidden: ['libs/kernel/src/a.ts', 'libs/domain/local-time/src/a.ts'],
    allowed: ['libs/kernel/src/a.ts', 'libs/kernel/src/b.ts'],
  },
  'foundations-import-only-the-kernel': {
    forbidden: ['libs/domain/incident/src/a.ts', 'libs/domain/calendars/src/a.ts'],
    allowed: ['libs/domain/incident/src/a.ts', 'libs/kernel/src/b.ts'],
  },
  'catalogue-imports-foundations': {
    forbidden: ['libs/domain/catalogue/src/a.ts', 'libs/domain/definitions/src/a.ts'],
    allowed: ['libs/domain/catalogue/src/a.ts', 'libs/domain/incident/src/a.ts'],
  },
  'process-managers-import-the-domain-below-them': {
    forbidden: ['libs/process-managers/closure/src/a.ts', 'libs/process-managers/escalation/src/a.ts'],
    allowed: ['libs/process-managers/closure/src/a.ts', 'libs/domain/calendars/src/a.ts'],
  },
  'definitions-gather-the-domain': {
    forbidden: ['libs/domain/definitions/src/a.ts', 'libs/adapters/read-models/src/a.ts'],
    allowed: ['libs/domain/definitions/src/a.ts', 'libs/domain/calendars/src/a.ts'],
  },
  'local-time-imports-kernel-and-luxon': {
    forbidden: ['libs/domain/local-time/src/a.ts', 'libs/domain/calendars/src/a.ts'],
    allowed: ['libs/domain/local-time/src/b.ts', 'libs/kernel/src/b.ts'],
  },
  'icalendar-imports-kernel-local-time-and-its-parser': {
    forbidden: ['libs/adapters/icalendar/src/a.ts', 'libs/domain/on-call/src/a.ts'],
    allowed: ['libs/adapters/icalendar/src/a.ts', 'libs/kernel/src/b.ts'],
  },
  'templates-import-what-they-render-and-their-language': {
    forbidden: ['libs/adapters/templates/src/a.ts', 'libs/domain/incident/src/a.ts'],
    allowed: ['libs/adapters/templates/src/a.ts', 'libs/domain/notifications/src/a.ts'],
  },
  'notification-channels-import-kernel-and-their-driver': {
    forbidden: ['libs/adapters/notification-channels/src/a.ts', 'libs/domain/notifications/src/a.ts'],
    allowed: ['libs/adapters/notification-channels/src/a.ts', 'libs/kernel/src/b.ts'],
  },
  'projections-import-kernel-and-domain': {
    forbidden: ['projections/queue/a.ts', 'libs/adapters/read-models/src/a.ts'],
    allowed: ['projections/queue/a.ts', 'libs/domain/incident/src/a.ts'],
  },
  'event-store-imports-kernel-and-its-driver': {
    forbidden: ['libs/adapters/event-store/src/a.ts', 'libs/domain/incident/src/a.ts'],
    allowed: ['libs/adapters/event-store/src/a.ts', 'libs/kernel/src/b.ts'],
  },
  'read-models-import-kernel-their-driver-and-rxjs': {
    forbidden: ['libs/adapters/read-models/src/a.ts', 'libs/adapters/event-store/src/a.ts'],
    allowed: ['libs/adapters/read-models/src/a.ts', 'libs/kernel/src/b.ts'],
  },
  'embedded-nodes-stand-alone': {
    forbidden: ['libs/embedded/mongo/src/a.ts', 'libs/embedded/event-store/src/a.ts'],
    allowed: ['libs/embedded/mongo/src/a.ts', 'libs/embedded/mongo/src/b.ts'],
  },
  'only-the-composition-root-knows-the-embedded-nodes': {
    forbidden: ['apps/api/src/a.ts', 'libs/embedded/mongo/src/a.ts'],
    allowed: ['apps/cli/src/composition/a.ts', 'libs/embedded/mongo/src/a.ts'],
  },
  'apps-never-import-each-other': {
    forbidden: ['apps/api/src/a.ts', 'apps/projector/src/a.ts'],
    allowed: ['apps/cli/src/b.ts', 'apps/projector/src/a.ts'],
  },
  'libs-never-import-apps-or-projections': {
    forbidden: ['libs/config/src/a.ts', 'projections/queue/a.ts'],
    allowed: ['apps/api/src/b.ts', 'projections/queue/a.ts'],
  },
  'testing-is-for-tests': {
    forbidden: ['apps/api/src/a.ts', 'libs/testing/src/c.ts'],
    allowed: ['apps/api/src/a.spec.ts', 'libs/testing/src/c.ts'],
  },
};

let folder: string;
let violations: readonly IViolation[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  const importsOf = new Map<string, Set<string>>([['libs/testing/src/b.ts', new Set(['libs/testing/src/a.ts'])]]);
  for (const { forbidden: bad, allowed: good } of Object.values(CASES)) {
    for (const [from, to] of [bad, good]) {
      importsOf.set(from, new Set([...(importsOf.get(from) ?? []), to]));
      importsOf.set(to, importsOf.get(to) ?? new Set());
    }
  }
  for (const [path, imports] of importsOf) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const lines = [...imports].map((to) => `import './${relative(dirname(path), to).replace(/\.ts$/, '.js')}';\n`);
    writeFileSync(join(folder, path), `${lines.join('')}export {};\n`);
  }
  writeFileSync(join(folder, 'tsconfig.json'), readFileSync(join(import.meta.dirname, '../../tsconfig.json')));
  const { output } = await cruise(['apps', 'libs', 'projections'], {
    ...options,
    validate: true,
    ruleSet: { forbidden } as never,
    baseDir: folder,
    tsConfig: undefined as never,
  });
  ({ violations } = (output as ICruiseResult).summary);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isBroken = (rule: string, [from, to]: readonly [string, string]) =>
  violations.some((violation) => violation.rule.name === rule && violation.from === from && violation.to === to);

describe('the architecture', () => {
  it('has a case for every rule', () => expect(Object.keys(CASES).sort()).toEqual(forbidden.map(({ name }) => name).sort()));

  it.each(Object.entries(CASES))('is held by %s', (rule, { forbidden: bad, allowed: good }) => {
    expect({ import: bad, isBroken: isBroken(rule, bad) }).toEqual({ import: bad, isBroken: true });
    expect({ import: good, isBroken: isBroken(rule, good) }).toEqual({ import: good, isBroken: false });
  });
});
