export * from './settings.js';
export * from './settings-page.js';
export { nearest } from './text.js';
export { LOG_LEVELS, ROLES, SETTINGS, type LogLevel, type Role, type SettingName } from './table.js';
