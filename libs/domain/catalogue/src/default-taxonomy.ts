import type { GuideTarget } from './decision-guide.js';
import type { Taxonomy } from './taxonomy.js';

const names = (...all: string[]) => all.map((name) => ({ name }));
const to = (category: string, subcategory?: string): GuideTarget => ({ category, ...(subcategory !== undefined && { subcategory }) });
const ask = (question: string): GuideTarget => ({ question });

/** What a new IT service desk sorts its incidents by, until it has words of its own. */
export const DEFAULT_TAXONOMY: Taxonomy = {
  categories: [
    { name: 'Access', subcategories: names('Password', 'Account', 'Permissions', 'Multi-factor sign-in') },
    { name: 'Hardware', subcategories: names('Computer', 'Printer', 'Mobile device', 'Peripheral') },
    { name: 'Software', subcategories: names('Business application', 'E-mail and calendar', 'Operating system', 'Installation or update') },
    { name: 'Network', subcategories: names('Wi-Fi', 'Wired connection', 'VPN', 'Internet access') },
    { name: 'Telephony', subcategories: names('Desk phone', 'Softphone', 'Voicemail') },
    { name: 'Security', subcategories: names('Phishing', 'Malware', 'Data exposure', 'Lost or stolen device') },
    { name: 'Other' },
  ],
  other: 'Other',
  guide: {
    questions: [
      {
        id: 'suspicion',
        text: 'Does something look suspicious, or could data or a device be in the wrong hands?',
        answers: [
          { text: 'Yes', leadsTo: ask('security') },
          { text: 'No', leadsTo: ask('trouble') },
        ],
      },
      {
        id: 'security',
        text: 'What has happened?',
        answers: [
          { text: 'A message asks for a password, money or a click', leadsTo: to('Security', 'Phishing') },
          { text: 'A program or a warning appeared that nobody installed', leadsTo: to('Security', 'Malware') },
          { text: 'Somebody saw or received data that is not for them', leadsTo: to('Security', 'Data exposure') },
          { text: 'A device is gone', leadsTo: to('Security', 'Lost or stolen device') },
          { text: 'Something else', leadsTo: to('Security') },
        ],
      },
      {
        id: 'trouble',
        text: 'What does not work?',
        answers: [
          { text: 'Signing in, or opening what I should be allowed to', leadsTo: ask('access') },
          { text: 'A device', leadsTo: ask('device') },
          { text: 'A program, or my e-mail', leadsTo: ask('program') },
          { text: 'The connection', leadsTo: ask('connection') },
          { text: 'Calls', leadsTo: to('Telephony') },
          { text: 'Something else', leadsTo: to('Other') },
        ],
      },
      {
        id: 'access',
        text: 'What happens when you sign in?',
        answers: [
          { text: 'My password is not taken', leadsTo: to('Access', 'Password') },
          { text: 'The second factor fails', leadsTo: to('Access', 'Multi-factor sign-in') },
          { text: 'I am in, and something is closed to me', leadsTo: to('Access', 'Permissions') },
          { text: 'My account is locked or unknown', leadsTo: to('Access', 'Account') },
        ],
      },
      {
        id: 'device',
        text: 'Which device is it?',
        answers: [
          { text: 'A computer', leadsTo: to('Hardware', 'Computer') },
          { text: 'A printer or scanner', leadsTo: to('Hardware', 'Printer') },
          { text: 'A phone or tablet', leadsTo: to('Hardware', 'Mobile device') },
          { text: 'A screen, keyboard, dock or headset', leadsTo: to('Hardware', 'Peripheral') },
        ],
      },
      {
        id: 'program',
        text: 'What is it?',
        answers: [
          { text: 'E-mail or the calendar', leadsTo: to('Software', 'E-mail and calendar') },
          { text: 'A program for my work', leadsTo: to('Software', 'Business application') },
          { text: 'An installation or an update', leadsTo: to('Software', 'Installation or update') },
          { text: 'The computer starts, and does not get to my programs', leadsTo: to('Software', 'Operating system') },
        ],
      },
      {
        id: 'connection',
        text: 'Which connection is it?',
        answers: [
          { text: 'Wi-Fi', leadsTo: to('Network', 'Wi-Fi') },
          { text: 'The VPN from elsewhere', leadsTo: to('Network', 'VPN') },
          { text: 'By cable', leadsTo: to('Network', 'Wired connection') },
          { text: 'Websites outside the house only', leadsTo: to('Network', 'Internet access') },
        ],
      },
    ],
  },
};
