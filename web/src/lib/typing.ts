/** Whether a key or a paste goes into a field or moves something else that has keys of its own, and is nobody else's business. */
export function isTyping(event: Event): boolean {
  const target = event.target instanceof Element ? event.target : undefined;
  return (
    event.defaultPrevented ||
    target?.closest(
      'input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [role=menu], [role=slider]',
    ) != null
  );
}
