import { readSettings } from '#config';
import { openSite, type Site } from '../../apps/cli/src/composition/site.js';

/** Opens a data folder with embedded nodes of this process, as every command does. */
export const ownSite = (folder: string): Promise<Site> =>
  openSite(readSettings({ FAULTLINE_DATA: folder }), { command: 'bench', patienceMs: 10_000 });
