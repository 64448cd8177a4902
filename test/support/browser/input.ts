import type { InputSource, Session } from './session.js';

/** WebDriver, section 15.4.2: what a key without a character is written as. */
const KEYS: Record<string, string> = {
  Alt: '\uE00A',
  ArrowDown: '\uE015',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  ArrowUp: '\uE013',
  Backspace: '\uE003',
  Control: '\uE009',
  Delete: '\uE017',
  End: '\uE010',
  Enter: '\uE007',
  Escape: '\uE00C',
  F1: '\uE031',
  F2: '\uE032',
  F10: '\uE03A',
  Home: '\uE011',
  Insert: '\uE016',
  Meta: '\uE03D',
  PageDown: '\uE00F',
  PageUp: '\uE00E',
  Shift: '\uE008',
  Space: ' ',
  Tab: '\uE004',
};

export interface Point {
  readonly x: number;
  readonly y: number;
}

const BUTTONS = { left: 0, middle: 1, right: 2 };
export type Button = keyof typeof BUTTONS;

/** One key, or a chord such as `Control+a`, pressed and let go. */
export async function pressKeys(session: Session, chord: string): Promise<void> {
  // A plus sign itself may be a key.
  const keys = chord.split(/(?<=.)\+(?=.)/).map(keyValue);
  const down = keys.map((value) => ({ type: 'keyDown', value }));
  const up = keys.toReversed().map((value) => ({ type: 'keyUp', value }));
  await session.perform([keyboard([...down, ...up])]);
}

/** Every character as a key of its own, to whatever has the focus. */
export async function typeKeys(session: Session, text: string): Promise<void> {
  const actions = [...text].flatMap((value) => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]);
  await session.perform([keyboard(actions)]);
}

/** @param held keys that are down meanwhile, such as `['Control']` */
export async function clickAt(
  session: Session,
  point: Point,
  { button = 'left', times = 1, held = [] }: ClickOptions = {},
): Promise<void> {
  const clicks = Array.from({ length: times }, () => [down(button), up(button)]).flat();
  await withHeld(session, held, () => session.perform([pointer('mouse', [move(point), ...clicks])]));
}

export interface ClickOptions {
  readonly button?: Button;
  readonly times?: number;
  readonly held?: readonly string[];
}

export async function hoverAt(session: Session, point: Point): Promise<void> {
  await session.perform([pointer('mouse', [move(point)])]);
}

/**
 * Presses at the first point, moves to the second in steps as a hand does, and lets go.
 * @param held keys that are down meanwhile
 */
export async function dragBetween(
  session: Session,
  from: Point,
  to: Point,
  { pointerType = 'mouse', held = [] }: DragOptions = {},
): Promise<void> {
  const steps = 8;
  const way = Array.from({ length: steps }, (_, step) => {
    const part = (step + 1) / steps;
    const between = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    return move(between, 20);
  });
  await withHeld(session, held, () =>
    session.perform([pointer(pointerType, [move(from), down('left'), ...way, up('left')])]),
  );
}

export interface DragOptions {
  readonly pointerType?: 'mouse' | 'touch';
  readonly held?: readonly string[];
}

async function withHeld(session: Session, held: readonly string[], act: () => Promise<void>): Promise<void> {
  if (held.length === 0) return act();
  try {
    await session.perform([keyboard(held.map((key) => ({ type: 'keyDown', value: keyValue(key) })))]);
    await act();
  } finally {
    await session.release();
  }
}

function keyValue(key: string): string {
  const value = KEYS[key] ?? key;
  if ([...value].length !== 1)
    throw new Error(`no key is called ${key}; there are ${Object.keys(KEYS).join(', ')}`);
  return value;
}

function keyboard(actions: readonly object[]): InputSource {
  return { type: 'key', id: 'keyboard', actions };
}

function pointer(pointerType: 'mouse' | 'touch', actions: readonly object[]): InputSource {
  return { type: 'pointer', id: pointerType, parameters: { pointerType }, actions };
}

function move({ x, y }: Point, duration = 0): object {
  return { type: 'pointerMove', origin: 'viewport', duration, x: Math.round(x), y: Math.round(y) };
}

function down(button: Button): object {
  return { type: 'pointerDown', button: BUTTONS[button] };
}

function up(button: Button): object {
  return { type: 'pointerUp', button: BUTTONS[button] };
}
