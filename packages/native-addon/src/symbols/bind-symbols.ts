import { open, realpath } from 'node:fs/promises';
import { type DynamicTables, readTables, RELOCATION_SIZE, symbolAt } from './elf.ts';

const [R_64, R_GLOB_DAT, R_JUMP_SLOT, R_RELATIVE] = [1, 6, 7, 8];
/** Symbols of which a process must have one, and those whose value is not their address. */
const [STB_GNU_UNIQUE, STT_TLS, STT_GNU_IFUNC] = [10, 6, 10];
/** Sections from here on are none. */
const SHN_LORESERVE = 0xff00;

interface Loaded {
  readonly path: string;
  readonly tables: DynamicTables;
  /** Of the symbols that it defines for others. */
  readonly names: ReadonlySet<string>;
}

/**
 * Writes into shared libraries what the dynamic linker would find at each start of a process: each reference of a library to a symbol that
 * it defines itself, and nothing else in the process does, becomes an address in it (ADR 31). Everything resolves as before. Done again, it
 * changes nothing. Where one of the files has no tables that can be read, as those for another processor than AMD64, all are left as
 * they are.
 * @param libraries paths; written in place
 * @param loaded paths of all that is in a process that has loaded them: the program, its libraries, these too or not
 * @returns number of references that were bound
 * @throws Error when a file cannot be read or a table is damaged; nothing is written then
 */
export async function bindSymbols(libraries: readonly string[], loaded: readonly string[]): Promise<number> {
  const own = await Promise.all(libraries.map((path) => realpath(path)));
  const all = await Promise.all(loaded.map((path) => realpath(path)));
  const read: Loaded[] = [];
  for (const path of new Set([...own, ...all])) {
    const tables = await tablesOf(path);
    // What it has could be meant.
    if (tables === undefined) return 0;
    read.push({ path, tables, names: new Set(tables.exported.map((index) => symbolAt(tables, index).name)) });
  }
  let sum = 0;
  const changed: Loaded[] = [];
  for (const library of read.filter(({ path }) => own.includes(path))) {
    const others = read.filter((other) => other !== library);
    const bound = bindRelocations(library.tables, (name) => others.some(({ names }) => names.has(name)));
    if (bound > 0) changed.push(library);
    sum += bound;
  }
  for (const library of changed) await write(library);
  return sum;
}

/** The tables of a file. @throws Error when it cannot be read, or its tables are damaged */
export async function tablesOf(path: string): Promise<DynamicTables | undefined> {
  const file = await open(path, 'r');
  try {
    return await readTables(async (offset, length) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}

async function write({ path, tables: { relocations } }: Loaded): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (const { offset, bytes } of relocations) await file.write(bytes, 0, bytes.length, offset);
  } finally {
    await file.close();
  }
}

/** Changes the relocations of the tables in place. @returns how many */
function bindRelocations(tables: DynamicTables, isElsewhere: (name: string) => boolean): number {
  const addresses = new Map<number, bigint | undefined>();
  const addressOf = (index: number): bigint | undefined => {
    if (!addresses.has(index)) addresses.set(index, ownAddress(tables, index, isElsewhere));
    return addresses.get(index);
  };
  let bound = 0;
  for (const { bytes } of tables.relocations) {
    for (let at = 0; at < bytes.length; at += RELOCATION_SIZE) {
      const type = bytes.readUInt32LE(at + 8);
      if (type !== R_64 && type !== R_GLOB_DAT && type !== R_JUMP_SLOT) continue;
      const address = addressOf(bytes.readUInt32LE(at + 12));
      if (address === undefined) continue;
      const addend = type === R_64 ? bytes.readBigInt64LE(at + 16) : 0n;
      bytes.writeBigUInt64LE(BigInt(R_RELATIVE), at + 8);
      bytes.writeBigInt64LE(BigInt.asIntN(64, address + addend), at + 16);
      bound += 1;
    }
  }
  return bound;
}

/** The address, in its library, of a symbol that only the library defines. */
function ownAddress(tables: DynamicTables, index: number, isElsewhere: (name: string) => boolean): bigint | undefined {
  const { name, section, value, binding, type } = symbolAt(tables, index);
  if (section === 0 || section >= SHN_LORESERVE) return undefined;
  if (binding === STB_GNU_UNIQUE || type === STT_TLS || type === STT_GNU_IFUNC) return undefined;
  return isElsewhere(name) ? undefined : value;
}
