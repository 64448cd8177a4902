import { plural } from '../plural.ts';

/** What several screens say. */
export const common = {
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Try again',
  download: 'Download',
  copied: 'Copied to the clipboard.',
  more: 'More',
  loading: 'Loading…',
  home: 'Home',
  breadcrumbs: 'Folders',
  foldersBetween: 'Folders between',
  skip: 'Skip to the files',
  settings: 'Settings',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  logIn: 'Log in',
  logOut: 'Log out',
  logOutOf: (name: string) => `Log out ${name}`,
  login: {
    name: 'Name',
    password: 'Password',
    wrong: 'Name and password do not match.',
    tooMany: (seconds: number) => `Too many wrong passwords. Try again in ${plural(seconds, 'second')}.`,
  },
  trash: 'Trash',
  links: 'Links',
  docs: 'API documentation',
  loggedInAs: (name: string) => `Logged in as ${name}`,
  notifications: 'Notifications',
  /** What went wrong, by what can be done about it. `detail` is the server's own, in English. */
  problem: {
    unreachable: 'The server does not answer. Is it still running, and is this device online?',
    unauthenticated: 'You need to log in for this.',
    forbidden: 'You may not do this.',
    missing: 'This is not here (any more).',
    linkExpired: 'This link has expired. Ask whoever sent it for a new one.',
    linkInvalid: 'This link is not valid (any more). Ask whoever sent it for a new one.',
    busy: 'The server is busy. Try again in a moment.',
    other: 'That did not work.',
  },
};
