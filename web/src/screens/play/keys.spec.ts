import { describe, expect, it } from '@jest/globals';
import { belongsToControl, commandOf, rateBeside } from './keys.ts';

const press = (key: string, modifiers: object = {}) =>
  commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

describe('keys', () => {
  it('do what they do on YouTube and in copyparty', () => {
    for (const key of [' ', 'k', 'K']) expect(press(key)).toEqual({ do: 'toggle' });
    for (const key of ['j', 'u']) expect(press(key)).toEqual({ do: 'seek-by', seconds: -10 });
    for (const key of ['l', 'o']) expect(press(key)).toEqual({ do: 'seek-by', seconds: 10 });
    expect(press('ArrowLeft')).toEqual({ do: 'seek-by', seconds: -5 });
    expect(press('7')).toEqual({ do: 'seek-to', part: 0.7 });
    expect(press('End')).toEqual({ do: 'seek-to', part: 1 });
    expect(press('<')).toEqual({ do: 'rate', step: -1 });
    expect(press('.')).toEqual({ do: 'frame', step: 1 });
    expect(press('?')).toEqual({ do: 'help' });
    expect(press('x')).toBeUndefined();
  });

  it('are the browser’s with Ctrl, Alt or the command key', () => {
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey'])
      expect(press('f', { [modifier]: true })).toBeUndefined();
  });

  it('belong to the control that uses them', () => {
    const at = (role: string, editable = false) => ({ role, editable });
    expect(belongsToControl('f', at('', true))).toBe(true);
    expect(belongsToControl(' ', at('button'))).toBe(true);
    expect(belongsToControl('f', at('button'))).toBe(false);
    expect(belongsToControl('ArrowLeft', at('button'))).toBe(false);
    expect(belongsToControl('ArrowLeft', at('slider'))).toBe(true);
    expect(belongsToControl('m', at('slider'))).toBe(false);
    for (const key of [' ', 'ArrowDown', 'Home']) expect(belongsToControl(key, at('region'))).toBe(true);
    expect(belongsToControl('k', at('region'))).toBe(false);
    expect(belongsToControl(' ', at(''))).toBe(false);
  });
});

it('goes through the speeds, and stops at both ends', () => {
  expect(rateBeside(1, 1)).toBe(1.25);
  expect(rateBeside(1, -1)).toBe(0.75);
  expect(rateBeside(1.1, 1)).toBe(1.25);
  expect(rateBeside(3, 1)).toBe(3);
  expect(rateBeside(0.25, -1)).toBe(0.25);
});
