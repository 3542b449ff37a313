/** Who may import whom (docs/architecture.md). Each rule is broken once in test/architecture to see it fail. */
const libs = (...names) => `^libs/(${names.join('|')})/`;
const outside = (allowed) => ({ pathNot: allowed, dependencyTypesNot: ['core'] });

/** Specs, and what only specs use. */
const tests = '\\.(spec|fixture)\\.ts$';

/** Domain libraries that know nothing of each other. */
const FOUNDATIONS = ['incident', 'calendars', 'people', 'on-call', 'notices', 'one-time-link'];
/** What a site has decided about its incidents, and what the clock does to them: it reads the foundations, and none of it reads another. */
const PROCESSES = ['assignment', 'catalogue', 'holds', 'service-levels', 'escalation', 'major-incidents', 'closure'];

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
      from: { path: libs(...FOUNDATIONS), pathNot: tests },
      to: outside('^libs/(kernel|local-time|$1)/'),
    },
    {
      name: 'process-libraries-stand-on-the-foundations',
      severity: 'error',
      from: { path: libs(...PROCESSES), pathNot: tests },
      to: outside(`^libs/(kernel|local-time|${FOUNDATIONS.join('|')}|$1)/`),
    },
    {
      name: 'site-definitions-gather-the-domain',
      severity: 'error',
      from: { path: libs('site-definitions'), pathNot: tests },
      to: outside(`^libs/(kernel|local-time|site-definitions|${[...FOUNDATIONS, ...PROCESSES].join('|')})/`),
    },
    {
      name: 'local-time-stands-on-kernel-and-luxon',
      severity: 'error',
      from: { path: libs('local-time'), pathNot: tests },
      to: outside('^(libs/(kernel|local-time)/|node_modules/luxon/)'),
    },
    {
      name: 'icalendar-imports-kernel-local-time-and-its-parser',
      severity: 'error',
      from: { path: libs('icalendar'), pathNot: tests },
      to: outside('^(libs/(kernel|local-time|icalendar)/|node_modules/ical\\.js/)'),
    },
    {
      name: 'projections-import-kernel-and-domain',
      severity: 'error',
      from: { path: '^projections/', pathNot: tests },
      to: outside(`^(projections/|libs/(kernel|local-time|site-definitions|${[...FOUNDATIONS, ...PROCESSES].join('|')})/)`),
    },
    {
      name: 'event-store-imports-kernel-and-its-driver',
      severity: 'error',
      from: { path: libs('event-store'), pathNot: tests },
      to: outside('^(libs/(kernel|event-store)/|node_modules/@eventstore/db-client/)'),
    },
    {
      name: 'read-models-import-kernel-their-driver-and-rxjs',
      severity: 'error',
      from: { path: libs('read-models'), pathNot: tests },
      to: outside('^(libs/(kernel|read-models)/|node_modules/(mongodb|bson|rxjs)/)'),
    },
    {
      name: 'templates-import-what-they-render-and-their-language',
      severity: 'error',
      from: { path: libs('templates'), pathNot: tests },
      to: outside('^(libs/(kernel|local-time|notices|templates)/|node_modules/handlebars/)'),
    },
    {
      name: 'notice-channels-import-kernel-and-their-driver',
      severity: 'error',
      from: { path: libs('notice-channels'), pathNot: tests },
      to: outside('^(libs/(kernel|notice-channels)/|node_modules/nodemailer/)'),
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
      from: {
        path: '^(apps|libs|projections)/',
        pathNot: '(^libs/embedded-|^apps/cli/src/composition/|\\.(spec|fixture)\\.ts$|^libs/testing/)',
      },
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
      from: { path: '^(apps|libs|projections)/', pathNot: '(\\.(spec|fixture)\\.ts$|^libs/testing/)' },
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
