/** Nanoseconds per unit. Go's time.ParseDuration supports units up to hours; `docker compose` also accepts days and weeks. */
const DURATION_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 24 * 3600e9,
  w: 7 * 24 * 3600e9,
}

const DURATION = /^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w)/

/** Parses a duration such as `1h30m`, `1.5s` or `500ms` into nanoseconds; undefined if it is invalid. A number needs a unit, except 0. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  let rest = text
  let total = 0
  while (rest !== '') {
    const [part] = DURATION.exec(rest) ?? []
    if (part === undefined) return undefined
    total += Number.parseFloat(part) * (DURATION_UNITS[part.replace(/^[\d.]+/, '')] ?? 0)
    rest = rest.slice(part.length)
  }
  return text === '' ? undefined : Math.round(total)
}

/** Formats nanoseconds as Go's time.Duration: `1m30s`, `1h0m0s`, `1.5s`, `500ms`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1e3) return `${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`
  const hours = Math.floor(nanoseconds / 3600e9)
  const minutes = Math.floor((nanoseconds % 3600e9) / 60e9)
  const seconds = `${(nanoseconds % 60e9) / 1e9}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

/** Converts a duration in canonical form to milliseconds; throws on anything else, since loading has checked it. */
export function milliseconds(duration: string): number {
  const nanoseconds = parseDuration(duration)
  if (nanoseconds === undefined) throw new RangeError(`not a duration: ${duration}`)
  return nanoseconds / 1e6
}

/** Powers of 1024, whatever the spelling: `k`, `kb` and `kib` are equal (docker/go-units, RAMInBytes). */
const SIZE = /^((?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/i
const POWERS = 'kmgtp'

/** Parses a size such as `64m`, `1.5g`, `512` or `1gb` into bytes, rounded down; undefined if it is invalid. */
export function parseSize(text: string): number | undefined {
  const [, amount, unit] = SIZE.exec(text.trim()) ?? []
  if (amount === undefined) return undefined
  const power = unit === undefined ? 0 : POWERS.indexOf(unit.toLowerCase()) + 1
  return Math.floor(Number(amount) * 1024 ** power)
}

/** Converts a size in canonical form to bytes; throws on anything else, since loading has checked it. */
export function bytes(size: string): number {
  const value = size === '-1' ? -1 : parseSize(size)
  if (value === undefined) throw new RangeError(`not a size: ${size}`)
  return value
}
