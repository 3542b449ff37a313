export * from './handlebars-templates.js';
