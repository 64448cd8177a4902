import { api, data } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { isWithin } from './within.ts';

/** What the link of this page opens. */
export type OpenedLink = components['schemas']['OpenedLink'];

let opened = $state.raw<OpenedLink | undefined>();

/** What the link of this page opens; undefined until the server has said so, and where there is no link. Reactive. */
export function openedLink(): OpenedLink | undefined {
  return opened;
}

/** Whether this page may list a folder: by a link only what that is for, and what is below. */
export function isOpen(folder: string): boolean {
  return opened === undefined || isWithin(folder, opened.path);
}

/** Asks the server. @throws ApiProblem `link-expired`, `link-invalid`, `not-found` */
export async function openLink(): Promise<OpenedLink> {
  return (opened = await data(api.GET('/api/v1/link')));
}
