import { count, listOf, object, type Of, optional, tagged, word } from './shape.ts';

/**
 * How the command line and the worker's `files` exchange files, through the two ends of a process: a line of JSON, and after some of them
 * the bytes that it announces. An empty line ends what is asked; an input that ends without one was cut off. Paths are relative to the
 * folder of all volumes, and begin with the name of one: `work/teachers/vgg16/model.json`.
 */

/** How a container of the worker's image starts the worker: what `exec` needs, which knows no entrypoint. */
export const WORKER_PROGRAM = ['node', '/app/dist/worker.mjs'] as const;

/** Folder of the worker's image that holds the sample teacher, as `worker samples` lays it onto a volume. */
export const IMAGE_SAMPLES = '/app/samples';

/** Where a job's pods have their volumes, each by its name. */
export const VOLUMES_FOLDER = '/volumes';

/** Asks for a file, with a size for one of that size only; without, for all files of a folder as well. */
export type FileRequest = Of<typeof isFileRequest>;
export const isFileRequest = object({ path: word, size: optional(count) });

/** What `receive` is told first: the files and folders that are about to come, which are incomplete until all is there. */
export const isAnnouncement = object({ coming: listOf(word) });

/** What follows the bytes of a file. */
export const isDigest = object({ sha256: word });

export type FileAnswer = Of<typeof isFileAnswer>;
export const isFileAnswer = tagged({
  /** It is there, or has come there, with this hash of what was read from the disk. */
  File: { path: word, size: count, sha256: word },
  /** Its bytes follow, and a line with their hash. */
  Content: { path: word, size: count },
  Absent: { path: word },
  /** With a code of the error catalogue; the last answer. */
  Failed: { path: word, code: word, message: word },
  /** Now and then, so that nothing in between takes a long computation for a dead connection. */
  Alive: {},
});
