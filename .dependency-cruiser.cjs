/** Who may import whom (docs/architecture.md). Each rule is broken once in test/architecture to see it fail. */
const libs = (...names) => `^libs/(${names.join('|')})/`;
const outside = (allowed) => ({ pathNot: allowed, dependencyTypesNot: ['core'] });

/** Specs, and what only specs use. */
const tests = '\\.(spec|fixture)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { pathNot: 'node_modules' } } },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: libs('kernel'), pathNot: tests },
      to: outside('^libs/kernel/'),
    },
    {
      name: 'domain-imports-only-the-kernel',
      severity: 'error',
      from: { path: libs('incident'), pathNot: tests },
      to: outside('^libs/(kernel|incident)/'),
    },
    {
      name: 'projections-import-kernel-and-domain',
      severity: 'error',
      from: { path: '^projections/', pathNot: tests },
      to: outside('^(projections/|libs/(kernel|incident)/)'),
    },
    {
      name: 'event-store-imports-kernel-and-its-driver',
      severity: 'error',
      from: { path: libs('event-store'), pathNot: tests },
      to: outside('^(libs/(kernel|event-store)/|node_modules/@eventstore/db-client/)'),
    },
    {
      name: 'read-models-import-kernel-and-their-driver',
      severity: 'error',
      from: { path: libs('read-models'), pathNot: tests },
      to: outside('^(libs/(kernel|read-models)/|node_modules/(mongodb|bson)/)'),
    },
    {
      name: 'embedded-nodes-stand-alone',
      severity: 'error',
      from: { path: '^libs/(embedded-[^/]+)/', pathNot: tests },
      to: { path: '^(apps|libs|projections)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'only-the-composition-root-knows-the-embedded-nodes',
      severity: 'error',
      from: { path: '^(apps|libs|projections)/', pathNot: `(^libs/embedded-|^apps/cli/src/composition/|${tests}|^libs/testing/)` },
      to: { path: '^libs/embedded-' },
    },
    {
      name: 'apps-never-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/cli/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps-or-projections',
      severity: 'error',
      from: { path: '^libs/', pathNot: tests },
      to: { path: '^(apps|projections)/' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^(apps|libs|projections)/', pathNot: `(${tests}|^libs/testing/)` },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
