export * from './circumstances.js';
export * from './default-site.js';
export * from './kinds.js';
export * from './site-definitions.js';
export * from './site-setup.js';
