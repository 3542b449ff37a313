import { settingsPage } from '../settings-page.js';

process.stdout.write(settingsPage());
