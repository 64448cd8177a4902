/** What stands before the title of the tab while something is uploaded: `43% · `. */
const PROGRESS = /^\d+% · /;

/** The title of the tab with how far it is, such as `43% · Films`; without it again for undefined. @param share from 0 to 1 */
export function titleWith(title: string, share: number | undefined): string {
  const bare = title.replace(PROGRESS, '');
  return share === undefined ? bare : `${Math.floor(share * 100)}% · ${bare}`;
}
