export * from './settings.js';
export * from './settings-page.js';
export { nearest } from './text.js';
export { ROLES, SETTINGS, type Role, type SettingName } from './table.js';
