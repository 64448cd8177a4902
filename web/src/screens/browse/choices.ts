import { Remembered } from '../../lib/remembered.svelte.ts';

/** How this browser shows folders. */
export const view = new Remembered<'list' | 'grid'>(
  'view',
  'list',
  (value) => value === 'list' || value === 'grid',
);

/** Whether names with a leading dot are shown, where the server has them at all. */
export const hidden = new Remembered<boolean>('hidden', false);
