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
      name: 'foundations-import-only-the-kernel',
      comment: 'Domain libraries that know nothing of each other: definitions and catalogue stand on them, and have rules of their own.',
      severity: 'error',
      from: { path: libs('domain/(?!definitions|catalogue|local-time)[^/]+'), pathNot: tests },
      to: outside('^libs/(kernel|domain/local-time|$1)/'),
    },
    {
      name: 'catalogue-imports-foundations',
      severity: 'error',
      from: { path: libs('domain/catalogue'), pathNot: tests },
      to: outside('^libs/(kernel|domain/(incident|local-time|catalogue))/'),
    },
    {
      name: 'process-managers-import-the-domain-below-them',
      severity: 'error',
      from: { path: libs('process-managers/[^/]+'), pathNot: tests },
      to: outside('^libs/(kernel|domain/(?!definitions)[^/]+|$1)/'),
    },
    {
      name: 'definitions-gather-the-domain',
      severity: 'error',
      from: { path: libs('domain/definitions'), pathNot: tests },
      to: outside('^libs/(kernel|domain/[^/]+|process-managers/[^/]+)/'),
    },
    {
      name: 'local-time-imports-kernel-and-luxon',
      severity: 'error',
      from: { path: libs('domain/local-time'), pathNot: tests },
      to: outside('^(libs/(kernel|domain/local-time)/|node_modules/luxon/)'),
    },
    {
      name: 'projections-import-kernel-and-domain',
      severity: 'error',
      from: { path: '^projections/', pathNot: tests },
      to: outside('^(projections|libs/(kernel|domain/[^/]+|process-managers/[^/]+))/'),
    },
    {
      name: 'event-store-imports-kernel-and-its-driver',
      severity: 'error',
      from: { path: libs('adapters/event-store'), pathNot: tests },
      to: outside('^(libs/(kernel|adapters/event-store)/|node_modules/@eventstore/db-client/)'),
    },
    {
      name: 'read-models-import-kernel-their-driver-and-rxjs',
      severity: 'error',
      from: { path: libs('adapters/read-models'), pathNot: tests },
      to: outside('^(libs/(kernel|adapters/read-models)/|node_modules/(mongodb|bson|rxjs)/)'),
    },
    {
      name: 'icalendar-imports-kernel-local-time-and-its-parser',
      severity: 'error',
      from: { path: libs('adapters/icalendar'), pathNot: tests },
      to: outside('^(libs/(kernel|domain/local-time|adapters/icalendar)/|node_modules/ical\\.js/)'),
    },
    {
      name: 'templates-import-what-they-render-and-their-language',
      severity: 'error',
      from: { path: libs('adapters/templates'), pathNot: tests },
      to: outside('^(libs/(kernel|domain/(local-time|notifications)|adapters/templates)/|node_modules/handlebars/)'),
    },
    {
      name: 'notification-channels-import-kernel-and-their-driver',
      severity: 'error',
      from: { path: libs('adapters/notification-channels'), pathNot: tests },
      to: outside('^(libs/(kernel|adapters/notification-channels)/|node_modules/nodemailer/)'),
    },
    {
      name: 'embedded-nodes-stand-alone',
      severity: 'error',
      from: { path: '^libs/embedded/([^/]+)/', pathNot: tests },
      to: { path: '^(apps|libs|projections)/', pathNot: '^libs/embedded/$1/' },
    },
    {
      name: 'only-the-composition-root-knows-the-embedded-nodes',
      severity: 'error',
      from: {
        path: '^(apps|libs|projections)/',
        pathNot: '(^libs/embedded/|^apps/cli/src/composition/|\\.(spec|fixture)\\.ts$|^libs/testing/)',
      },
      to: { path: '^libs/embedded/' },
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
      from: { path: '^(apps|libs|projections)/', pathNot: '(\\.(spec|fixture)\\.ts$|^libs/testing/)' },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^libs/embedded/[^/]+/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'workspace-source', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
