import { t } from '../../../i18n/language.svelte.ts';
import { folderOf, nameOf } from '../../../lib/paths.ts';
import { showDialog } from '../../../ui/layers.svelte.ts';
import { type Decision, Decisions } from './decisions.ts';
import type { Item } from './item.ts';
import type { Standing } from './known-names.ts';
import type { Queue } from './queue.ts';
import { namesIn } from './server.ts';
import TakenDialog from './TakenDialog.svelte';

/** Asks what becomes of files whose names are taken, one after the other. */
export class Questions {
  readonly #decisions = new Decisions();
  readonly #open: { readonly item: Item; readonly standing: Standing | undefined }[] = [];
  #isAsking = false;

  /** @param onchange called when one is about to be asked, and when all are answered */
  constructor(
    private readonly queue: Queue,
    private readonly onchange: () => void,
  ) {}

  /** @param standing what has the name; undefined when only the server knows */
  ask(item: Item, standing: Standing | undefined): void {
    item.state = 'asking';
    this.#open.push({ item, standing });
    if (!this.#isAsking) void this.#askAll();
  }

  /** Asks about a file that the server has refused. */
  async askRefused(item: Item): Promise<void> {
    if (item.size > 0) return this.ask(item, undefined);
    // With no bytes to send, it may have become a file already by an attempt whose answer was lost.
    item.state = 'asking';
    const names = await namesIn(folderOf(item.path));
    const standing = names?.get(nameOf(item.path));
    if ((item.state as Item['state']) !== 'asking') return;
    if (standing?.size === 0) item.state = 'done';
    else this.ask(item, standing);
    this.onchange();
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    for (let next = this.#open.shift(); next; next = this.#open.shift()) {
      const { item, standing } = next;
      if (item.state !== 'asking') continue;
      const mayReplace = !standing?.isFolder;
      let choice = this.#decisions.of(item.batch, mayReplace);
      if (!choice) {
        this.onchange();
        choice = this.#decisions.take(item.batch, await show(item, standing));
      }
      if ((item.state as Item['state']) !== 'asking') continue;
      item.state = choice === 'skip' ? 'skipped' : 'waiting';
      if (choice !== 'skip') item.onConflict = choice;
    }
    this.#isAsking = false;
    this.queue.rewind();
    this.onchange();
  }
}

function show(item: Item, standing: Standing | undefined): Promise<Decision | undefined> {
  return showDialog(TakenDialog, {
    name: nameOf(item.path),
    folder: nameOf(folderOf(item.path)) || t().common.home,
    standing,
    yours: item.file,
  });
}
