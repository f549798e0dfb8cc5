/** `0.3 s`, `42.0 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(ms: number): string {
  if (ms < 59_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago, in the words of `docker ps`: `About a minute ago`, `3 days ago`. */
export function ago(seconds: number): string {
  if (seconds < 1) return 'Less than a second ago'
  if (seconds < MINUTE) return `${counted(Math.floor(seconds), 'second')} ago`
  if (seconds < 2 * MINUTE) return 'About a minute ago'
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} minutes ago`
  if (seconds < 2 * HOUR) return 'About an hour ago'
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} hours ago`
  if (seconds < 14 * DAY) return `${Math.floor(seconds / DAY)} days ago`
  if (seconds < 60 * DAY) return `${Math.floor(seconds / (7 * DAY))} weeks ago`
  if (seconds < 730 * DAY) return `${Math.floor(seconds / (30 * DAY))} months ago`
  return `${Math.floor(seconds / (365 * DAY))} years ago`
}

/** `1 step`, `2 steps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
