import { handlebarsTemplates } from '#adapters/templates';
import { Automation, type AutomationObserver, type ConfirmationLinks } from '../../../automation/src/index.js';
import { openDefinitions } from '../composition/definitions.js';
import { linksOf } from '../composition/links.js';
import type { Site } from '../composition/site.js';
import { waysOut } from '../composition/ways-out.js';
import type { AutomationBegin } from './automation-thread.js';
import { hearCommits } from './commits.js';
import { runRole } from './run-role.js';

/** Makes links that begin with the public address of the API. */
const confirmationLinksOf = (site: Site, publicUrl: string): ConfirmationLinks | undefined => {
  const links = linksOf(site);
  return (
    links &&
    ((about) => {
      const url = (action: 'confirm' | 'reject') => `${publicUrl}/confirm/${links.tokenOf({ ...about, action })}`;
      return { confirm: url('confirm'), reject: url('reject') };
    })
  );
};

runRole<AutomationBegin, AutomationObserver>(
  { rung: true, stuck: true, failed: true, sent: true, notSent: true, reacted: true, parked: true, swept: true },
  async (site, { publicUrl }) => {
    hearCommits(site.models);
    const { settings, log, models, readers } = site;
    const { incidentUrl } = settings;
    const confirmationLinks = publicUrl === undefined ? undefined : confirmationLinksOf(site, publicUrl);
    return new Automation({
      ...{ log, models, readers, site: await openDefinitions(site), templates: handlebarsTemplates },
      ...waysOut(settings, (text) => process.stderr.write(`${text}\n`)),
      ...(incidentUrl !== undefined && { incidentLink: (id: string) => incidentUrl.replace('{incidentId}', encodeURIComponent(id)) }),
      ...(confirmationLinks && { confirmationLinks }),
    });
  },
);
