export const share = {
  title: 'Share',
  explain: (isFolder: boolean): string =>
    isFolder
      ? 'Whoever has the link can look at this folder and everything in it, without an account.'
      : 'Whoever has the link can open this file, without an account.',
  expiry: 'The link works for',
  expiries: { hour: 'an hour', day: 'a day', week: 'a week', month: 'a month', year: 'a year' },
  make: 'Create link',
  link: 'Link',
  copy: 'Copy',
  copyOf: (name: string) => `Copy the link to ${name}`,
  qr: (name: string) => `QR code of the link to ${name}`,
  qrTitle: 'QR code',
  qrHint: 'Point the camera of a phone at it.',
  system: 'Send…',
  players: 'For players and other programs',
  media: 'Address of the file itself',
  playlist: 'Playlist (.m3u8), for VLC and others',
  until: (time: string) => `Works until ${time}.`,
  by: (name: string) => `by ${name}`,
  manage: 'See all links',
  logInFirst:
    'This opens for whoever may log in here. Log in yourself to make links that open without an account.',
  openToAll: 'Whoever can reach this server can open it.',
  links: 'Links',
  none: 'There are no links',
  noneDetail: 'Share a file or a folder, and its link is listed here until it ends.',
  revoke: 'Revoke',
  revokeOf: (name: string) => `Revoke the link to ${name}`,
  revokeTitle: 'Revoke this link?',
  revokeText: (name: string) =>
    `Whoever has it cannot open “${name}” any more. The same link cannot be made again.`,
  revoked: (name: string) => `The link to “${name}” opens nothing any more.`,
  page: {
    expires: (time: string) => `This link works until ${time}.`,
    what: 'What is this?',
    whatDetail:
      'Somebody sent you a link to this. It is served by Playhead, a media server: it plays here, and you can save it.',
    expired: 'This link has expired',
    invalid: 'This link does not work',
    askAgain: 'Ask whoever sent it to you for a new one.',
    gone: 'What this link opened is not here any more',
    unreachable: 'This cannot be opened right now',
  },
};
