/** A choice that this browser remembers. Where storage is refused, it lasts as long as the page. */
export class Remembered<T extends string | number | boolean> {
  #value = $state() as T;
  readonly #key: string;

  /** @param isValid whether what was remembered, perhaps by an older page, can still be used */
  constructor(key: string, initial: T, isValid: (value: unknown) => boolean = () => true) {
    this.#key = `playhead.${key}`;
    const stored = read(this.#key);
    this.#value = typeof stored === typeof initial && isValid(stored) ? (stored as T) : initial;
  }

  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    this.#value = value;
    try {
      localStorage.setItem(this.#key, JSON.stringify(value));
    } catch {
      // Private windows and full disks: the choice is not remembered, and holds for now.
    }
  }
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
