/** The public face of the package: a folder of media in a Nest application of your own. */
export type { ByteSource } from './core/bytes/index.js';
export {
  formatEntityTag,
  mediaTypeOf,
  type EntityTag,
  type Representation,
  type Validators,
} from './core/http/index.js';
export { InvalidPathError, objectKey, type ObjectKey } from './core/path/index.js';
export { ProblemError, type Problem, type ProblemSlug } from './core/problem/index.js';
export { FilesModule, type FilesModuleOptions } from './files/files.module.js';
export { RangeInterceptor } from './files/range.interceptor.js';
export { ProblemFilter } from './problem/problem.filter.js';
export { LocalDiskDriver } from './storage/drivers/local-disk/local-disk-driver.js';
export type { LocalDiskOptions } from './storage/drivers/local-disk/served-folder.js';
export { MemoryDriver } from './storage/drivers/memory/memory-driver.js';
export type {
  ListedObject,
  ObjectStat,
  ReadableStorage,
  StorageDriver,
  StoredObject,
} from './storage/storage-driver.js';
export { StorageError, type StorageErrorReason } from './storage/storage-error.js';
