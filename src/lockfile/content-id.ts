import { createHash } from 'node:crypto'
import { isMapping } from '../util/object.ts'

/**
 * The parts of an image that are the same on every engine and in every store. An image's id is not: it is the digest of its
 * configuration in graph drivers, and in containerd's store that of a manifest, which depends on how its layers are compressed.
 */
export interface ImageContent {
  os: string
  architecture: string
  variant?: string
  /** RFC 3339. */
  created?: string
  /** The digests of the uncompressed layers, the lowest first. */
  layers: readonly string[]
  /** With the keys of the OCI image configuration: `Env`, `Cmd`, … */
  config: Readonly<Record<string, unknown>>
}

/** `content-v1:` and 64 hexadecimal digits. A change of what is hashed needs another version. */
export function contentId(content: ImageContent): string {
  const text = JSON.stringify([
    content.os,
    content.architecture,
    content.variant ?? '',
    plainTime(content.created),
    content.layers,
    CONFIG.map((key) => normal(key, content.config[key])),
  ])
  return `content-v1:${createHash('sha256').update(text).digest('hex')}`
}

export function isContentId(text: string): boolean {
  return /^content-v1:[0-9a-f]{64}$/.test(text)
}

/** Reads the configuration file of an image in an archive or a registry, the JSON parsed; undefined if it is none. */
export function contentOfConfigFile(file: unknown): ImageContent | undefined {
  if (!isMapping(file) || !isMapping(file.rootfs)) return undefined
  const { os, architecture, variant, created, config } = file
  const layers = file.rootfs.diff_ids
  if (!isText(os) || !isText(architecture) || !isTexts(layers)) return undefined
  return {
    os,
    architecture,
    ...(isText(variant) && variant !== '' && { variant }),
    ...(isText(created) && { created }),
    layers,
    config: isMapping(config) ? config : {},
  }
}

/**
 * The OCI fields and Docker's three additions. Older engines also report fields of containers: with the classic builder `Image` is
 * the id of an intermediate image, which newer engines do not report. `ArgsEscaped` has a meaning on Windows only.
 */
const CONFIG =
  `Cmd Entrypoint Env ExposedPorts Healthcheck Labels OnBuild Shell StopSignal User Volumes WorkingDir`.split(' ')

/** Engines report what is empty as null, as an empty text or list, or not at all. Keys are sorted; lists keep their order. */
function normal(key: string, value: unknown): unknown {
  const whole = isText(value) && LISTS.has(key) ? [value] : value
  return isEmpty(whole) ? null : inside(whole)
}

/** Old images hold one text instead of a list. */
const LISTS = new Set(['Cmd', 'Entrypoint'])

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside)
  if (!isMapping(value)) return value
  const keys = Object.keys(value).sort()
  return keys.flatMap((key) => (isUnset(value[key]) ? [] : [[key, inside(value[key])]]))
}

/** An empty text is the value of a label; an empty object is the value of a port. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === 0
}

function isEmpty(value: unknown): boolean {
  if (isUnset(value) || value === '' || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return isMapping(value) && Object.keys(value).length === 0
}

/** Engines drop trailing zeros of the fraction, and report the year 1 where an image has no time. */
function plainTime(time = ''): string {
  if (time.startsWith('0001-01-01T')) return ''
  return time
    .replace(/\.(\d*?)0*(?=Z|[+-]|$)/, (_, digits: string) => (digits ? `.${digits}` : ''))
    .replace(/[+-]00:00$/, 'Z')
}

const isText = (value: unknown): value is string => typeof value === 'string'

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
