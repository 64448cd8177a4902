import type { Component } from 'svelte';
import type { FileEntry } from '../../api/types.ts';
import { extensionOf } from '../../lib/paths.ts';
import type { Folder } from './folder.svelte.ts';

/** What every viewer is given. */
export interface ViewerProps {
  /** The file that is open. */
  readonly entry: FileEntry;
  /** The folder it is in, for what comes next. */
  readonly folder: Folder;
  readonly onclose: () => void;
}

type Viewer = Promise<{ readonly default: Component<ViewerProps> }>;

/** The viewer of a file, each with the code it needs, loaded when somebody opens one. */
export function viewerOf({ kind, mediaType, name }: FileEntry): () => Viewer {
  if (kind === 'video') return () => import('../play/VideoViewer.svelte');
  if (kind === 'audio') return () => import('../play/AudioViewer.svelte');
  if (kind === 'image') return () => import('../look/PictureViewer.svelte');
  if (mediaType === 'application/pdf') return () => import('../look/PdfViewer.svelte');
  if (mediaType === 'text/markdown' || ['md', 'markdown'].includes(extensionOf(name)))
    return () => import('../look/MarkdownViewer.svelte');
  if (kind === 'text' || kind === 'subtitle') return () => import('../look/TextViewer.svelte');
  return () => import('../look/DetailsViewer.svelte');
}
