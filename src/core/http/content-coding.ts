/** One member of Accept-Encoding: a coding or `*`, and a weight of at most three decimals (RFC 9110 §12.4.2). */
const MEMBER = /^([!#$%&'*+.^`|~\w-]+)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/**
 * The coding that a client likes best (RFC 9110 §12.5.3); of equals the first that is offered, and `identity` last. A
 * client that says nothing, or accepts nothing of what there is, gets `identity`. Members that are malformed do not count.
 * @param field the value of Accept-Encoding
 * @param offered names of codings in small letters, the best one first
 */
export function preferredCoding<T extends string>(
  field: string | undefined,
  offered: Iterable<T>,
): T | 'identity' {
  const weights = weightsOf(field ?? '');
  let best: T | 'identity' = 'identity';
  let weight = weights.get('identity') ?? 0;
  for (const coding of offered) {
    const own = weights.get(coding) ?? weights.get('*') ?? 0;
    if (own > weight || (own > 0 && own === weight && best === 'identity')) {
      best = coding;
      weight = own;
    }
  }
  return best;
}

function weightsOf(field: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const member of field.split(',')) {
    const [, name, weight = '1'] = MEMBER.exec(member.trim()) ?? [];
    // RFC 9110 §8.4.1.3: x-gzip is gzip.
    if (name) weights.set(name.toLowerCase().replace(/^x-gzip$/, 'gzip'), Number(weight));
  }
  return weights;
}
