const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|([^\s;"]*))/y;

/**
 * Parameters behind the value of a field, such as those of Content-Type and Content-Disposition (RFC 9110 §5.6.6), by
 * their names in small letters. A name with an asterisk (RFC 8187) stands under its name without, and counts instead of
 * one without. What follows a parameter that cannot be read is not looked at.
 */
export function parseParameters(field: string): ReadonlyMap<string, string> {
  const plain = new Map<string, string>();
  const extended = new Map<string, string>();
  PARAMETER.lastIndex = field.includes(';') ? field.indexOf(';') : field.length;
  for (let match = PARAMETER.exec(field); match; match = PARAMETER.exec(field)) {
    const [, name = '', quoted, token = ''] = match;
    const value = quoted === undefined ? token : unquote(quoted);
    if (name.endsWith('*')) extended.set(name.slice(0, -1).toLowerCase(), decodeExtended(value));
    else plain.set(name.toLowerCase(), value);
  }
  return new Map([...plain, ...extended]);
}

/** Other characters than these two are not escaped: browsers of old sent `C:\folder\file` as it is. */
function unquote(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}

/** `UTF-8''%C3%A9`; what cannot be decoded becomes a character that stands in no name. */
function decodeExtended(value: string): string {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(value) ?? [];
  try {
    return decodeURIComponent(encoded ?? '%');
  } catch {
    return '\ufffd';
  }
}
