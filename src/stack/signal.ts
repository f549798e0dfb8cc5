import { didYouMean } from '../diagnostics/suggest.ts'

/** The signals of Linux by number (signal(7), x86 and ARM); real-time signals start at 34, as in C libraries. */
const NUMBERS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  IOT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  POLL: 29,
  PWR: 30,
  SYS: 31,
}

/** Their names, without the real-time ones. */
export const SIGNALS: readonly string[] = Object.keys(NUMBERS).map((name) => `SIG${name}`)

const RTMIN = 34
const RTMAX = 64
/** Engines accept real-time signal names up to these distances from either end. */
const FROM_RTMIN = 15
const FROM_RTMAX = 14

/**
 * The number of a signal in an engine's syntax: a number, or a name with or without `SIG`, in any case: `9`, `KILL`, `sigkill`,
 * `SIGRTMIN+3`. Undefined if invalid.
 */
export function signalNumber(text: string): number | undefined {
  if (/^\+?\d+$/.test(text)) return isNumber(Number(text)) ? Number(text) : undefined
  const name = text.toUpperCase().replace(/^SIG/, '')
  return NUMBERS[name] ?? realTime(name)
}

/** A hint for an unknown signal name; there is none for numbers. */
export function signalHint(text: string): string {
  const name = text.toUpperCase().replace(/^SIG/, '')
  const near = /^\d*$/.test(name) ? undefined : didYouMean(name, Object.keys(NUMBERS))
  return near ?? 'a name such as TERM, SIGHUP or RTMIN+3, or a number from 1 to 64'
}

function isNumber(number: number): boolean {
  return (number >= 1 && number <= 31) || (number >= RTMIN && number <= RTMAX)
}

function realTime(name: string): number | undefined {
  const [, end, count = '0'] = /^RT(MIN(?=$|\+)|MAX(?=$|-))(?:[+-]([1-9]\d?))?$/.exec(name) ?? []
  const many = Number(count)
  if (end === 'MIN' && many <= FROM_RTMIN) return RTMIN + many
  return end === 'MAX' && many <= FROM_RTMAX ? RTMAX - many : undefined
}
