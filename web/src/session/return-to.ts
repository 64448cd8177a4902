import { ROOT, type Route } from '../routing/route.ts';
import { go, route } from '../routing/router.svelte.ts';

let from: Route = ROOT;

/** Goes to where one logs in. */
export function goToLogin(): void {
  from = route();
  go({ ...ROOT, screen: 'login' });
}

/** Goes back to where one was when one went to log in. */
export function returnFromLogin(): void {
  go(from, { replace: true });
}
