/** What is read of a shared library for the dynamic linker: ELF-64, little-endian (System V ABI, chapter 5; psABI for AMD64). */

/** Reads `length` bytes at a place of the file. */
type ReadAt = (offset: number, length: number) => Promise<Buffer>;

export interface DynamicTables {
  /** Relocations with addends that the linker makes when it loads the file, by their place in it; 24 bytes each. */
  readonly relocations: readonly { readonly offset: number; readonly bytes: Buffer }[];
  /** Dynamic symbols, 24 bytes each. */
  readonly symbols: Buffer;
  /** Names of symbols, each ended by a zero byte. */
  readonly strings: Buffer;
  /** Indexes of the symbols that the library defines for others. */
  readonly exported: readonly number[];
}

/** One dynamic symbol. */
export interface DynamicSymbol {
  readonly name: string;
  /** Section; 0 where the library does not define it. */
  readonly section: number;
  readonly value: bigint;
  /** STB_... */
  readonly binding: number;
  /** STT_... */
  readonly type: number;
}

const SYMBOL_SIZE = 24;
export const RELOCATION_SIZE = 24;

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const AMD64 = 62;
const HEADER_SIZE = 64;
const SEGMENT_SIZE = 56;
const [PT_LOAD, PT_DYNAMIC] = [1, 2];
const DT = {
  PLTRELSZ: 2,
  STRTAB: 5,
  SYMTAB: 6,
  RELA: 7,
  RELASZ: 8,
  STRSZ: 10,
  JMPREL: 23,
  BIND_NOW: 24,
  FLAGS: 30,
  GNU_HASH: 0x6ffffef5,
  FLAGS_1: 0x6ffffffb,
} as const;
const [DF_BIND_NOW, DF_1_NOW] = [8, 1];

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * The dynamic linker's tables of a library or program.
 * @returns undefined where the file is none for AMD64, or has no such table
 */
export async function readTables(readAt: ReadAt): Promise<DynamicTables | undefined> {
  const header = await readAt(0, HEADER_SIZE);
  if (header.length < HEADER_SIZE || !header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (header.readUInt16LE(18) !== AMD64) return undefined;
  const segments = await readSegments(readAt, header);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return undefined;
  const entries = readDynamic(await readAt(dynamic.offset, dynamic.size));
  const place = (address: number): number => {
    const segment = segments.find(({ type, address: start, size }) => {
      return type === PT_LOAD && address >= start && address < start + size;
    });
    if (segment === undefined) throw new Error(`no segment holds the address ${address}`);
    return address - segment.address + segment.offset;
  };
  const [symbolTable, stringTable, hash] = [DT.SYMTAB, DT.STRTAB, DT.GNU_HASH].map((key) => entries.get(key));
  if (symbolTable === undefined || stringTable === undefined || hash === undefined) return undefined;

  const tables: [number, number][] = [[DT.RELA, DT.RELASZ]];
  // Those of calls are otherwise made one by one, at the first call, and only of the type that they have.
  if (isBoundAtOnce(entries)) tables.push([DT.JMPREL, DT.PLTRELSZ]);
  const relocations = [];
  for (const [table, length] of tables) {
    const [address, size] = [entries.get(table), entries.get(length)];
    if (address === undefined || size === undefined) continue;
    relocations.push({ offset: place(address), bytes: await readAt(place(address), size) });
  }
  const exported = await readExported(readAt, place(hash));
  if (exported === undefined) return undefined;
  const count = Math.max(0, ...lastOf(relocations, exported)) + 1;
  return {
    relocations,
    symbols: await readAt(place(symbolTable), count * SYMBOL_SIZE),
    strings: await readAt(place(stringTable), entries.get(DT.STRSZ) ?? 0),
    exported,
  };
}

/** A symbol by its index. */
export function symbolAt({ symbols, strings }: DynamicTables, index: number): DynamicSymbol {
  const at = index * SYMBOL_SIZE;
  const start = symbols.readUInt32LE(at);
  const info = symbols.readUInt8(at + 4);
  return {
    name: strings.toString('latin1', start, strings.indexOf(0, start)),
    section: symbols.readUInt16LE(at + 6),
    value: symbols.readBigUInt64LE(at + 8),
    binding: info >> 4,
    type: info & 15,
  };
}

async function readSegments(readAt: ReadAt, header: Buffer): Promise<Segment[]> {
  const count = header.readUInt16LE(56);
  const table = await readAt(Number(header.readBigUInt64LE(32)), count * SEGMENT_SIZE);
  return Array.from({ length: count }, (_, index) => {
    const at = index * SEGMENT_SIZE;
    return {
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32)),
    };
  });
}

function readDynamic(table: Buffer): Map<number, number> {
  const entries = new Map<number, number>();
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const key = Number(table.readBigInt64LE(at));
    if (key === 0) break;
    entries.set(key, Number(table.readBigUInt64LE(at + 8)));
  }
  return entries;
}

const isBoundAtOnce = (entries: ReadonlyMap<number, number>): boolean =>
  entries.has(DT.BIND_NOW) ||
  ((entries.get(DT.FLAGS) ?? 0) & DF_BIND_NOW) !== 0 ||
  ((entries.get(DT.FLAGS_1) ?? 0) & DF_1_NOW) !== 0;

/** The symbols in the table by which the linker looks names up: those that are defined. Undefined where the table has no end. */
async function readExported(readAt: ReadAt, offset: number): Promise<number[] | undefined> {
  const head = await readAt(offset, 16);
  const [bucketCount, first, filterSize] = [head.readUInt32LE(0), head.readUInt32LE(4), head.readUInt32LE(8)];
  const chainsAt = offset + 16 + filterSize * 8 + bucketCount * 4;
  const buckets = await readAt(chainsAt - bucketCount * 4, bucketCount * 4);
  let last = 0;
  for (let bucket = 0; bucket < bucketCount; bucket += 1) last = Math.max(last, buckets.readUInt32LE(bucket * 4));
  if (last < first) return [];
  // The chain of the last bucket, which is the last of all, ends with an odd number.
  const chunk = 1024;
  for (let index = last; ; index += chunk) {
    const chain = await readAt(chainsAt + (index - first) * 4, chunk * 4);
    for (let i = 0; i * 4 + 4 <= chain.length; i += 1) {
      if ((chain.readUInt32LE(i * 4) & 1) === 0) continue;
      return Array.from({ length: index + i - first + 1 }, (_, n) => first + n);
    }
    if (chain.length < chunk * 4) return undefined;
  }
}

/** The greatest index of a symbol in each table. */
function lastOf(relocations: DynamicTables['relocations'], exported: readonly number[]): number[] {
  const lasts = relocations.map(({ bytes }) => {
    let last = 0;
    for (let at = 12; at < bytes.length; at += RELOCATION_SIZE) last = Math.max(last, bytes.readUInt32LE(at));
    return last;
  });
  return [...lasts, exported.at(-1) ?? 0];
}
