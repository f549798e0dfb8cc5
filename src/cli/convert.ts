import { parseDuration } from './duration.ts'
import type { Flag } from './flag.ts'

/** Converts a flag's text to its value, or returns the error. */
export function convert(flag: Flag, text: string | undefined): { value: unknown } | { wrong: string } {
  if (flag.type === 'boolean') return convertBoolean(text)
  if (text === undefined) return { wrong: 'needs a value' }
  if (flag.type === 'number')
    return /^\d+$/.test(text) ? { value: Number(text) } : { wrong: `needs a whole number, not "${text}"` }
  if (flag.type === 'integer')
    return /^[+-]?\d+$/.test(text) ? { value: Number(text) } : { wrong: `needs a whole number, not "${text}"` }
  if (flag.type === 'duration') return convertDuration(text)
  if (flag.choices && !flag.choices.includes(text))
    return { wrong: `must be one of ${flag.choices.join(', ')}, not "${text}"` }
  return { value: text }
}

function convertBoolean(text: string | undefined): { value: boolean } | { wrong: string } {
  if (text === undefined || /^(true|t|1)$/i.test(text)) return { value: true }
  return /^(false|f|0)$/i.test(text) ? { value: false } : { wrong: `must be true or false, not "${text}"` }
}

function convertDuration(text: string): { value: number } | { wrong: string } {
  const value = parseDuration(text)
  return value === undefined ? { wrong: `needs seconds or a duration such as 1m30s, not "${text}"` } : { value }
}
