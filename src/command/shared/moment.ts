import { parseDuration } from '../../cli/duration.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'

/**
 * Parses a time in the syntax of `docker logs --since`: a duration such as `10m` becomes the Unix time that long ago; seconds and
 * RFC 3339 stay unchanged.
 */
export function moment(flag: string, text: string, now: number): string {
  if (/^\d{9,}(\.\d+)?$/.test(text)) return text
  const ago = parseDuration(text)
  if (ago !== undefined) return unixSeconds(now - ago)
  const date = Date.parse(text)
  if (!Number.isNaN(date)) return unixSeconds(date)
  throw new StackError([
    error('usage', `${flag} needs a duration such as 10m or a date such as 2026-01-02T13:00:00Z, not "${text}"`),
  ])
}

/** Milliseconds since the epoch as Unix seconds with a fraction. */
export function unixSeconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
