import type { StepRow } from './groups.ts'

/** A step's progress: `3/11`; for large totals such as bytes `27%`, for an image `27% of 45.6 MB`. Empty if unknown. */
export function amountText({ info, progress }: StepRow): string {
  const { done = 0, total = 0 } = progress ?? {}
  if (total <= 0) return ''
  if (total <= 999) return `${done}/${total}`
  const part = `${Math.floor(Math.min(1, done / total) * 100)}%`
  return info.verb === 'pull' || info.verb === 'push' ? `${part} of ${sizeText(total)}` : part
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Formats bytes with three digits, in the decimal units of the docker command line. */
function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${UNITS[power]}`
}
