/** What a person gave to get in: it goes to the origin it was given for, and is never printed. */
export class Identity {
  readonly #origin: string;
  readonly #fields: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];
  /** Where to go, without the credentials. */
  readonly url: URL;

  /** @param fields header fields to send, by name */
  constructor(given: URL, fields: Readonly<Record<string, string>> = {}) {
    const [name, password] = [decode(given.username), decode(given.password)];
    const basic = Buffer.from(`${name}:${password}`).toString('base64');
    const credentials = given.username || given.password ? { Authorization: `Basic ${basic}` } : {};
    this.url = new URL(given);
    this.url.username = this.url.password = this.url.hash = '';
    this.#origin = this.url.origin;
    this.#fields = { ...credentials, ...fields };
    // A short value says nothing, and would be struck out of words that have nothing to do with it.
    this.#secrets = [basic, password, given.password, ...Object.values(fields)]
      .flatMap((value) => [value, ...value.split(/[\s;,]+/)])
      .filter((value) => value.length >= 6)
      .sort((a, b) => b.length - a.length);
  }

  /** The fields to send to a URL: none to another origin. */
  fieldsFor(url: URL): Readonly<Record<string, string>> {
    return url.origin === this.#origin ? this.#fields : {};
  }

  get isGiven(): boolean {
    return Object.keys(this.#fields).length > 0;
  }

  /** The text without what was given, in upper or lower case, should a server send it back. */
  redact(text: string): string {
    return this.#secrets.reduce(
      (result, secret) => result.replace(new RegExp(secret.replace(/[^\w]/g, '\\$&'), 'gi'), '***'),
      text,
    );
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
