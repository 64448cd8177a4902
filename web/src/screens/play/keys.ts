/** What a key asks a player for; those that every player people know has (YouTube, copyparty). */
export type Command =
  | {
      readonly do:
        'toggle' | 'mute' | 'fullscreen' | 'captions' | 'pip' | 'loop' | 'next' | 'previous' | 'help';
    }
  /** Seconds from here. */
  | { readonly do: 'seek-by'; readonly seconds: number }
  /** A part of the whole, from 0 to 1. */
  | { readonly do: 'seek-to'; readonly part: number }
  | { readonly do: 'volume-by'; readonly amount: number }
  | { readonly do: 'rate'; readonly step: 1 | -1 }
  | { readonly do: 'frame'; readonly step: 1 | -1 };

/** What of a keyboard event decides. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'seek-by', seconds: -10 },
  u: { do: 'seek-by', seconds: -10 },
  l: { do: 'seek-by', seconds: 10 },
  o: { do: 'seek-by', seconds: 10 },
  arrowleft: { do: 'seek-by', seconds: -5 },
  arrowright: { do: 'seek-by', seconds: 5 },
  arrowup: { do: 'volume-by', amount: 0.05 },
  arrowdown: { do: 'volume-by', amount: -0.05 },
  home: { do: 'seek-to', part: 0 },
  end: { do: 'seek-to', part: 1 },
  m: { do: 'mute' },
  f: { do: 'fullscreen' },
  c: { do: 'captions' },
  i: { do: 'pip' },
  v: { do: 'loop' },
  n: { do: 'next' },
  p: { do: 'previous' },
  '<': { do: 'rate', step: -1 },
  '>': { do: 'rate', step: 1 },
  ',': { do: 'frame', step: -1 },
  '.': { do: 'frame', step: 1 },
  '?': { do: 'help' },
};

/** What this key asks for. Keys with Ctrl, Alt or the command key belong to the browser. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Key): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (/^[0-9]$/.test(key)) return { do: 'seek-to', part: Number(key) / 10 };
  return COMMANDS[key.toLowerCase()];
}

/**
 * Whether a key is meant for the control that has the focus: text that is typed, a value that arrows change, a region
 * that they scroll, a button that the space bar presses.
 */
export function belongsToControl(
  key: string,
  control: { readonly role: string; readonly editable: boolean },
): boolean {
  if (control.editable) return true;
  const presses = key === ' ' || key === 'Enter';
  const moves = /^(?:Arrow|Page|Home|End)/.test(key);
  if (['button', 'link', 'switch', 'checkbox', 'menuitem'].includes(control.role)) return presses;
  const moved = ['slider', 'select', 'menu', 'listbox', 'radio', 'tab', 'region'];
  if (moved.includes(control.role)) return moves || presses;
  return false;
}

/** Speeds, as the keys go through them. */
export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** The speed next to this one. */
export function rateBeside(rate: number, step: 1 | -1): number {
  const beyond = step > 0 ? RATES.find((other) => other > rate) : RATES.findLast((other) => other < rate);
  return beyond ?? rate;
}
