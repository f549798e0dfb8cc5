/**
 * The part of the protocol buffers wire format (https://protobuf.dev/programming-guides/encoding/) that the builder's messages use.
 * Reading a message yields lists of raw values by field number; string and message fields are left as bytes.
 */
export type Fields = Map<number, (Uint8Array | number)[]>

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

export function readFields(bytes: Uint8Array): Fields {
  const fields: Fields = new Map()
  const cursor = { bytes, at: 0 }
  while (cursor.at < bytes.length) {
    const tag = readVarint(cursor)
    const value = readValue(cursor, tag & 7)
    const field = tag >>> 3
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return fields
}

export function text(fields: Fields, field: number): string {
  const value = fields.get(field)?.at(-1)
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
}

/** A numeric field; 0 if it is absent. */
export function number(fields: Fields, field: number): number {
  const value = fields.get(field)?.at(-1)
  return typeof value === 'number' ? value : 0
}

export function flag(fields: Fields, field: number): boolean {
  return fields.get(field)?.at(-1) === 1
}

export function messages(fields: Fields, field: number): Fields[] {
  return (fields.get(field) ?? []).filter((value) => value instanceof Uint8Array).map(readFields)
}

type SingleValue = string | Uint8Array | number | bigint

/** A list is a repeated field. */
export type FieldValue = SingleValue | readonly SingleValue[]

/** Writes a message from values by field number: strings and bytes, or numbers (varints). The format omits empty values and zeroes. */
export function writeFields(values: Record<number, FieldValue>): Uint8Array {
  const written = Object.entries(values).flatMap(([field, value]) =>
    (isList(value) ? value : [value]).flatMap((each) => writeField(Number(field), each)),
  )
  return Buffer.concat(written)
}

function isList(value: FieldValue): value is readonly SingleValue[] {
  return Array.isArray(value)
}

function writeField(field: number, value: SingleValue): Uint8Array[] {
  if (typeof value === 'number' || typeof value === 'bigint')
    return BigInt(value) === 0n ? [] : [Buffer.from([...varint((field << 3) | VARINT), ...varint(value)])]
  const content = Buffer.from(value)
  if (content.length === 0) return []
  return [Buffer.from([...varint((field << 3) | LENGTH_DELIMITED), ...varint(content.length)]), content]
}

interface Cursor {
  bytes: Uint8Array
  at: number
}

function readVarint(cursor: Cursor): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) throw new Error('the builder sent a message that ends too early')
    value += (byte & 127) * scale
    if (byte < 128) return value
  }
}

function readValue(cursor: Cursor, wireType: number): Uint8Array | number {
  if (wireType === VARINT) return readVarint(cursor)
  const length = lengthOf(cursor, wireType)
  cursor.at += length
  if (cursor.at > cursor.bytes.length) throw new Error('the builder sent a message that ends too early')
  return cursor.bytes.subarray(cursor.at - length, cursor.at)
}

function lengthOf(cursor: Cursor, wireType: number): number {
  if (wireType === LENGTH_DELIMITED) return readVarint(cursor)
  if (wireType === FIXED64) return 8
  if (wireType === FIXED32) return 4
  throw new Error(`the builder sent a message of an unknown wire type ${wireType}`)
}

function varint(value: number | bigint): number[] {
  const bytes: number[] = []
  let left = BigInt(value)
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  return [...bytes, Number(left)]
}
