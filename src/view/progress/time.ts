/** Formats a duration: `0.3 s`, `42.0 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(ms: number): string {
  if (ms < 59_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Formats an age as `docker ps` does, which rounds hours: `About a minute ago`, `3 days ago`. */
export function ago(seconds: number): string {
  return `${agoText(seconds)} ago`
}

function agoText(seconds: number): string {
  if (seconds < 1) return 'Less than a second'
  if (seconds < MINUTE) return counted(Math.floor(seconds), 'second')
  if (seconds < 2 * MINUTE) return 'About a minute'
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} minutes`
  const hours = Math.floor(seconds / HOUR + 0.5)
  if (hours < 2) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  if (hours < 14 * 24) return `${Math.floor(hours / 24)} days`
  if (hours < 60 * 24) return `${Math.floor(hours / 24 / 7)} weeks`
  if (hours < 730 * 24) return `${Math.floor(hours / 24 / 30)} months`
  return `${Math.floor(seconds / HOUR / 24 / 365)} years`
}

/** `1 step`, `2 steps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
