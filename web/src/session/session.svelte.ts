import { isShared } from '../api/base.ts';
import { api, data } from '../api/client.ts';
import type { Permission, Session } from '../api/types.ts';

/** Who came by a link is nobody, and may read. */
const BY_LINK: Session = {
  name: null,
  anonymous: true,
  permissions: ['read'],
  anywhere: ['read'],
  expires: null,
  login: false,
};

let current = $state.raw<Session | undefined>(isShared ? BY_LINK : undefined);

/** Who is here; undefined until the server has said so. Reactive. */
export function session(): Session | undefined {
  return current;
}

/** Whether there is anything at all that this person may do so. */
export function may(permission: Permission): boolean {
  return current?.anywhere.includes(permission) ?? false;
}

/** Asks the server who is here. @throws ApiProblem */
export async function refreshSession(): Promise<void> {
  if (!isShared) current = await data(api.GET('/api/v1/session'));
}

/** @throws ApiProblem `unauthenticated` for a wrong name or password, `too-many-attempts` with `retryAfter` */
export async function logIn(name: string, password: string): Promise<void> {
  current = await data(api.POST('/api/v1/session', { body: { name, password } }));
}

/** Ends the session. The page is loaded anew, so that nothing of what was shown stays. */
export async function logOut(): Promise<void> {
  await data(api.DELETE('/api/v1/session'));
  location.assign('/');
}
