import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * Messages as plain objects, and their encoding as protocol buffers by a table of fields. ADR 0023 says why the tables are written by
 * hand. `int64` holds enumerations and booleans too. A field is one value or, when repeated, a list.
 */
type Kind = 'int64' | 'float' | 'string' | 'bytes' | Fields;
/** An interface, since an alias could not refer to itself. */
interface Field {
  /** Number of the field. */
  readonly 0: number;
  readonly 1: Kind;
}
export type Fields = Readonly<Record<string, Field>>;

/** The bytes of a message. They depend on the message alone; fields that the table lacks, and undefined ones, are left out. */
export function encode(fields: Fields, message: object): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  write(writer, fields, message);
  return writer.finish();
}

function write(writer: BinaryWriter, fields: Fields, message: object): void {
  for (const [name, value] of Object.entries(message) as [string, unknown][]) {
    const field = fields[name];
    if (field === undefined || value === undefined) continue;
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) writeItem(writer, field, item);
  }
}

function writeItem(writer: BinaryWriter, { 0: number, 1: kind }: Field, item: unknown): void {
  if (kind === 'int64') writer.tag(number, WireType.Varint).int64(Number(item));
  else if (kind === 'float') writer.tag(number, WireType.Bit32).float(item as number);
  else if (kind === 'string') writer.tag(number, WireType.LengthDelimited).string(item as string);
  else if (kind === 'bytes') writer.tag(number, WireType.LengthDelimited).bytes(item as Uint8Array);
  else {
    writer.tag(number, WireType.LengthDelimited).fork();
    write(writer, kind, item as object);
    writer.join();
  }
}
