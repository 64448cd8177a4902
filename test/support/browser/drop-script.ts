export interface DroppedFile {
  readonly name: string;
  readonly content: string | Buffer;
  /** Media type, as the browser would tell it from the name. */
  readonly type?: string;
}

/** Bytes as a script in the page can receive them. */
export function portableFiles(files: readonly DroppedFile[]): object[] {
  return files.map(({ name, content, type = '' }) => ({
    name,
    type,
    base64: Buffer.from(content).toString('base64'),
  }));
}

const SEND = `
  const sender = (dataTransfer, held = []) => (element, type) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.dispatchEvent(new DragEvent(type, {
      bubbles: true, cancelable: true, composed: true, dataTransfer,
      clientX: left + width / 2, clientY: top + height / 2,
      ctrlKey: held.includes('Control'), altKey: held.includes('Alt'),
    }));
  };
`;

/** Arguments: the element, the portable files. */
export const DROP_FILES = `
  ${SEND}
  const [element, files] = arguments;
  const dataTransfer = new DataTransfer();
  for (const { name, type, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], name, { type }));
  }
  const send = sender(dataTransfer);
  send(element, 'dragenter');
  // Whoever wants the drop says so by cancelling.
  if (send(element, 'dragover')) throw new Error('the element does not accept files');
  send(element, 'drop');
`;

/** Arguments: what is dragged, where it is dropped, and the keys that are held. */
export const DRAG_SYNTHETICALLY = `
  ${SEND}
  const [from, to, held] = arguments;
  const send = sender(new DataTransfer(), held);
  if (!send(from, 'dragstart')) throw new Error('the element does not let itself be dragged');
  send(to, 'dragenter');
  const accepted = !send(to, 'dragover');
  if (accepted) send(to, 'drop');
  send(from, 'dragend');
  if (!accepted) throw new Error('the element does not accept what is dragged');
`;
